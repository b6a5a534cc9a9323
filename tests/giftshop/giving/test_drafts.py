"""Drafts are read strictly, and the same wish has the same fingerprint."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.http import Http404, HttpRequest
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from brands.models import Brand, Store
from core.ids import uuid7
from giftshop.catalog.models import Price, Treat
from giftshop.giving import drafts
from giftshop.giving.recipient_rows import ROWS_MAX
from giftshop.orders import own_drafts
from giftshop.orders.models import Draft, Gift, Order

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def draft(in_brand: Brand, treat: Treat, store: Store) -> Draft:
    row = {
        "key": "00000001",
        "name": " Ben  Okafor ",
        "email": " ben@friends.example",
        "by_link": "",
    }
    link = {"key": "00000002", "name": "Cleo", "email": "typed@before.example", "by_link": "on"}
    empty = {"key": "00000003", "name": " ", "email": "", "by_link": ""}
    data = {
        "rows": [row, link, empty],
        "treats": "all",
        "choice": "double-scoop:large",
        "words": "all",
        "message": "Two lines\r\nof it",
        "design": "birthday",
        "when": "later",
        "date": "2026-03-08",
        "time": "09:00",
        "zone": "America/Los_Angeles",
        "sender_name": "Amy",
        "sender_email": "amy@senders.example ",
    }
    return Draft.objects.create(brand=in_brand, data=data)


def test_a_full_draft_is_read_into_lines(draft: Draft) -> None:
    order = drafts.read(draft, NOW)
    ben, cleo = order.lines
    assert (order.sender_name, order.sender_email) == ("Amy", "amy@senders.example")
    assert (ben.recipient_name, ben.recipient_email) == ("Ben Okafor", "ben@friends.example")
    assert (ben.price.key, ben.message, ben.design) == ("large", "Two lines\nof it", "birthday")
    assert order.total == 1700
    assert cleo.channel == Gift.Channel.LINK


def test_the_day_is_on_the_recipients_clock(draft: Draft) -> None:
    ben = drafts.read(draft, NOW).lines[0]
    assert ben.deliver_at == datetime(2026, 3, 8, 16, tzinfo=UTC)  # clocks went forward that night
    assert ben.time_zone == "America/Los_Angeles"


def test_a_link_carries_neither_address_nor_day(draft: Draft) -> None:
    cleo = drafts.read(draft, NOW).lines[1]
    assert (cleo.recipient_email, cleo.deliver_at) == ("", None)


@pytest.mark.parametrize(
    ("change", "step"),
    [
        ({"rows": []}, "who"),
        ({"pasted": "???"}, "who"),
        ({"choice": "double-scoop:giant"}, "what"),
        ({"choice": ""}, "what"),
        ({"message": "x" * 281}, "say"),
        ({"date": "2026-02-01"}, "say"),
        ({"sender_email": "amy"}, "say"),
    ],
)
def test_the_step_to_go_back_to_is_named(
    draft: Draft, change: dict[str, object], step: str
) -> None:
    draft.data.update(change)
    with pytest.raises(drafts.DraftIncomplete) as incomplete:
        drafts.read(draft, NOW)
    assert incomplete.value.step == step
    assert incomplete.value.message


def test_an_empty_draft_asks_who(in_brand: Brand) -> None:
    with pytest.raises(drafts.DraftIncomplete) as incomplete:
        drafts.read(Draft.objects.create(brand=in_brand))
    assert incomplete.value.step == "who"


def test_a_day_that_passes_while_the_sender_pauses_is_noticed(draft: Draft) -> None:
    with pytest.raises(drafts.DraftIncomplete):
        drafts.read(draft, NOW + timedelta(days=8))


def test_the_fingerprint_stays_while_the_wish_does(draft: Draft) -> None:
    before = drafts.fingerprint(draft)
    draft.data["reached"] = 3
    draft.data["rows"].append({"key": "00000004", "name": "", "email": ""})
    draft.save()
    draft.refresh_from_db()
    assert drafts.fingerprint(draft) == before


@pytest.mark.parametrize("change", [{"message": "Other"}, {"choice": "double-scoop:regular"}])
def test_another_wish_has_another_fingerprint(draft: Draft, change: dict[str, str]) -> None:
    before = drafts.fingerprint(draft)
    draft.data.update(change)
    assert drafts.fingerprint(draft) != before


def test_another_price_has_another_fingerprint(draft: Draft) -> None:
    before = drafts.fingerprint(draft)
    Price.objects.filter(key="large").update(amount=900)
    assert drafts.fingerprint(draft) != before


def test_after_a_cancelled_order_the_same_wish_is_a_new_act(draft: Draft, place: object) -> None:
    before = drafts.fingerprint(draft)
    order = place(draft=draft)  # type: ignore[operator]
    assert drafts.fingerprint(draft) == before
    Order.objects.filter(pk=order.pk).update(state="cancelled", cancelled_at=timezone.now())
    assert drafts.fingerprint(draft) != before


def test_two_drafts_that_say_the_same_are_two_acts(draft: Draft) -> None:
    twin = Draft.objects.create(brand=draft.brand, data=draft.data)
    assert drafts.fingerprint(twin) != drafts.fingerprint(draft)


def test_only_the_browser_that_began_it_owns_it(in_brand: Brand) -> None:
    mine, strangers = HttpRequest(), HttpRequest()
    mine.session, strangers.session = SessionStore(), SessionStore()
    draft = drafts.begin(brand=in_brand, session=mine.session)
    assert drafts.owned_by(mine, draft.pk) == draft
    for request, draft_id in ((strangers, draft.pk), (mine, uuid7())):
        with pytest.raises(Http404):
            drafts.owned_by(request, draft_id)


def test_a_session_remembers_the_newest_drafts_only(in_brand: Brand) -> None:
    session = SessionStore()
    for _n in range(own_drafts.REMEMBERED_MAX + 3):
        last = drafts.begin(brand=in_brand, session=session)
    assert len(session[own_drafts.SESSION_KEY]) == own_drafts.REMEMBERED_MAX
    assert session[own_drafts.SESSION_KEY][-1] == str(last.pk)


def test_the_fattest_draft_is_as_long_as_its_forms_can_use(client: Client, brand: Brand) -> None:
    address = client.post("/shop/frosty-spoon/give/")["Location"]
    keys = [f"{number:08x}" for number in range(40)]
    fields = ("name", "email", "by_link", "choice", "message", "design", "date", "time", "zone")
    for step in ("who", "what", "say"):
        sent: dict[str, Any] = {"row": keys, "pasted": "x" * 20_000, "message": "y" * 9_000}
        sent |= {f"{key}-{name}": "z" * 2_300 for key in keys for name in fields}
        client.post(address.replace("/who/", f"/{step}/"), sent)
    with scopes_disabled():
        data = Draft.objects.get().data

    assert len(data["rows"]) == ROWS_MAX
    assert len(json.dumps(data)) < 150_000
