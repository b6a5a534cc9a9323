from django.apps import AppConfig


class FriendsConfig(AppConfig):
    name = "giftshop.friends"
