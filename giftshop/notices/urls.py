from django.urls import path

from giftshop.notices import views

urlpatterns = [
    path("shop/<slug:brand_slug>/terms/", views.terms, name="terms"),
    path(
        "shop/<slug:brand_slug>/terms/<uuid:version_id>/", views.terms_version, name="terms_version"
    ),
    path("shop/<slug:brand_slug>/privacy/", views.privacy, name="privacy"),
    path("shop/<slug:brand_slug>/accessibility/", views.accessibility, name="accessibility"),
]
