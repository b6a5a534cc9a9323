from django.urls import path

from giftshop.handouts import views

urlpatterns = [
    path("present/<str:token>/", views.handout_gift, name="handout-gift"),
    path("present/<str:token>/opening/", views.handout_gift_opening, name="handout-gift-opening"),
]
