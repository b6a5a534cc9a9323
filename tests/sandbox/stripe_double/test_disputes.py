"""What banks do to a paid charge, from an inquiry to its end, and what the balance says of it."""

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from sandbox.stripe_double import StripeDouble

Make = Callable[..., Any]
DAY = 24 * 60 * 60
FEE = 1500


@pytest.fixture
def told(client: Any) -> Make:
    """The last part of the types of the events about disputes, oldest first."""

    def types() -> list[str]:
        listed = client.v1.events.list({"type": "charge.dispute.*", "limit": 100}).data
        return [event.type.rsplit(".", 1)[1] for event in reversed(listed)]

    return types


def moved(dispute: Any) -> list[tuple[str, int, int]]:
    return [
        (line.reporting_category, line.amount, line.fee) for line in dispute.balance_transactions
    ]


def test_an_inquiry_moves_no_money_and_is_closed(
    double: StripeDouble, client: Any, paid: Make, told: Make
) -> None:
    inquiry = double.issuer.dispute(paid().id, case="inquiry", reason="unrecognized")
    found = client.v1.disputes.retrieve(inquiry["id"], {"expand": ["charge"]})
    assert (found.status, found.is_charge_refundable) == ("warning_needs_response", True)
    assert (found.payment_method_details.card.case_type, found.charge.disputed) == ("inquiry", True)
    assert found.evidence_details.due_by == found.created + 9 * DAY

    double.dashboard.submit_evidence(inquiry["id"], uncategorized_text="She knows me.")
    assert client.v1.disputes.retrieve(inquiry["id"]).status == "warning_under_review"
    double.issuer.close_dispute(inquiry["id"], "warning_closed")

    after = client.v1.disputes.retrieve(inquiry["id"])
    assert (after.status, moved(after)) == ("warning_closed", [])
    assert told() == ["created", "updated", "updated", "closed"]


@pytest.mark.parametrize("by", ["refund", "time"])
def test_an_inquiry_ends_by_itself(
    double: StripeDouble, client: Any, paid: Make, told: Make, by: str
) -> None:
    intent = paid("4000000000001976")
    (inquiry,) = client.v1.disputes.list({"payment_intent": intent.id}).data

    if by == "refund":
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 300})
        assert client.v1.disputes.retrieve(inquiry.id).status == "warning_needs_response"
        client.v1.refunds.create({"payment_intent": intent.id})
    else:
        double.advance(121 * DAY)

    assert client.v1.disputes.retrieve(inquiry.id).status == "warning_closed"
    assert told()[-2:] == ["updated", "closed"]  # the first is listed for thirty days only


def test_an_inquiry_becomes_a_chargeback_and_a_refund_under_way_fails(
    double: StripeDouble, client: Any, paid: Make, told: Make
) -> None:
    intent = paid("4000000000007726")
    inquiry = double.issuer.dispute(intent.id, case="inquiry")
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 300})

    double.issuer.escalate_inquiry(inquiry["id"])

    found = client.v1.disputes.retrieve(inquiry["id"])
    failed = client.v1.refunds.retrieve(refund.id)
    assert (found.status, found.is_charge_refundable) == ("needs_response", False)
    assert moved(found) == [("dispute", -1300, FEE)]
    assert (failed.status, failed.failure_reason) == (
        "failed",
        "charge_for_pending_refund_disputed",
    )
    assert told() == ["created", "updated", "funds_withdrawn"]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_disputed"


@pytest.mark.parametrize(
    ("case", "lines", "refundable", "events"),
    [
        ("resolution", [("dispute", -1300, FEE)], False, ["created", "funds_withdrawn", "closed"]),
        ("block", [], True, ["created", "closed"]),
    ],
)
def test_a_chargeback_is_prevented(
    double: StripeDouble,
    client: Any,
    paid: Make,
    told: Make,
    case: str,
    lines: Any,
    refundable: bool,
    events: list[str],
) -> None:
    intent = paid()

    dispute = double.issuer.dispute(intent.id, case=case)

    found = client.v1.disputes.retrieve(dispute["id"])
    assert (found.status, moved(found)) == ("prevented", lines)
    assert (found.evidence_details.due_by, found.is_charge_refundable) == (None, refundable)
    assert told() == events
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.update(found.id, {"evidence": {"uncategorized_text": "No."}})


