"""Drafts: by going through the give flow as a browser without scripts does, or made as it leaves them."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.giving import drafts
from giftshop.orders.models import Draft
from tests.cast import make_store


def begin(client: Client, brand: Brand, treat: Treat | None = None) -> Draft:
    open_a_store(brand)
    response = client.post(
        reverse("give", args=[brand.slug]), {"treat": treat.slug} if treat else {}
    )
    with scope(brand=brand):
        return Draft.objects.select_related("brand").get(pk=response.url.split("/")[4])


def open_a_store(brand: Brand) -> None:
    """Without one, nothing is sold."""
    with scope(brand=brand):
        if not Store.objects.exists():
            make_store(brand, "pike-street")


def url(draft: Draft, name: str, *more: str) -> str:
    return reverse(f"give-{name}", args=[draft.brand.slug, draft.pk, *more])


def now_in(draft: Draft) -> Draft:
    """The draft as it is in the database."""
    with scope(brand=draft.brand):
        return Draft.objects.select_related("brand").get(pk=draft.pk)


def keys(draft: Draft) -> list[str]:
    return [row["key"] for row in now_in(draft).data["rows"]]


def who_form(draft: Draft, *recipients: dict[str, str], **more: Any) -> dict[str, Any]:
    """What the Who page sends: its rows in order, filled with these recipients."""
    form: dict[str, Any] = {"row": keys(draft), "pasted": "", **more}
    for key, recipient in zip(keys(draft), recipients, strict=False):
        form.update({f"{key}-{name}": value for name, value in recipient.items()})
    return form


BEN = {"name": "Ben", "email": "ben@friends.example"}
CLEO = {"name": "Cleo", "email": "", "by_link": "on"}
SENDER = {"sender_name": "Amy", "sender_email": "amy@senders.example"}


CARD = {"words": "all", "message": "Enjoy!", "design": "love", "when": "now"}


def ready_draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    """Ben by e-mail, Cleo by link, a regular scoop for each, all said: only to be paid.

    As `walk_to_the_end` leaves it, to the letter, without its requests.
    """
    open_a_store(brand)
    session = client.session
    with scope(brand=brand):
        draft = drafts.begin(brand=brand, session=session)
        for row, recipient in zip(draft.data["rows"], (BEN, CLEO), strict=True):
            row.update({"by_link": "", **recipient})
        draft.data |= {"pasted": "", "read": [], "asked": [], "reached": 3}
        draft.data |= {"treats": "all", "choice": f"{treat.slug}:regular", **CARD, **SENDER}
        draft.data["sender_asked"] = SENDER["sender_email"]
        draft.save()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return now_in(draft)


def walk_to_the_end(client: Client, brand: Brand, treat: Treat) -> Draft:
    """The same, by the pages."""
    draft = begin(client, brand, treat)
    client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    client.post(url(draft, "what"), {"treats": "all", "choice": f"{treat.slug}:regular"})
    client.post(url(draft, "say"), {**CARD, **SENDER})
    return now_in(draft)
