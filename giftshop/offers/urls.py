from django.urls import path

from giftshop.offers import views

urlpatterns = [
    path("o/<slug:slug>/", views.offer, name="offer"),
    path("offer/<str:token>/", views.offer_gift, name="offer-gift"),
]
