from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "giftshop.orders"
