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
from redemption.redeem.rules import UnknownCode, read
from redemption.till.session import TillRequest, at_the_till
from redemption.till.views import verdicts
from redemption.till.views.undo import Undo, latest_undo, store_of


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
            now=now,
        )
    except UnknownCode:
        return show(request, verdicts.unknown(), status=404)
    except TooManyTries as tries:
        return show(request, verdicts.too_many_tries(tries.reason, tries.seconds), status=429)
    if found.reason is None:
        return offer(
            request, found, text, key=str(uuid7()), undo=_undo_of_a_part(request, found, now)
        )
    undo = _undo_of_all(request, found, now)
    hint = verdicts.hint(found, request.staff, now, undo=undo is not None)
    return show(request, verdicts.looked_up(found, request.device.store, now, hint), undo=undo)


def _undo_of_all(request: TillRequest, found: LookUp, now: datetime) -> Undo | None:
    """Of what was redeemed at this store and is scanned again: a mistake may still be put right."""
    use = found.first_use
    if use is None or use.store_id != request.device.store_id:
        return None
    if found.code.kind == Code.Kind.VALUE:  # perhaps in several parts
        return latest_undo(request.device, request.staff, now, code=found.code)
    use.code, use.store = found.code, store_of(request.device)
    return Undo.of(use, request.staff, now)


def _undo_of_a_part(request: TillRequest, found: LookUp, now: datetime) -> Undo | None:
    if found.code.balance == found.code.amount:
        return None
    return latest_undo(request.device, request.staff, now, code=found.code)


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
