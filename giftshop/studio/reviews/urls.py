"""Reviews of recipients in the studio, under /studio/<brand>/reviews/."""

from django.urls import path

from giftshop.studio.reviews import views

urlpatterns = [
    path("", views.reviews, name="studio_reviews"),
    path("<uuid:review_id>/", views.review, name="studio_review"),
    path("<uuid:review_id>/display/", views.display, name="studio_review_display"),
]
