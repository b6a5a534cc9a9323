"""Offers in the studio, under /studio/<brand>/offers/."""

from django.urls import path

from giftshop.studio.offers import views

urlpatterns = [
    path("", views.offer_list, name="studio_offers"),
    path("new/", views.new_offer, name="studio_new_offer"),
    path("<uuid:offer_id>/", views.offer, name="studio_offer"),
    path("<uuid:offer_id>/change/", views.change_offer, name="studio_offer_change"),
    path("<uuid:offer_id>/pause/", views.pause, name="studio_offer_pause"),
    path("<uuid:offer_id>/qr.svg", views.offer_qr, name="studio_offer_qr"),
]
