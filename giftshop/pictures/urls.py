from django.urls import path

from giftshop.pictures import views

urlpatterns = [
    path("pictures/<str:folder>/<str:file>", views.picture_file, name="picture_file"),
]
