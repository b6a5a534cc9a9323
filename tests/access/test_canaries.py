"""Who steals the database, Valkey or the logs has no code and no link: none of them lies there."""

import base64
import io
import itertools
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Store
from giftshop.celery import app
from giftshop.orders.models import Gift, Order
from giftshop.outbox import relay, tasks
from giftshop.outbox.outbox import Queue
from redemption.code_format import grouped
from redemption.models import Code
from redemption.till import devices
from tests.access.canaries import forms_of, found, tables, valkey
from tests.cast import symbols

Life = tuple[dict[str, str], list[tuple[str, bytes]]]


@pytest.fixture
def task_arguments(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to Celery, whether it arrived or not."""
    sent: list[str] = []
    send = app.send_task

    def note(name: str, *args: Any, **kwargs: Any) -> Any:
        sent.append(repr((name, args, kwargs)))
        return send(name, *args, **kwargs)

    monkeypatch.setattr(app, "send_task", note)
    return sent


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the product writes, through its own filter and format."""
    text = io.StringIO()
    (handler,) = [each for each in logging.getLogger().handlers if each.get_name() == "stderr"]
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


@pytest.fixture
def life(
    paid_order: Order,
    gift: Gift,
    store: Store,
    task_arguments: list[str],
    logged: io.StringIO,
) -> Life:
    """A gift bought, sent, opened, looked up, redeemed, tried again and reversed: its secrets, and what
    was written to the logs meanwhile."""
    one_time = devices.invite(store=store, name="Counter")[1]
    browser = Client()
    browser.post("/till/pair/", {"token": one_time})
    tablets = browser.cookies["device"].value
    token = devices.pair_directly(store=store, name="Till", profile="integration").token
    code = gift.code
    assert code is not None
    with scope(brand=paid_order.brand):
        other = paid_order.gifts.with_everything().get(position=2).code
    assert other is not None
    secrets = {
        "the code": symbols(code),
        "another code": symbols(other),
        "the gift's link": gift.link_token(),
        "the order's link": paid_order.link_token(),
        "the tablet's token": tablets,
        "the program's token": token,
        "the pairing text": one_time,
    }
    for queue in Queue:
        tasks.work.delay(
            str(queue)
        )  # as beat does: to Celery, and so to Valkey, where nobody works
    relay.drain(now=timezone.now() + timedelta(hours=1))
    assert mail.outbox
    assert task_arguments
    browser.get("/gift/" + gift.link_token() + "/")
    browser.post("/gift/" + gift.link_token() + "/opening/")
    browser.get("/orders/" + paid_order.link_token() + "/")
    keys = itertools.count()

    def ask(path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Device {token}", "Idempotency-Key": f"k-{next(keys)}"}
        return browser.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    shown = {"code": secrets["the code"], "choices": {"flavour": "mint"}}
    assert ask("lookups/", {"code": secrets["the code"]}).status_code == 200
    made = ask("redemptions/", shown)
    assert made.status_code == 201, made.content
    assert ask("redemptions/", shown).status_code == 409
    assert ask(f"redemptions/{made.json()['id']}/reversal/", {"reason": "x"}).status_code == 201
    assert ask("lookups/", {"code": secrets["another code"].lower()}).status_code == 200
    logging.getLogger("giftshop").error("Redeeming %s failed", secrets["the code"])
    return secrets, [
        ("the logs", logged.getvalue().encode()),
        ("Celery's arguments", "\n".join(task_arguments).encode()),
    ]


def test_nothing_that_is_kept_gives_a_gift_away(life: Life) -> None:
    secrets, written = life
    places = [*tables(), *valkey(), *written]
    assert len(places) > 30
    assert found(secrets, iter(places)) == []
    assert b"[removed]" in written[0][1]


def test_what_was_kept_by_mistake_is_found(life: Life, gift: Gift) -> None:
    """The control: each place, and every form in which it could lie there."""
    secrets, _written = life
    code = {"the code": secrets["the code"]}
    for form, planted in forms_of(secrets["the code"]).items():
        assert any(form in hit for hit in found(code, iter([("a log", b"so " + planted)])))
    Gift._base_manager.filter(pk=gift.pk).update(message=f"it is {grouped(secrets['the code'])}")
    Code._base_manager.filter(pk=gift.code_id).update(ciphertext=secrets["the code"].encode())
    hits = found(code, tables())
    assert any("(grouped) in table orders_gift" in hit for hit in hits), hits
    assert any("(plain, in hex) in table redemption_code" in hit for hit in hits), hits
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        task = base64.b64encode(f'[["{secrets["the code"]}"], {{}}]'.encode())
        store.rpush("canary", task)
        try:
            assert any("base64" in hit and "Valkey" in hit for hit in found(code, valkey()))
        finally:
            store.delete("canary")
