"""Somebody whose name, words and addresses stand wherever the product keeps any, and a look for them."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Brand
from giftshop.catalog.models import Treat
from giftshop.delivery.models import Delivery
from giftshop.gift_page.open import open_gift
from giftshop.gift_page.thanks import say_thanks
from giftshop.orders.models import Gift
from giftshop.outbox import relay
from giftshop.reviews.write import Said, write
from redemption.models import Device
from redemption.redeem.redeem import redeem
from tests.cast import Place, line, pay, symbols
from tests.giftshop.giving.steps import ready_draft
from tests.test_security_table import HOLDS_TEXT

NAME, ADDRESS = "Zorblatt Quixley", "zorblatt@quixley.example"
CANARIES = ("zorblatt", "quixley", "wordsforonlyone", "thanksforonlyone", "saidbyonlyone")


def columns() -> list[tuple[str, str]]:
    """Each that holds text or bytes, or several of these: (table, column)."""
    kinds = (*HOLDS_TEXT, models.TextField)
    return sorted(
        {
            (model._meta.db_table, str(field.column))
            for model in apps.get_models(include_auto_created=True)
            for field in model._meta.concrete_fields
            if isinstance(getattr(field, "base_field", field), kinds)
        }
    )


def found(*words: str) -> set[str]:
    """Columns in which one of these stands, in plain, in any case."""
    where = set()
    with connection.cursor() as cursor:
        for table, column in columns():
            for word in words:
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{table}" t WHERE position(%s in lower('
                    f"convert_from(convert_to(t.\"{column}\"::text, 'UTF8'), 'UTF8'))) > 0"
                    f" OR position(encode(%s::bytea, 'hex') in t.\"{column}\"::text) > 0)",
                    [word, word.encode()],
                )
                if cursor.fetchone()[0]:
                    where.add(f"{table}.{column}")
    return where


@pytest.fixture
def everywhere(brand: Brand, place: Place, treat: Treat, device: Device, client: Client) -> Gift:
    """Their gift: mailed, opened, thanked for, redeemed, reviewed; and a draft of somebody else's."""
    draft = ready_draft(client, brand, treat)
    with scope(brand=brand):
        data = {**draft.data, "pasted": f"Bo <bo@b.example>\nZ., {ADDRESS.upper()}"}
        data["rows"] = [
            {**data["rows"][0], "name": "Z. Quixley", "email": "Zorblatt+x@QUIXLEY.example"},
            *data["rows"][1:],
        ]
        draft.data = data
        draft.save()
    lines = [
        line(treat, NAME, recipient_email=ADDRESS, message="wordsforonlyone, Zorblatt!"),
        line(treat, "Ben"),
    ]
    order = pay(place(lines=lines, draft=draft))
    relay.drain()
    with scope(brand=brand):
        gift = order.gifts.with_everything().get(position=1)
        open_gift(gift_id=gift.pk)
        say_thanks(gift_id=gift.pk, words="thanksforonlyone")
    relay.drain()
    assert gift.code is not None
    answer = redeem(device=device, text=symbols(gift.code), key="k1", picks={"flavour": "mint"})
    assert answer.redeemed, answer
    with scope(brand=brand):
        said = Said(stars=5, words="saidbyonlyone", name="Zorblatt", language="en")
        write(gift_id=gift.pk, said=said, now=timezone.now())
    return gift


def letter_to(gift: Gift) -> Delivery:
    with scope(brand=gift.order.brand):
        return Delivery.objects.get(subject=f"gift:{gift.pk}", purpose="gift")
