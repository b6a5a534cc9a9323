"""The studio's own cast: a campaign with a link, and somebody who follows it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from brands.models import Brand
from campaigns.facts import record as record_facts
from campaigns.links import links
from campaigns.models import Campaign, Fact, Link
from campaigns.planning import campaigns
from core.ids import uuid7
from giftshop.accounts.models import Membership, User
from giftshop.outbox import backlog, outbox
from giftshop.outbox.models import Message
from tests.cast import make_user

NOON = datetime(2026, 5, 14, 19, tzinfo=UTC)
"""Noon of Thursday, 14 May 2026 in Los Angeles."""

BROWSER = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"}


@pytest.fixture
def campaign(brand: Brand) -> Campaign:
    with scope(brand=brand):
        return campaigns.plan(
            brand=brand,
            name="Two for the weekend",
            starts_on=date(2026, 1, 1),
            headline="Two friends, two scoops",
            budget=60_000,
        )


@pytest.fixture
def link(campaign: Campaign) -> Link:
    with scope(brand=campaign.brand):
        return links.add(campaign=campaign, channel=Link.Channel.INSTAGRAM, name="Friday post")


@pytest.fixture
def finance(brand: Brand) -> User:
    return make_user(brand, "fran@frosty.example", Membership.Role.FINANCE)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


def hear(topic: str | None = None) -> int:
    """Hand every message for campaigns to its subscriber, as a worker would; again, if it was done."""
    told_by_triggers = list(Message.objects.filter(subscriber=""))
    backlog.fan_out(told_by_triggers)
    Message.objects.bulk_update(told_by_triggers, ["subscriber"])
    told = Message.objects.filter(subscriber__startswith="campaigns.")
    if topic:
        told = told.filter(topic=topic)
    for message in told.order_by("occurred_at"):
        outbox.subscriber(message.topic, message.subscriber)(message)
    return len(told)


def record(fact: Fact) -> bool:
    """Whether it was new."""
    return record_facts.record([fact]) == 1


def new_fact(brand: Brand, topic: str = Fact.Topic.ORDER_PAID, **fields: Any) -> Fact:
    wanted = {
        "message_id": uuid7(),
        "subject_id": uuid7(),
        "occurred_at": NOON,
        "quantity": 1,
        "amount": 650,
        "currency": "USD",
    }
    return Fact(brand=brand, topic=topic, **{**wanted, **fields})
