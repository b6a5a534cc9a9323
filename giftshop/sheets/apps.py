from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "giftshop.sheets"
