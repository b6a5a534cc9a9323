from django.urls import include, path

from giftshop.orders import counter, counter_acts, sender_page, views

draft_urls = [
    path("", views.start, name="give-draft"),
    path("who/", views.who, name="give-who"),
    path("who/friends/", views.friend, name="give-friend"),
    path("who/friends/<slug:key>/removal/", views.friend_removal, name="give-friend-removal"),
    path(
        "who/friends/<slug:key>/correction/", views.friend_correction, name="give-friend-correction"
    ),
    path("who/pasted-friends/", views.pasted_friends, name="give-pasted-friends"),
    path("what/", views.what, name="give-what"),
    path("say/", views.say, name="give-say"),
    path("pay/", views.pay, name="give-pay"),
]

counter_urls = [
    path("", counter.gifts, name="till_manager_gifts"),
    path("<uuid:code_id>/", counter.gift, name="till_manager_gift"),
    path("<uuid:code_id>/hold/", counter_acts.place_hold, name="till_manager_gift_hold"),
    path("<uuid:code_id>/release/", counter_acts.release_hold, name="till_manager_gift_release"),
    path("<uuid:code_id>/extension/", counter_acts.extend, name="till_manager_gift_extension"),
    path("<uuid:code_id>/voiding/", counter_acts.void, name="till_manager_gift_voiding"),
    path("<uuid:code_id>/decision/", counter_acts.decide, name="till_manager_gift_decision"),
]

urlpatterns = [
    path("shop/<slug:brand_slug>/give/", views.give, name="give"),
    path("shop/<slug:brand_slug>/give/<uuid:draft_id>/", include(draft_urls)),
    path("orders/<str:token>/", sender_page.order, name="order"),
    path("till/manager/gifts/", include(counter_urls)),
]
