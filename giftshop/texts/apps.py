from django.apps import AppConfig


class TextsConfig(AppConfig):
    name = "giftshop.texts"
    label = "texts"
