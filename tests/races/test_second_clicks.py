"""A form that is sent several times at one moment: a name is given once, and nobody meets an error page."""

from collections import Counter
from contextlib import nullcontext
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns.models import Campaign
from campaigns.planning import campaigns
from giftshop.accounts.models import Membership
from tests.cast import make_user
from tests.races.crowd import at_once

CROWD = 4
NEW = "/studio/frosty-spoon/campaigns/new/"
LINKS = "/studio/frosty-spoon/campaigns/summer/links/"
SUMMER = {"name": "Summer", "starts_on": "2026-11-01", "began": "on", "budget": "", "spent": ""}

pytestmark = pytest.mark.django_db(transaction=True)


def sent_at_once(brand: Brand, path: str, wanted: dict[str, str]) -> Counter[int]:
    """How often it was answered how."""
    owner = make_user(brand, "second@clicks.example", Membership.Role.OWNER)
    clients = [Client(raise_request_exception=False) for _ in range(CROWD)]
    for client in clients:
        client.force_login(owner)
    heard: Counter[int] = Counter()
    ready = Barrier(CROWD)

    def send(n: int) -> None:
        try:
            ready.wait(30)
            heard[clients[n].post(path, wanted).status_code] += 1
        finally:
            connection.close()

    at_once(send, CROWD)
    return heard


def test_a_campaign_is_made_once(brand: Brand) -> None:
    assert sent_at_once(brand, NEW, SUMMER) == {302: 1, 422: CROWD - 1}
    with scope(brand=brand):
        assert Campaign.objects.count() == 1


def test_a_link_is_made_once(brand: Brand) -> None:
    with scope(brand=brand):
        campaigns.plan(brand=brand, name="Summer", starts_on=date(2026, 11, 1))
    heard = sent_at_once(brand, LINKS, {"channel": "instagram", "name": "Friday post"})
    assert heard == {302: 1, 422: CROWD - 1}


def test_without_turns_the_others_meet_an_error_page(
    brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each finds the name free before one has taken it."""
    all_looked, plan = Barrier(CROWD), campaigns.plan

    def late(**wanted: Any) -> Campaign:
        all_looked.wait(30)
        return plan(**wanted)

    monkeypatch.setattr(campaigns, "turns", lambda brand: nullcontext())
    monkeypatch.setattr(campaigns, "plan", late)
    assert sent_at_once(brand, NEW, SUMMER) == {302: 1, 500: CROWD - 1}
