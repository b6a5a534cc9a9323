from django.urls import path

from giftshop.gift_page import (
    come_back,
    entry,
    give_back,
    reasons,
    review,
    sender_view,
    texts,
    views,
)

urlpatterns = [
    path("gift/<str:token>/", views.show, name="gift"),
    path("gift/<str:token>/stores/", views.stores, name="gift-stores"),
    path("gift/<str:token>/language/", views.language, name="gift-language"),
    path("gift/<str:token>/opening/", views.opening, name="gift-opening"),
    path("gift/<str:token>/opening-code/", entry.opening_code, name="gift-opening-code"),
    path("gift/<str:token>/entry/", entry.entry, name="gift-entry"),
    path("gift/<str:token>/choices/", views.choices, name="gift-choices"),
    path("gift/<str:token>/thanks/", views.thanks, name="gift-thanks"),
    path("gift/<str:token>/sender-view/", sender_view.sender_view, name="gift-sender-view"),
    path("gift/<str:token>/texts/", texts.gift_texts, name="gift-texts"),
    path("gift/<str:token>/come-back/", come_back.gift_come_back, name="gift-come-back"),
    path("gift/<str:token>/return/", give_back.gift_return, name="gift-return"),
    path("gift/<str:token>/reasons/", reasons.gift_reasons, name="gift-reasons"),
    path("gift/<str:token>/review/", review.review, name="gift-review"),
    path("gift/<str:token>/review-removal/", review.review_removal, name="gift-review-removal"),
    path("mail/stop/<str:signed>/", views.stop_mail, name="stop-mail"),
]
