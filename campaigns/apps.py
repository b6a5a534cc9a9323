from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns.models import Link
        from campaigns.planning import campaigns
        from giftshop.studio.audit import words
        from giftshop.studio.brand import planned_amounts

        planned_amounts.ask(campaigns.have_amounts, forget=campaigns.forget_link_amounts)
        words.call_by_label("channel", Link.Channel.choices)
