"""Stores of a brand, under /studio/<brand>/stores/."""

from django.urls import path

from giftshop.studio.stores import views

urlpatterns = [
    path("", views.stores, name="studio_stores"),
    path("new/", views.new_store, name="studio_new_store"),
    path("<slug:slug>/", views.store, name="studio_store"),
    path("<slug:slug>/sold-out/", views.sold_out, name="studio_sold_out"),
]
