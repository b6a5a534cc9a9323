"""Opening a shop for oneself, under /open/."""

from django.urls import path

from giftshop.operator.self_service import views

urlpatterns = [
    path("open/", views.self_service, name="self_service"),
    path("open/code/", views.self_service_code, name="self_service_code"),
    path("open/brand/", views.own_brand, name="own_brand"),
]
