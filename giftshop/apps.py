from django.apps import AppConfig


class GiftshopConfig(AppConfig):
    name = "giftshop"
    label = "giftshop"
