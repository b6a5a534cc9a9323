from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "giftshop.orders"

    def ready(self) -> None:
        from giftshop.orders.gift_links import code_of_link
        from redemption import code_links

        code_links.register(code_of_link)
