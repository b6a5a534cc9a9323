"""The table of contents. Each app names its own pages."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from giftshop.http.language import language

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("redemption.api.urls")),  # first: tills are waiting
    path("till/manager/", include("giftshop.counter.urls")),
    path("till/", include("redemption.till.urls")),
    path("", include("giftshop.catalog.urls")),
    path("", include("giftshop.notices.urls")),
    path("", include("giftshop.questions.urls")),
    path("", include("giftshop.reviews.urls")),
    path("", include("giftshop.giving.urls")),
    path("", include("giftshop.payments.urls")),
    path("", include("giftshop.delivery.urls")),
    path("", include("giftshop.delivery.texts.urls")),
    path("", include("giftshop.order_page.urls")),
    path("", include("giftshop.gift_page.urls")),
    path("", include("giftshop.offers.urls")),
    path("", include("giftshop.handouts.urls")),
    path("", include("giftshop.privacy.urls")),
    path("", include("giftshop.sign_in.urls")),
    path("", include("giftshop.team.urls")),
    path("", include("giftshop.studio.urls")),
    path("", include("giftshop.pictures.urls")),
    path("", include("giftshop.share_pictures.urls")),
    path("", include("giftshop.previews.urls")),
    path("", include("giftshop.gift_changes.urls")),
    path("", include("campaigns.urls")),
    path("language/", language, name="language"),
    path("", include("giftshop.operator.brands.urls")),
    path("", include("giftshop.operator.support.urls")),
    path("", include("giftshop.operator.self_service.urls")),
    path("", include("giftshop.operator.health")),
    path("", include("giftshop.operator.status_page")),
]

handler400 = "giftshop.http.errors.bad_request"
handler403 = "giftshop.http.errors.forbidden"
handler404 = "giftshop.http.errors.not_found"
handler500 = "giftshop.http.errors.server_error"

if settings.DEBUG:
    from giftshop.gallery import gallery

    urlpatterns.append(path("design/", gallery, name="gallery"))
