"""What the pages of an order and of a code show: never a code, a token or an address in full."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from giftshop.delivery.mend import refusal_of as mend_refusal
from giftshop.delivery.models import Delivery
from giftshop.delivery.repeat import gift_refusal
from giftshop.friends.masks import mask
from giftshop.operator.access import OperatorRequest
from giftshop.operator.support import case
from giftshop.operator.support.forms import CorrectionForm, ReasonForm
from giftshop.operator.support.search import Found
from giftshop.orders.models import Gift, Order
from giftshop.outbox.models import Message
from redemption.audit.log import Act
from redemption.codes import hold
from redemption.models import AuditEntry, Code, Redemption, VoidRequest

ACTS = {
    "email": ReasonForm,
    "correction": CorrectionForm,
    "hold": ReasonForm,
    "release": ReasonForm,
    "void": ReasonForm,
}
"""The form of each act on a code."""
HISTORY_MAX = 50
WAITING_MAX = 50

STATES = {
    "waiting": _("Waits for the payment"),
    "scheduled": _("Scheduled"),
    "ready": _("On its way"),
    "sent": _("Sent"),
    "delivered": _("Delivered"),
    "undelivered": _("Could not be delivered"),
    "passed_on": _("Passed on by its sender"),
    "opened": _("Opened"),
    "chosen": _("Opened"),
    "enjoyed": _("Enjoyed"),
    "on_hold": _("On hold"),
    "voided": _("Cancelled"),
    "expired": _("Expired"),
}
PURPOSES = {
    "receipt": _("Receipt"),
    "gift": _("Gift"),
    "thanks": _("Thanks"),
    "undeliverable": _("Did not arrive"),
}


@dataclass(frozen=True)
class Row:
    """An order, or a code without one, in a list of what was found."""

    found: Found
    sender: str
    """The address, masked."""


@dataclass(frozen=True)
class GiftRow:
    gift: Gift
    state: str
    title: Any
    recipient: str
    """The address, masked; empty where the sender passes on a link."""


@dataclass(frozen=True)
class Email:
    delivery: Delivery
    purpose: Any
    address: str
    """Masked; empty once it was forgotten."""
    to: str
    """The recipient's name; empty for the sender."""


def row(found: Found) -> Row:
    return Row(found, mask(found.order.sender_email) if found.order else "")


def order_page(
    request: OperatorRequest,
    order: Order,
    *,
    sent: Form | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Expects the brand's scope. 8 queries, however many gifts. `sent`: the form of an act that was not
    done."""
    sent = sent or _typed(request, order, "receipt").get("receipt")
    gifts = list(order.gifts.with_everything())
    emails, payments = _emails([order, *gifts], gifts), list(order.payments.order_by("attempt"))
    context = {
        "brand_shown": order.brand,
        "order": order,
        "sender": mask(order.sender_email),
        "gifts": [_gift_row(gift) for gift in gifts],
        "payments": payments,
        "emails": emails,
        "has_receipt": any(email.delivery.purpose == "receipt" for email in emails),
        "waiting": _waiting([order, *gifts, *payments]),
        "history": _history([order, *(gift.code for gift in gifts if gift.code)]),
        "form": sent or ReasonForm(auto_id=ids("receipt")),
        "problem": problem,
        "now": timezone.now(),
    }
    return render(request, "giftshop/operator/support/order.html", context, status=status)


def code_page(
    request: OperatorRequest,
    code: Code,
    *,
    sent: Mapping[str, Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Expects the brand's scope. At most 9 queries. `sent`: as for the counter, by the act's name."""
    gifts = list(Gift.objects.with_everything().filter(code=code))
    gift, asked = (gifts[0] if gifts else None), VoidRequest.objects.filter(code=code, decision="")
    forms = {name: form(auto_id=ids(name)) for name, form in ACTS.items()}
    sent = sent or _typed(request, code, *ACTS)
    refusal = gift_refusal(gift, now=timezone.now()) if gift else None
    context = {
        "brand_shown": code.brand,
        "code": code,
        "row": _gift_row(gift) if gift else None,
        "state": STATES.get(_state(code)),
        "state_word": _state(code),
        "emails": _emails(gifts, gifts),
        "not_again": refusal.label if refusal else "",
        "may_correct": gift is not None and mend_refusal(gift, timezone.now()) is None,
        "uses": Redemption.objects.filter(code=code)
        .select_related("store", "reversal")
        .order_by("-redeemed_at"),
        "held_by_manager": hold.held_by_manager(code),
        "asked": asked.first(),
        "takes_two": code.balance > code.brand.void_limit,
        "history": _history([code]),
        "acts": {**forms, **sent},
        "problem": problem,
    }
    return render(request, "giftshop/operator/support/code.html", context, status=status)


def path_of(row: Order | Code) -> str:
    return reverse(f"operator_{_kind(row)}", args=[row.pk])


def _typed(request: OperatorRequest, row: Order | Code, *acts: str) -> dict[str, Form]:
    """The form that was filled in before they had to show who they are, by its act; nothing was done yet."""
    names = {f"{act}:{row.pk}": act for act in acts}
    name, said = case.take_typed(request, *names)
    if not name:
        return {}
    messages.info(request, _("Nothing was done yet: send it now."))
    form = ACTS.get(names[name], ReasonForm)
    return {names[name]: form(initial=said, auto_id=ids(names[name]))}


def ids(act: str) -> str:
    """The `auto_id` of an act's field: several stand on one page."""
    return f"{act}-%s"


def _state(code: Code) -> str:
    if code.state == Code.State.ACTIVE and code.expires_at <= timezone.now():
        return "expired"
    return {"redeemed": "enjoyed"}.get(code.state, code.state)


def _gift_row(gift: Gift) -> GiftRow:
    return GiftRow(gift, gift.progress, STATES[gift.progress], mask(gift.recipient.email))


def _emails(about: Iterable[Order | Gift], gifts: Iterable[Gift]) -> list[Email]:
    """What was sent about them, the latest first, with each attempt and report. 3 queries."""
    subjects = [f"{_kind(row)}:{row.pk}" for row in about]
    names = {f"gift:{gift.pk}": gift.recipient.short_name for gift in gifts}
    sent = Delivery.objects.filter(subject__in=subjects).prefetch_related("attempts", "reports")
    return [
        Email(
            delivery=delivery,
            purpose=PURPOSES.get(delivery.purpose, delivery.purpose),
            address=mask(delivery.address),
            to=names.get(delivery.subject, "") if delivery.purpose == "gift" else "",
        )
        for delivery in sent.order_by("-created_at")
    ]


def _waiting(rows: Iterable[Model]) -> list[Message]:
    """What the outbox still has to do about them, the first due first. 1 query."""
    return list(
        Message.objects.about(str(row.pk) for row in rows).order_by("available_at")[:WAITING_MAX]
    )


def _history(about: Iterable[Order | Code]) -> list[tuple[AuditEntry, str]]:
    """What people did to them, the latest first. 1 query."""
    subjects = [f"{_kind(row)}:{row.pk}" for row in about]
    entries = AuditEntry.objects.filter(subject__in=subjects).order_by("-number")[:HISTORY_MAX]
    return [(entry, str(Act(entry.act).label)) for entry in entries]


def _kind(row: Model) -> str:
    return str(row._meta.model_name)
