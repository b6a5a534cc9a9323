"""A manager at the counter looks up a gift. What is found leaves an entry in the audit log, also when it is
only looked at: behind a code is a person.

Searching and opening are POSTs, so that no name and no code is in an address. A page that was opened can
be shown again for a while, by an address that is good for that gift and that manager only.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from giftshop.counter import forms, search
from giftshop.delivery.mend import refusal_of
from giftshop.delivery.repeat import is_repeatable
from redemption.audit import log
from redemption.audit.actors import Actor
from redemption.audit.log import Act
from redemption.codes import hold
from redemption.codes.second_person import seconds_to
from redemption.models import AuditEntry, Code, Redemption, StaffMember, VoidRequest
from redemption.redeem import guess_limit
from redemption.redeem.rules import symbols_of
from redemption.till.session import TillRequest, manager_at_the_till
from redemption.till.views.manager.frame import place

SHOWN_FOR_SECONDS = 15 * 60
HISTORY_MAX = 20
_SALT = "till.gift"


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def gifts(request: TillRequest) -> HttpResponse:
    """By code it goes straight to the gift; by words it lists what may be meant."""
    if request.method != "POST":
        return _search(request, forms.FindForm())
    form = forms.FindForm(request.POST)
    if not form.is_valid():
        return _search(request, form, status=422)
    text = form.cleaned_data["text"]
    symbols = symbols_of(text)
    if symbols:
        return _open_by_code(request, form, symbols)
    found = search.by_words(text, store=request.device.store)
    _record(request, f"store:{request.device.store_id}", found=len(found))
    return _search(request, form, found=found, asked=True)


@require_http_methods(["GET", "HEAD", "POST"])
@manager_at_the_till
def gift(request: TillRequest, code_id: UUID) -> HttpResponse:
    """POST opens it; the address it leads to shows it."""
    code = get_object_or_404(Code, pk=code_id)
    if request.method == "POST":
        return open_gift(request, code)
    if not _may_be_shown(request, code):
        return redirect("till_manager_gifts")
    return page(request, code)


def open_gift(request: TillRequest, code: Code) -> HttpResponse:
    """Leaves the entry, and leads to the gift's page."""
    _record(request, f"code:{code.pk}")
    return show_again(request, code)


def show_again(request: TillRequest, code: Code) -> HttpResponse:
    seen = signing.dumps([str(code.pk), str(request.staff.pk)], salt=_SALT)
    return redirect(f"{reverse('till_manager_gift', args=[code.pk])}?seen={seen}")


def page(
    request: TillRequest,
    code: Code,
    *,
    sent: Mapping[str, Form] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The gift without its code: of that the last four symbols at most. `sent`: the form of an act that
    was not done, by the act's name."""
    asked = VoidRequest.objects.filter(code=code, decision="").first()
    found = search.with_gift(code)
    more: dict[str, Any] = {
        "found": found,
        "code": code,
        "uses": Redemption.objects.filter(code=code)
        .select_related("store", "staff", "reversal")
        .order_by("-redeemed_at"),
        "history": _history(code),
        "is_over": found.is_over,
        "held_by_manager": hold.held_by_manager(code),
        "asked": asked,
        "deciders": _deciders(request, asked) if asked else [],
        "takes_two": code.balance > request.device.brand.void_limit,
        "acts": forms.act_forms(request.device.brand, sent, code=code),
        "problem": problem,
    }
    if found.gift:
        found.gift.code = code
        more["number"] = found.gift.order.number
        more["may_correct"] = refusal_of(found.gift, timezone.now()) is None
        more["may_repeat"] = is_repeatable(found.gift, timezone.now())
    context = place(request, "gifts", **more)
    return render(request, "giftshop/counter/gift.html", context, status=status)


def _open_by_code(request: TillRequest, form: forms.FindForm, symbols: str) -> HttpResponse:
    """Codes are guessed here no more often than at the till."""
    code = search.by_code(symbols)
    if code:
        return open_gift(request, code)
    until = guess_limit.blocked_until(device_id=request.device.pk)
    guess_limit.note_wrong_try(device_id=request.device.pk, brand_id=request.device.brand_id)
    if until:
        form.add_error("text", _("Too many wrong codes were tried here. Wait a few minutes."))
        return _search(request, form, status=429)
    return _search(request, form, found=[], asked=True, status=404)


def _search(
    request: TillRequest, form: forms.FindForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = place(request, "gifts", form=form, most=search.FOUND_MAX, **more)
    return render(request, "giftshop/counter/gifts.html", context, status=status)


def _may_be_shown(request: TillRequest, code: Code) -> bool:
    try:
        seen = signing.loads(request.GET.get("seen", ""), salt=_SALT, max_age=SHOWN_FOR_SECONDS)
    except signing.BadSignature:
        return False
    return bool(seen == [str(code.pk), str(request.staff.pk)])


def _deciders(request: TillRequest, asked: VoidRequest) -> list[StaffMember]:
    """Managers of this store who are certainly not the one who asked."""
    managers = StaffMember.objects.at(request.device.store).filter(role=StaffMember.Role.MANAGER)
    return seconds_to(request.device.brand, asked.requested_by, list(managers))


def _history(code: Code) -> list[tuple[AuditEntry, str]]:
    """What staff did to the gift, the latest first; that it was looked up is for the owner."""
    entries = AuditEntry.objects.filter(subject=f"code:{code.pk}").exclude(act=Act.CODE_LOOKED_UP)
    latest = entries.order_by("-number")[:HISTORY_MAX]
    return [(entry, str(Act(entry.act).label)) for entry in latest]


def _record(request: TillRequest, subject: str, **details: object) -> None:
    with transaction.atomic():
        log.record(
            brand=request.device.brand,
            actor=Actor.staff(request.staff),
            act=Act.CODE_LOOKED_UP,
            subject=subject,
            now=timezone.now(),
            details=details,
            device=request.device,
        )
