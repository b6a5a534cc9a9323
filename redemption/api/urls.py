from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from redemption.api import docs, views

urlpatterns = [
    path("lookups/", views.LookupView.as_view(), name="api-lookups"),
    path("redemptions/", views.RedemptionView.as_view(), name="api-redemptions"),
    path(
        "redemptions/<uuid:redemption_id>/reversal/",
        views.ReversalView.as_view(),
        name="api-reversal",
    ),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", docs.api_docs, name="api-docs"),
]
