"""The table of contents. Each app names its own pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("redemption.api.urls")),  # first: tills are waiting
    path("till/", include("redemption.till.urls")),
    path("", include("giftshop.catalog.urls")),
    path("", include("giftshop.orders.urls")),
    path("", include("giftshop.delivery.urls")),
    path("", include("giftshop.accounts.urls")),
    path("", include("giftshop.payments.urls")),
    path("", include("campaigns.urls")),
    path("", include("giftshop.health")),
    path("", include("giftshop.status_page")),
]

handler400 = "giftshop.errors.bad_request"
handler403 = "giftshop.errors.forbidden"
handler404 = "giftshop.errors.not_found"
handler500 = "giftshop.errors.server_error"

if settings.DEBUG:
    from giftshop.gallery import gallery

    urlpatterns.append(path("design/", gallery, name="gallery"))
