from django.urls import include, path

from giftshop.giving import pay, views

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
    path("payment/", pay.pay, name="payment"),
]

urlpatterns = [
    path("shop/<slug:brand_slug>/give/", views.give, name="give"),
    path("shop/<slug:brand_slug>/give/<uuid:draft_id>/", include(draft_urls)),
]
