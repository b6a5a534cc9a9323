from django.urls import path

from giftshop.share_pictures import views

urlpatterns = [path("share/<str:signed>.jpg", views.share_picture, name="share_picture")]
