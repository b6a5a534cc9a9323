from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns.planning import campaigns
        from giftshop.studio.brand import planned_amounts

        planned_amounts.ask(campaigns.have_amounts, forget=campaigns.forget_link_amounts)
