"""The judge of every answer and webhook would notice a wrong one."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble
from sandbox.stripe_double.objects.views import shown
from tests.stripe_types import faults

Make = Callable[..., Any]


@pytest.fixture
def event(double: StripeDouble | None, client: stripe.StripeClient, paid: Make) -> dict[str, Any]:
    """The webhook that tells of a refund of a part."""
    if double is None:
        pytest.skip("needs a webhook's body")
    client.v1.refunds.create({"payment_intent": paid().id, "amount": 300})
    newest = double.world.store.newest("event")
    return shown(double.world, next(each for each in newest if each["type"] == "charge.refunded"))


def change(body: Any, path: str, value: Any) -> Any:
    """The body with one value replaced, or taken away (...)."""
    changed = copy.deepcopy(body)
    *outer, last = path.split(".")
    branch = changed
    for name in outer:
        branch = branch[int(name)] if isinstance(branch, list) else branch[name]
    if value is ...:
        del branch[last]
    else:
        branch[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("type", "charge.refund"),
        ("created", "soon"),
        ("livemode", ...),
        ("livemode", None),
        ("livemode", 1),
        ("created", True),
        ("request.key", "x"),
        ("colour", "red"),
        ("data.object.object", "charges"),
        ("data.object.status", "done"),
        ("data.object.amount_refunded", None),
        ("data.object.metadata.paid", 1),
        ("data.object.payment_method_details.card.checks.cvc_check", 1),
        ("data.object.payment_method_details.card.three_d_secure", {"result": "fine"}),
        ("data.object.billing_details", []),
        ("data.object.refunds", {"object": "list", "data": [{"object": "charge"}]}),
        ("data.object.payment_intent", {"object": "charge", "id": "ch_1"}),
        ("data.previous_attributes.amount_returned", 0),
        ("data.previous_attributes.refunded", "no"),
    ],
)
def test_a_wrong_webhook_is_noticed(event: dict[str, Any], path: str, value: Any) -> None:
    assert faults(event) == []
    assert faults(change(event, path, value)) != []


@pytest.mark.parametrize(
    "body",
    [
        {"object": "list", "data": []},
        {"object": "list", "data": [{"id": "re_1"}], "has_more": False, "url": "/v1/refunds"},
        {"error": {"message": "No."}},
        {"error": {"message": "No.", "type": "invalid_request_error", "colour": "red"}},
        {"id": "re_1"},
        [],
    ],
)
def test_a_wrong_answer_is_noticed(body: Any) -> None:
    assert faults(body) != []


def test_a_wrong_answer_of_the_double_fails_the_test_that_asked(
    double: StripeDouble | None,
    client: stripe.StripeClient,
    judged: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if double is None:
        pytest.skip("what Stripe answers is right")
    monkeypatch.setattr(double.options, "merchant", 5)

    client.v1.accounts.retrieve_current()

    noticed, judged[:] = list(judged), []
    assert any("business_profile.name: 5 is no str" in each for each in noticed)
