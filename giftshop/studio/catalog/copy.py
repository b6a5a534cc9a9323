"""A treat like another, to begin from."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from io import BytesIO

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from giftshop.catalog.models import Treat
from giftshop.http.outside_calls import NoAnswer
from giftshop.pictures import files
from giftshop.pictures.models import Picture
from giftshop.pictures.place import Place
from giftshop.pictures.upload import upload
from giftshop.studio.catalog.changes import add_treat
from giftshop.studio.catalog.contents import contents_of, say_contents
from giftshop.studio.catalog.facts import TreatFacts
from giftshop.studio.catalog.stores import say_stores
from giftshop.team.where import kept
from redemption.audit.actors import Actor

NAME_LENGTH_MAX = 80


def copy_treat(*, treat: Treat, by: Actor, now: datetime) -> Treat:
    """Off the menu, named "… (copy)", with all that is said of the treat, and a picture of its own. Expects
    the brand's scope, and no transaction. Pressed twice it is the same copy, while nobody changed it."""
    brand = treat.brand
    facts = TreatFacts.of(treat, now.astimezone(brand.tz).date())
    said = {
        language: {**words, "name": _named(words["name"], language)} if "name" in words else words
        for language, words in facts.translations.items()
    }
    facts = replace(facts, name=_named(facts.name, brand.language), translations=said)
    with transaction.atomic():
        copied = add_treat(brand=brand, facts=facts, by=by, now=now, is_active=False)
        say_contents(treat=copied, contents=contents_of(treat), by=by, now=now)
        say_stores(treat=copied, where=kept(treat), by=by, now=now)
    _copy_picture(treat, copied, by, now)
    return copied


def _named(name: str, language: str) -> str:
    with translation.override(language):
        added = _("(copy)")
    return f"{name[: NAME_LENGTH_MAX - len(added) - 1].rstrip()} {added}"


def _copy_picture(treat: Treat, copied: Treat, by: Actor, now: datetime) -> None:
    """From the uncut file, as another focus is made: whichever treat gets another picture later, the files of
    both stay apart."""
    shown = treat.picture.get("whole")
    place = Place(copied.brand, Picture.Purpose.TREAT, copied)
    if not shown or place.newest():
        return
    kept = Place(treat.brand, Picture.Purpose.TREAT, treat).pictures()
    first = kept.filter(state=Picture.State.READY, unused_since=None).first()
    with suppress(NoAnswer):  # its picture is uploaded once more, then
        if first and (whole := files.read(shown[-1][2])):
            point = (first.focus_x, first.focus_y)
            upload(place=place, file=BytesIO(whole), alt=first.alt, focus=point, by=by, now=now)
