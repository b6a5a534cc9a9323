from django.urls import include, path

from giftshop.giving import counter_link, pay, promo, reply, views, zone_list

draft_urls = [
    path("", views.start, name="give-draft"),
    path("who/", views.who, name="give-who"),
    path("who/recipients/", views.recipient, name="give-recipient"),
    path(
        "who/recipients/<slug:key>/removal/", views.recipient_removal, name="give-recipient-removal"
    ),
    path(
        "who/recipients/<slug:key>/correction/",
        views.recipient_correction,
        name="give-recipient-correction",
    ),
    path("who/pasted-recipients/", views.pasted_recipients, name="give-pasted-recipients"),
    path("what/", views.what, name="give-what"),
    path("say/", views.say, name="give-say"),
    path("pay/", views.pay, name="give-pay"),
    path("pay/code/", promo.code, name="give-code"),
    path("payment/", pay.pay, name="payment"),
]

urlpatterns = [
    path("c/<str:signed>/", counter_link.counter_link, name="counter-link"),  # short, for its QR
    path("shop/<slug:brand_slug>/give/", views.give, name="give"),
    path("shop/<slug:brand_slug>/give/zones/", zone_list.found, name="give-zones"),
    path("shop/<slug:brand_slug>/give/reply/", reply.reply, name="give-reply"),
    path("shop/<slug:brand_slug>/give/<uuid:draft_id>/", include(draft_urls)),
]
