"""Looking at a code before anything is done with it."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.ids import uuid7
from redemption import choices as gift_choices
from redemption.models import Code
from redemption.redeem.lookup import LookUp, TooManyTries, look_up
from redemption.redeem.reasons import Refusal, status_code
from redemption.redeem.rules import UnknownCode, read
from redemption.redeem.snapshot import CodeSnapshot
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.undo import Undo, latest_undo


@require_POST
@at_the_till
def lookups(request: TillRequest) -> HttpResponse:
    now = timezone.now()
    text = request.POST.get("code", "")
    try:
        found = look_up(
            device=request.device,
            text=text,
            staff=request.staff,
            signed_in=True,
            now=now,
        )
    except (UnknownCode, TooManyTries) as no:
        return stranger(request, no.refusal, now)
    refusal = found.refusal
    if refusal is None:
        return offer(
            request, found, text, key=str(uuid7()), undo=_undo_of_a_part(request, found, now)
        )
    device, staff = request.device, request.staff
    undo = _undo_of_all(request, found.code, refusal, now)
    hint = verdicts.hint(refusal, device, staff, now, undo=undo is not None)
    stores = verdicts.names_of_stores(found.code.store_ids, refusal)
    verdict = verdicts.refused(refusal, device.store, now, stores=stores, hint=hint)
    return show(request, verdict, undo=undo)


def stranger(request: TillRequest, refusal: Refusal, now: datetime) -> HttpResponse:
    """What is no code here."""
    verdict = verdicts.refused(refusal, request.device.store, now)
    return show(request, verdict, status=status_code(refusal.reason))


def _undo_of_all(
    request: TillRequest, code: CodeSnapshot, refusal: Refusal, now: datetime
) -> Undo | None:
    """Of what was redeemed at this store and is scanned again: a mistake may still be put right."""
    use, device = refusal.first_use, request.device
    if use is None or use.redemption_id is None or use.store_id != device.store_id:
        return None
    if code.kind == Code.Kind.VALUE:  # perhaps in several parts
        return latest_undo(device, request.staff, now, code_id=code.id)
    return Undo.of(
        use.redemption_id,
        label=code.label,
        redeemed_at=use.at,
        device=device,
        staff=request.staff,
        now=now,
    )


def _undo_of_a_part(request: TillRequest, found: LookUp, now: datetime) -> Undo | None:
    if found.code.balance == found.code.amount:
        return None
    return latest_undo(request.device, request.staff, now, code_id=found.code.id)


def show(
    request: TillRequest, verdict: verdicts.Verdict, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The verdict, and with `undo`, `undone` or `count` the parts around it that change too."""
    return render(
        request, "redemption/till/verdict.html", {"verdict": verdict, **more}, status=status
    )


def offer(
    request: TillRequest,
    found: LookUp,
    text: str,
    *,
    key: str,
    picks: dict[str, list[str]] | None = None,
    amount: int | None = None,
    basket_total: int | None = None,
    problem: str = "",
    undo: Undo | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is on the code and what is still to choose. The key made here goes with every try to
    redeem it, so however often the answer is lost, it is redeemed once."""
    code = found.code
    context = {
        "code": code,
        "is_amount": code.kind == Code.Kind.VALUE,
        "symbols": read(text),
        "key": key,
        "fixed": gift_choices.describe([c for c in code.choices if c["chooser"] == "sender"]),
        "open": [
            {**choice, "picked": (picks or {}).get(choice["key"], choice["picked"])}
            for choice in code.choices
            if choice["chooser"] == "recipient"
        ],
        "extra": gift_choices.extra_charge(code.choices),
        "amount": amount,
        "basket_total": basket_total,
        "problem": problem,
        "undo": undo,
    }
    return render(request, "redemption/till/look.html", context, status=status)
