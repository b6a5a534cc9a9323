from django.urls import path

from giftshop.reviews import views

urlpatterns = [
    path("shop/<slug:brand_slug>/treats/<slug:treat_slug>/reviews/", views.reviews, name="reviews"),
]
