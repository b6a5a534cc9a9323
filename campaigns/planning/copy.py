"""A campaign like another, to begin from."""

from contextlib import suppress
from datetime import datetime
from io import BytesIO
from itertools import count

from django.utils.translation import gettext as _

from campaigns.links import links
from campaigns.models import Campaign
from campaigns.planning import campaigns
from campaigns.shop_page import pictures
from giftshop.http.outside_calls import NoAnswer
from giftshop.pictures import files
from giftshop.pictures.models import Picture
from giftshop.pictures.upload import upload
from redemption.audit.actors import Actor

NAME_LENGTH_MAX = 60


def copy_campaign(*, campaign: Campaign, with_links: bool, by: Actor, now: datetime) -> Campaign:
    """A draft named "... (copy)" that begins today and is as long, with the same promise, treats and, where
    they are wanted, links of the same names; each has an address of its own. No figures and nothing spent go
    along. Expects the brand's scope, and no transaction."""
    today = now.astimezone(campaign.brand.tz).date()
    ends = campaign.ends_on
    with campaigns.turns(campaign.brand):
        copied = campaigns.plan(
            brand=campaign.brand,
            name=_free_name(campaign),
            headline=campaign.headline,
            story=campaign.story,
            art=campaign.art,
            share_texts=campaign.share_texts,
            starts_on=today,
            ends_on=None if ends is None else today + (ends - campaign.starts_on),
            budget=campaign.budget,
            least_recipients=campaign.least_recipients,
            treats=list(campaign.treats.all()),
            is_draft=True,
            copy_of=campaign,
            by=by,
            now=now,
        )
        for link in campaign.links.filter(retired_at=None) if with_links else ():
            links.add(
                campaign=copied,
                channel=link.channel,
                name=link.name,
                treat=link.treat,
                amount=link.amount,
                offer=link.offer,
                by=by,
                now=now,
            )
    with suppress(NoAnswer):  # it is uploaded once more, then
        _copy_picture(campaign, copied, by, now)
    return copied


def _free_name(campaign: Campaign) -> str:
    """Expects its turn."""
    taken = {name.lower() for name in Campaign.objects.values_list("name", flat=True)}
    for number in count(1):
        added = _("(copy)") if number == 1 else _("(copy %(number)d)") % {"number": number}
        name = f"{campaign.name[: NAME_LENGTH_MAX - len(added) - 1].rstrip()} {added}"
        if name.lower() not in taken:
            break
    return name


def _copy_picture(campaign: Campaign, copied: Campaign, by: Actor, now: datetime) -> None:
    """From the uncut file, as another focus is made: the files of both stay apart."""
    kept = pictures.place(campaign).pictures()
    first = kept.filter(state=Picture.State.READY, unused_since=None).first()
    if first and (whole := files.read(first.shown["whole"][-1][2])):
        upload(
            place=pictures.place(copied),
            file=BytesIO(whole),
            alt=first.alt,
            focus=(first.focus_x, first.focus_y),
            by=by,
            now=now,
        )
