"""Errors for programs: one shape, whoever found the fault."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from giftshop.operator.retention import KEPT
from redemption.models import IdempotencyRecord
from redemption.till.devices import PairedDevice

SHAPE = {"type", "title", "status", "reason", "detail"}


@pytest.mark.parametrize(
    ("status", "path", "body"),
    [
        (404, "/api/", b"{}"),
        (404, "/api/v1/gifts/", b"{}"),
        (404, "/api/v2/lookups/", b"{}"),
        (404, "/api/v1/lookups", b'{"code": "x"}'),
        (404, "/api/v1/nothing", b"{}"),
        (404, "/api/v1/lookups/", b'{"code": "x"}'),
        (400, "/api/v1/lookups/", b"{"),
        (400, "/api/v1/lookups/", b'{"code": []}'),
        (400, "/api/v1/redemptions/", b'{"code": "x", "amount": 0}'),
        (400, "/api/v1/redemptions/", b'{"code": "x", "amount": -5}'),
        (404, "/api/v1/lookups/?format=xml", b'{"code": "x"}'),
        (405, "/api/v1/docs/", b"{}"),
        (413, "/api/v1/lookups/", b"x" * 6_000_000),
        (413, "/api/v1/nothing/", b"x" * 6_000_000),
    ],
)
@pytest.mark.parametrize("token", [True, False])
def test_whatever_is_wrong_is_told_in_one_shape(
    client: Client, paired: PairedDevice, status: int, path: str, body: bytes, token: bool
) -> None:
    authorization = {"Authorization": f"Device {paired.token}"} if token else {}
    answer = client.post(
        path,
        body,
        content_type="application/json",
        headers={**authorization, "Idempotency-Key": "k"},
    )
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told.keys() - {"errors"} == SHAPE
    assert told["detail"]
    assert told["status"] == answer.status_code
    assert answer.status_code in ({status} if token else {status, 401})


def test_an_address_without_its_slash_says_so(client: Client) -> None:
    answer = client.post("/api/v1/lookups", {"code": "x"}, content_type="application/json")
    assert "end with a slash" in answer.json()["detail"]
    assert client.get("/api/v1/docs").headers["Location"] == "/api/v1/docs/"


def test_the_docs_say_how_long_answers_are_kept(client: Client) -> None:
    days = next(rule.days for rule in KEPT if rule.model is IdempotencyRecord)
    assert days == 400
    assert f"kept for {days} days" in client.get("/api/v1/docs/").content.decode()
    assert f"kept for {days} days" in (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()
