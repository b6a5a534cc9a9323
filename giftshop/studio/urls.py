"""The studio's rooms. Campaigns have theirs in campaigns/urls.py."""

from django.urls import URLPattern, URLResolver, include, path

from giftshop.studio import views
from giftshop.studio.audit import views as audit
from giftshop.studio.handouts.urls import uploads as list_uploads
from giftshop.studio.opening import views as opening
from giftshop.studio.pictures.urls import uploads
from giftshop.studio.requests import views as requests
from giftshop.studio.rules import views as rules
from giftshop.studio.sheet.urls import uploads as sheet_uploads

brand_urls: list[URLPattern | URLResolver] = [
    path("rules/", rules.rules, name="rules"),
    path("audit/", audit.audit_log, name="audit_log"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<uuid:request_id>/decision/", requests.decision, name="request_decision"),
    path("brand/", include("giftshop.studio.brand.urls")),
    path("opening/", opening.shop_opening, name="shop_opening"),
    path("opening/step/", opening.opening_step, name="opening_step"),
    path("payments-trial/", opening.payments_trial, name="payments_trial"),
    path("", include("giftshop.studio.pictures.urls")),
    path("menu/sheet/", include("giftshop.studio.sheet.urls")),
    path("menu/", include("giftshop.studio.catalog.urls")),
    path("money/", include("giftshop.studio.refunds.urls")),
    path("offers/", include("giftshop.studio.handouts.urls")),
    path("offers/", include("giftshop.studio.offers.urls")),
    path("news/", include("giftshop.studio.news.urls")),
    path("reasons/", include("giftshop.studio.reasons.urls")),
    path("reviews/", include("giftshop.studio.reviews.urls")),
    path("questions/", include("giftshop.studio.questions.urls")),
    path("team/", include("giftshop.studio.team.urls")),
    path("stores/", include("giftshop.studio.stores.urls")),
    path("staff/", include("giftshop.studio.staff.urls")),
    path("devices/", include("giftshop.studio.devices.urls")),
]

urlpatterns = [
    path("uploads/<slug:brand_slug>/", include([*uploads, *sheet_uploads, *list_uploads])),
    path("studio/", views.studio, name="studio"),
    path("studio/<slug:brand_slug>/", include(brand_urls)),
]
