"""Going through the give flow as a browser without scripts does: forms in, redirects out."""

from typing import Any

from django.test import Client
from django.urls import reverse
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.catalog.models import Treat
from giftshop.orders.models import Draft
from tests.cast import make_store


def begin(client: Client, brand: Brand, treat: Treat | None = None) -> Draft:
    with scope(brand=brand):
        if not Store.objects.exists():  # without one, nothing is sold
            make_store(brand, "pike-street")
    response = client.post(
        reverse("give", args=[brand.slug]), {"treat": treat.slug} if treat else {}
    )
    with scope(brand=brand):
        return Draft.objects.select_related("brand").get(pk=response.url.split("/")[4])


def url(draft: Draft, name: str, *more: str) -> str:
    return reverse(f"give-{name}", args=[draft.brand.slug, draft.pk, *more])


def now_in(draft: Draft) -> Draft:
    """The draft as it is in the database."""
    with scope(brand=draft.brand):
        return Draft.objects.select_related("brand").get(pk=draft.pk)


def keys(draft: Draft) -> list[str]:
    return [row["key"] for row in now_in(draft).data["rows"]]


def who_form(draft: Draft, *friends: dict[str, str], **more: Any) -> dict[str, Any]:
    """What the Who page sends: its rows in order, filled with these friends."""
    form: dict[str, Any] = {"row": keys(draft), "pasted": "", **more}
    for key, friend in zip(keys(draft), friends, strict=False):
        form.update({f"{key}-{name}": value for name, value in friend.items()})
    return form


BEN = {"name": "Ben", "email": "ben@friends.example"}
CLEO = {"name": "Cleo", "email": "", "by_link": "on"}
SENDER = {"sender_name": "Amy", "sender_email": "amy@senders.example"}


def ready_draft(client: Client, brand: Brand, treat: Treat) -> Draft:
    """Ben by e-mail, Cleo by link, a regular scoop for each, all said: only to be paid."""
    draft = begin(client, brand, treat)
    client.post(url(draft, "who"), who_form(draft, BEN, CLEO))
    client.post(url(draft, "what"), {"treats": "all", "choice": f"{treat.slug}:regular"})
    client.post(
        url(draft, "say"),
        {"words": "all", "message": "Enjoy!", "design": "love", "when": "now", **SENDER},
    )
    return now_in(draft)
