from django.apps import AppConfig


class GiftshopConfig(AppConfig):
    name = "giftshop"
    label = "giftshop"

    def ready(self) -> None:
        from giftshop.counter import counter_links as of_senders
        from giftshop.counter import treat_facts as of_menu
        from redemption.till import counter_links, treat_facts

        treat_facts.tell_by(of_menu.of_code)
        counter_links.tell_by(of_senders.of_redemption)
