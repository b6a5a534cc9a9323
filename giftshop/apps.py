from django.apps import AppConfig


class GiftshopConfig(AppConfig):
    name = "giftshop"
    label = "giftshop"

    def ready(self) -> None:
        from giftshop.counter import gone_choices
        from redemption.till import sold_out

        sold_out.tell_by(gone_choices.of_gift)
