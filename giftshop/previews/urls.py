from django.urls import path

from giftshop.previews import views

urlpatterns = [
    path("studio/<slug:brand_slug>/brand/preview/", views.preview, name="studio_brand_preview"),
    path(
        "studio/<slug:brand_slug>/brand/preview/letter/", views.letter, name="studio_brand_letter"
    ),
]
