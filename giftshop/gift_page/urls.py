from django.urls import path

from giftshop.gift_page import views

urlpatterns = [
    path("gift/<str:token>/", views.show, name="gift"),
    path("gift/<str:token>/opening/", views.opening, name="gift-opening"),
    path("gift/<str:token>/choices/", views.choices, name="gift-choices"),
    path("gift/<str:token>/thanks/", views.thanks, name="gift-thanks"),
    path("mail/stop/<str:signed>/", views.stop_mail, name="stop-mail"),
]
