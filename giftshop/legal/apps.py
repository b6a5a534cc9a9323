from django.apps import AppConfig


class LegalConfig(AppConfig):
    name = "giftshop.legal"
    label = "legal"