def test_evidence_is_put_down_and_sent_once(
    double: StripeDouble, client: Any, paid: Make, told: Make
) -> None:
    dispute = double.issuer.dispute(paid().id, reason="product_not_received")
    draft = {"evidence": {"product_description": "A gift", "customer_name": "Amy"}, "submit": False}
    staged = client.v1.disputes.update(dispute["id"], draft)
    assert (staged.status, staged.evidence_details.has_evidence) == ("needs_response", True)
    assert staged.evidence_details.submission_method == "not_submitted"

    sent = client.v1.disputes.update(
        dispute["id"], {"evidence": {"customer_name": "", "service_date": "2026-11-30"}}
    )

    assert (sent.status, sent.evidence.product_description) == ("under_review", "A gift")
    assert (sent.evidence.customer_name, sent.evidence_details.submission_count) == (None, 1)
    event = client.v1.events.list({"type": "charge.dispute.updated"}).data[0]
    assert event.data.previous_attributes.to_dict() == {
        "evidence": {"customer_name": "Amy", "service_date": None},
        "status": "needs_response",
    }
    for wrong in (
        {"evidence": {"service_date": "today"}},
        {"evidence": {"colour": "red"}},
    ):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.disputes.update(dispute["id"], wrong)
    assert told() == ["created", "funds_withdrawn", "updated", "updated"]
    double.advance(10 * DAY)
    assert client.v1.disputes.retrieve(dispute["id"]).status == "under_review"


@pytest.mark.parametrize(
    "evidence",
    [
        {"receipt": "file_unknown"},
        {"uncategorized_text": "x" * 20_001},
        {name: "x" * 20_000 for name in stripe.Dispute.Evidence.__annotations__ if "text" in name}
        | dict.fromkeys(("access_activity_log", "customer_name", "service_date"), "x" * 20000)
        | dict.fromkeys(("billing_address", "shipping_address", "shipping_date"), "x" * 20000)
        | {"cancellation_rebuttal": "x" * 20_000, "product_description": "x" * 20_000},
    ],
    ids=["no such file", "one text too long", "all together too long"],
)
def test_evidence_has_its_limits(
    double: StripeDouble, client: Any, paid: Make, evidence: dict[str, str]
) -> None:
    dispute = double.issuer.dispute(paid().id)

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.disputes.update(dispute["id"], {"evidence": evidence})

    assert not client.v1.disputes.retrieve(dispute["id"]).evidence_details.has_evidence


def test_who_does_not_answer_in_time_loses(double: StripeDouble, client: Any, paid: Make) -> None:
    dispute = double.issuer.dispute(paid().id)

    double.advance(9 * DAY + 1)

    assert client.v1.disputes.retrieve(dispute["id"]).status == "lost"


def test_parts_are_disputed_each_by_itself(double: StripeDouble, client: Any, paid: Make) -> None:
    intent = paid()
    first = double.issuer.dispute(intent.id, amount=500)
    second = double.issuer.dispute(intent.id)
    assert (first["amount"], second["amount"]) == (500, 800)
    with pytest.raises(Exception, match="not yet disputed"):
        double.issuer.dispute(intent.id)

    double.issuer.close_dispute(first["id"], "won")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"payment_intent": intent.id})
    double.issuer.close_dispute(second["id"], "won")

    assert refusal.value.code == "charge_disputed"
    assert client.v1.refunds.create({"payment_intent": intent.id}).status == "succeeded"
    with pytest.raises(Exception, match="already closed"):
        double.issuer.close_dispute(second["id"], "lost")


@pytest.mark.parametrize(
    ("case", "outcome"), [("inquiry", "lost"), ("chargeback", "warning_closed")]
)
def test_each_case_has_its_own_ends(
    double: StripeDouble, paid: Make, case: str, outcome: str
) -> None:
    dispute = double.issuer.dispute(paid().id, case=case)

    with pytest.raises(Exception, match="cannot be"):
        double.issuer.close_dispute(dispute["id"], outcome)
