"""Brands of the installation, under /operator/."""

from django.urls import path

from giftshop.operator.brands import views

urlpatterns = [
    path("operator/brands/", views.brands, name="operator_brands"),
    path("operator/brands/new/", views.new_brand, name="operator_new_brand"),
    path("operator/brands/<slug:brand_slug>/", views.brand, name="operator_brand"),
    path(
        "operator/brands/<slug:brand_slug>/approval/",
        views.brand_approval,
        name="operator_brand_approval",
    ),
]
