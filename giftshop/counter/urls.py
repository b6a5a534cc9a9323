"""What the manager's console shows of gifts and treats, under /till/manager/."""

from django.urls import include, path

from giftshop.counter import gift_actions, gifts, sold_out

gift_urls = [
    path("", gifts.gifts, name="till_manager_gifts"),
    path("<uuid:code_id>/", gifts.gift, name="till_manager_gift"),
    path("<uuid:code_id>/repeat/", gift_actions.repeat, name="till_manager_gift_repeat"),
    path(
        "<uuid:code_id>/correction/", gift_actions.correction, name="till_manager_gift_correction"
    ),
    path("<uuid:code_id>/hold/", gift_actions.place_hold, name="till_manager_gift_hold"),
    path("<uuid:code_id>/release/", gift_actions.release_hold, name="till_manager_gift_release"),
    path("<uuid:code_id>/extension/", gift_actions.extend, name="till_manager_gift_extension"),
    path("<uuid:code_id>/voiding/", gift_actions.void, name="till_manager_gift_voiding"),
    path("<uuid:code_id>/decision/", gift_actions.decide, name="till_manager_gift_decision"),
]

urlpatterns = [
    path("gifts/", include(gift_urls)),
    path("sold-out/", sold_out.sold_out, name="till_sold_out"),
]
