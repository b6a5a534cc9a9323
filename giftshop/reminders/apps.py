from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "giftshop.reminders"
