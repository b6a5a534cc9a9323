"""What stands on the page of a campaign: its promise, its treats first, and until when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from brands.shown_picture import ShownPicture
from campaigns.models import Campaign
from giftshop.catalog import menu
from giftshop.catalog.menu import Menu, Offer
from giftshop.catalog.models import Treat


@dataclass(frozen=True)
class Landing:
    campaign: Campaign
    menu: Menu
    treats: list[Treat]
    """What it is about and can be given now, in menu order; the treat that the link leads to stands first."""
    has_more: bool
    """The shop sells other treats, too."""
    is_out: bool
    """None of the treats that it names can be given now: these are the whole menu's."""
    chosen: Offer | None
    """The amount that the link has chosen."""
    picture: ShownPicture
    today: date

    @property
    def ends_today(self) -> bool:
        return self.campaign.ends_on == self.today


def read(
    campaign: Campaign,
    *,
    named: Collection[UUID],
    picture: ShownPicture,
    treat: str = "",
    choice: str = "",
    now: datetime,
) -> Landing:
    """`named`: the treats that it is about, none for all. `treat`, `choice`: a slug and an offer's key, as
    the address of a link says them; what is not on the menu counts for nothing. Expects the brand's scope;
    the queries of a menu (giftshop/catalog/menu.py)."""
    brand = campaign.brand
    today = menu.read(brand, now)
    can_be_had = [each for each in today.treats if each.pk not in today.nowhere.treats]
    own = [each for each in can_be_had if each.pk in named]
    shown = own or can_be_had or today.treats
    led_to = next((each for each in can_be_had if each.slug == treat), None)
    if led_to:
        shown = [led_to, *(each for each in shown if each != led_to)]
    return Landing(
        campaign=campaign,
        menu=today,
        treats=shown,
        has_more=len(shown) < len(today.treats),
        is_out=bool(named) and not own,
        chosen=next(filter(None, (menu.chosen_amount(each, choice) for each in shown)), None),
        picture=picture,
        today=now.astimezone(brand.tz).date(),
    )


def left_out(campaign: Campaign, of_menu: Menu) -> list[Treat]:
    """Treats that it names and that its page leaves out: off the menu, out of season, or sold out in every
    store. One query. Expects the brand's scope."""
    there = {each.pk for each in of_menu.treats} - set(of_menu.nowhere.treats)
    return [each for each in campaign.treats.order_by("position", "name") if each.pk not in there]
