from django.urls import path

from giftshop.questions import views

urlpatterns = [path("shop/<slug:brand_slug>/questions/", views.questions, name="questions")]
