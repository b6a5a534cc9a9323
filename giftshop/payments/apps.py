from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "giftshop.payments"
