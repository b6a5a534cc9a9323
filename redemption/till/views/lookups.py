"""Looking at a code before anything is done with it."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from core.ids import uuid7
from redemption import choices as gift_choices
from redemption.models import Code, StaffMember
from redemption.redeem.lookup import LookUp, TooManyTries, look_up
from redemption.redeem.reasons import Refusal, status_code
from redemption.redeem.rules import UnknownCode, read
from redemption.redeem.snapshot import CodeSnapshot
from redemption.till.session import TillRequest, at_the_till
from redemption.till.treat_facts import treat_facts
from redemption.till.views import verdicts
from redemption.till.views.open_reversal import OpenReversal, latest_open_reversal


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
        return not_a_code(request, no.refusal, now)
    refusal = found.refusal
    if refusal is None:
        return offer(
            request,
            found,
            text,
            key=str(uuid7()),
            open_reversal=_reversal_of_a_part(request, found, now),
        )
    device, staff = request.device, request.staff
    open_reversal = _reversal_of_all(request, found.code, refusal, now)
    hint = verdicts.hint(refusal, device, staff, now, open_reversal=open_reversal is not None)
    stores = verdicts.names_of_stores(found.code.store_ids, refusal)
    verdict = verdicts.refused(refusal, device.store, now, stores=stores, hint=hint)
    return show(request, verdict, open_reversal=open_reversal)


def not_a_code(request: TillRequest, refusal: Refusal, now: datetime) -> HttpResponse:
    """What is no code here."""
    verdict = verdicts.refused(refusal, request.device.store, now)
    return show(request, verdict, status=status_code(refusal.reason))


def _reversal_of_all(
    request: TillRequest, code: CodeSnapshot, refusal: Refusal, now: datetime
) -> OpenReversal | None:
    """Of what was redeemed at this store and is scanned again: a mistake may still be put right."""
    use, device = refusal.first_use, request.device
    if use is None or use.redemption_id is None or use.store_id != device.store_id:
        return None
    if code.kind == Code.Kind.VALUE:  # perhaps in several parts
        return latest_open_reversal(device, request.staff, now, code_id=code.id)
    return OpenReversal.of(
        use.redemption_id,
        label=code.label,
        redeemed_at=use.at,
        device=device,
        staff=request.staff,
        now=now,
    )


def _reversal_of_a_part(request: TillRequest, found: LookUp, now: datetime) -> OpenReversal | None:
    if found.code.balance == found.code.amount:
        return None
    return latest_open_reversal(request.device, request.staff, now, code_id=found.code.id)


def show(
    request: TillRequest, verdict: verdicts.Verdict, *, status: int = 200, **more: Any
) -> HttpResponse:
    """The verdict, and with `open_reversal`, `reversed_now`, `count` or `counter_link` the parts around it
    that change."""
    language = request.device.brand.language if verdict.names_treat else ""
    context = {"verdict": verdict, "text_language": language, **more}
    return render(request, "redemption/till/verdict.html", context, status=status)


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
    open_reversal: OpenReversal | None = None,
    status: int = 200,
) -> HttpResponse:
    """What is on the code and what is still to choose. The key made here goes with every try to
    redeem it, so however often the answer is lost, it is redeemed once."""
    code = found.code
    open_choices: list[gift_choices.Choice] = [
        {**choice, "picked": (picks or {}).get(choice["key"], choice["picked"])}
        for choice in code.choices
        if choice["chooser"] == "recipient"
    ]
    facts = treat_facts(request.device.store, code.id, timezone.now())
    if not facts.is_here and request.staff.role != StaffMember.Role.MANAGER:
        return show(request, verdicts.not_here(facts.had_at), open_reversal=open_reversal)
    context = {
        "code": code,
        "facts": facts,
        "had_at": "" if facts.is_here else verdicts.had_at(facts.had_at),
        "is_amount": code.kind == Code.Kind.VALUE,
        "symbols": read(text),
        "key": key,
        "fixed": gift_choices.describe([c for c in code.choices if c["chooser"] == "sender"]),
        "open": open_choices,
        "picked": gift_choices.describe(open_choices),
        "missing": gift_choices.open_choices(open_choices),
        "extra": gift_choices.extra_charge(open_choices),
        "amount": amount,
        "basket_total": basket_total,
        "problem": problem,
        "open_reversal": open_reversal,
    }
    return render(request, "redemption/till/look.html", context, status=status)
