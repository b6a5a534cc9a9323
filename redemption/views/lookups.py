"""Looking at a code before anything is done with it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from redemption import choices as gift_choices
from redemption import code_format
from redemption.ids import uuid7
from redemption.looking_up import LookUp, TooManyTries, UnknownCode, look_up
from redemption.till_access import TillRequest, at_the_till
from redemption.views import verdicts
from redemption.views.undo import Undo


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
            address=request.client_ip,
            now=now,
        )
    except UnknownCode:
        return show(request, verdicts.unknown(), status=404)
    except TooManyTries as tries:
        return show(request, verdicts.too_many_tries(tries.seconds), status=429)
    if found.reason is None:
        return offer(request, found, text, key=str(uuid7()))
    verdict = verdicts.looked_up(found, request.device.store, now)
    first = found.first_use
    if first is None or first.device_id != request.device.pk:
        return show(request, verdict)
    first.code = found.code
    return show(request, verdict, undo=Undo.of(first, request.device.brand.reversal_window, now))


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
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """What is on the code and what is still to choose. The key made here goes with every try to
    redeem it, so however often the answer is lost, it is redeemed once."""
    code = found.code
    context = {
        "code": code,
        "symbols": code_format.normalise(text),
        "key": key,
        "fixed": gift_choices.describe([c for c in code.choices if c["chooser"] == "sender"]),
        "open": [
            {**choice, "picked": (picks or {}).get(choice["key"], choice["picked"])}
            for choice in code.choices
            if choice["chooser"] == "recipient"
        ],
        "extra": gift_choices.extra_charge(code.choices),
        "problem": problem,
    }
    return render(request, "redemption/till/look.html", context, status=status)
