from django.apps import AppConfig


class ReasonsConfig(AppConfig):
    name = "giftshop.reasons"
