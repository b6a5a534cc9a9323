"""The picture of a campaign: uploaded and cut as any other, one of our drawings, or what the shop shows."""

from brands.shown_picture import ShownPicture
from campaigns.models import Campaign
from giftshop.catalog.models import Treat
from giftshop.pictures import drawings
from giftshop.pictures.models import Picture
from giftshop.pictures.place import OfCampaign, Place
from giftshop.share_pictures import of


def place(campaign: Campaign) -> Place:
    """Where its uploads go. Expects the brand's scope wherever it is asked for pictures."""
    known = OfCampaign(campaign.pk, campaign.name, campaign.slug, campaign.art)
    return Place(campaign.brand, Picture.Purpose.CAMPAIGN, campaign=known)


def uploaded(campaign: Campaign) -> ShownPicture:
    """What its page shows of an upload; empty where there is none. One query."""
    return place(campaign).shown()


def share_art(campaign: Campaign, treat: Treat | None, shown: ShownPicture) -> tuple[str, bool]:
    """What stands on its share picture and its posters: the name of an uploaded picture or of a drawing's
    copy, and whether it is a scene that may be cut. Its own first, then the treat's that a link leads to,
    then what stands on top of the shop. No query."""
    own = shown.get("share")
    if own:
        return own[-1][2], True
    if campaign.art:
        scene = is_scene(campaign.art)
        return drawings.copy_of(campaign.art, "preview" if scene else ""), scene
    if treat:
        return of.art_of_treat(treat), bool(treat.picture.get("mail"))
    return of.art_of_shop(campaign.brand), True


def is_scene(art: str) -> bool:
    """Whether a drawing fills a picture to its edges; else it is a thing."""
    return art.endswith("/hero.svg")


def preview(campaign: Campaign, treat: Treat | None, shown: ShownPicture) -> of.Preview:
    """What messengers and networks show beside one of its links: its headline, beside its picture."""
    brand = campaign.brand
    title = campaign.headline or str(treat.said["name"] if treat else brand.said["tagline"])
    art, fills = share_art(campaign, treat, shown)
    return of.campaign(brand, title or brand.name, art, fills=fills)
