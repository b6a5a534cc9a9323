"""What the panel says, in words for the person at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brands.models import Store
from core.templatetags.money import money
from redemption import choices as gift_choices
from redemption.models import Code, StaffMember
from redemption.redeem.lookup import LookUp
from redemption.redeem.reasons import Reason
from redemption.redeem.reverse import open_until

WORDS = {
    Reason.UNKNOWN_CODE: gettext_lazy("Not found"),
    Reason.ALREADY_REDEEMED: gettext_lazy("Already used"),
    Reason.INSUFFICIENT_BALANCE: gettext_lazy("Not enough left"),
    Reason.EXPIRED: gettext_lazy("Expired"),
    Reason.NOT_YET_VALID: gettext_lazy("Too early"),
    Reason.ON_HOLD: gettext_lazy("On hold"),
    Reason.VOIDED: gettext_lazy("Cancelled"),
    Reason.WRONG_STORE: gettext_lazy("Another store"),
    Reason.SECOND_PERSON: gettext_lazy("Ask a colleague"),
    Reason.TOO_MANY_TRIES: gettext_lazy("Wait a little"),
    Reason.MANAGER_NEEDED: gettext_lazy("Ask a manager"),
}

MANAGERS_CAN = {
    Reason.EXPIRED: gettext_lazy("A manager can extend it."),
    Reason.ON_HOLD: gettext_lazy("A manager can see why, and take it off hold."),
    Reason.TOO_MANY_TRIES: gettext_lazy("A manager can let this tablet go on."),
}
STORES_NAMED_MAX = 4
A_MANAGER = StaffMember(role=StaffMember.Role.MANAGER)


@dataclass(frozen=True)
class Verdict:
    """One word to be read from afar, a sentence, and what may help."""

    kind: str
    word: str
    text: str = ""
    detail: str = ""
    charge: str = ""
    """What the guest still pays, to be seen before they leave."""
    hint: str = ""
    """Who else can help."""
    lets_go_on: bool = False
    """Whether a manager's PIN ends it."""


def refused(reason: Reason, detail: str = "", hint: str = "") -> Verdict:
    word = str(WORDS.get(reason, _("Stop")))
    return Verdict("refused", word, str(reason.label), detail, hint=hint)


def unknown() -> Verdict:
    return refused(Reason.UNKNOWN_CODE, _("Check it against the guest's page and try once more."))


def too_many_tries(reason: Reason, seconds: int) -> Verdict:
    """Of codes that are none; gifts that are good go on all the while."""
    told = [_("Good gifts go on.")]
    if reason == Reason.TOO_MANY_TRIES:
        minutes = -(-seconds // 60)
        wait = ngettext("Wait a minute.", "Wait %(minutes)s minutes.", minutes)
        told.insert(0, wait % {"minutes": minutes})
    verdict = refused(reason, " ".join(told), str(MANAGERS_CAN[Reason.TOO_MANY_TRIES]))
    return replace(verdict, lets_go_on=True)


def looked_up(found: LookUp, store: Store, now: datetime, hint: str = "") -> Verdict:
    """Why a code that was looked at is not accepted here. Expects the brand's scope; 1 query for a code
    of other stores."""
    assert found.reason is not None  # nosec B101  # the door asks only then
    more: dict[str, Any] = {}
    if found.reason == Reason.EXPIRED:
        more["last_day"] = found.code.last_day
    if found.reason == Reason.NOT_YET_VALID:
        more["valid_from"] = found.code.valid_from
    if found.reason == Reason.WRONG_STORE:
        more["stores"] = names_of_stores(found.code)
    if found.first_use:
        more["first_use"] = (found.first_use.store.name, found.first_use.redeemed_at)
    return refused(found.reason, _explain(found.reason, more, store, now), hint)


def names_of_stores(code: Code) -> list[str]:
    """Those that take it: on the guest's page too, so that staff may say it. Expects the brand's scope.
    1 query."""
    return list(Store.objects.good_for(code.store_ids).values_list("name", flat=True))


def hint(found: LookUp, staff: StaffMember, now: datetime, *, undo: bool) -> str:
    """What the person at the tablet, or a manager, can do about a gift that is not accepted."""
    if undo:
        return _("Was it a mistake? Undo is in the corner above.")
    if staff.role == StaffMember.Role.MANAGER or found.reason is None:
        return ""
    use = found.first_use
    if use and use.store_id == found.device.store_id:
        use.store.brand = found.device.brand
        if open_until(use, A_MANAGER) > now:
            return _("A mistake? A manager can undo it today.")
    return str(MANAGERS_CAN.get(found.reason, ""))


def answered(
    body: dict[str, Any], store: Store, now: datetime, stores: Sequence[str] = ()
) -> Verdict:
    """Why a redemption was refused, from its problem body. `stores`: those that take the gift, where it
    is for others than this one."""
    reason = Reason(body["reason"])
    more: dict[str, Any] = {}
    if "last_day" in body:
        more["last_day"] = date.fromisoformat(body["last_day"])
    if "valid_from" in body:
        more["valid_from"] = datetime.fromisoformat(body["valid_from"])
    if "first_use" in body:
        use = body["first_use"]
        more["first_use"] = (use["store"], datetime.fromisoformat(use["redeemed_at"]))
    if "balance" in body:
        more["balance"] = _money(body["balance"])
    if stores:
        more["stores"] = stores
    if reason in {Reason.TOO_MANY_TRIES, Reason.MANAGER_NEEDED}:
        return too_many_tries(reason, body["retry_after"])
    return refused(reason, _explain(reason, more, store, now))


def redeemed(body: dict[str, Any], basket_total: int | None = None) -> Verdict:
    """The big yes: what to hand over, to whom, and what to charge."""
    gift, taken = body["gift"], body["redeemed"]
    to_charge = body["extra"]
    sentences = []
    if gift["bearer_name"]:
        sentences.append(_("For %(name)s.") % {"name": gift["bearer_name"]})
    if gift["kind"] == Code.Kind.VALUE:
        sentences.append(_("%(money)s is left on it.") % {"money": _money(body["balance"])})
        word = _("Take off %(money)s") % {"money": _money(taken)}
        what = gift["label"]
        to_charge = {**taken, "amount": max(0, (basket_total or 0) - taken["amount"])}
    else:
        word = _("Hand it over")
        theirs = [choice for choice in body["choices"] if choice["chooser"] == "recipient"]
        picked = [
            words for _name, words in gift_choices.describe(theirs)
        ]  # the label tells the rest
        what = "\N{NO-BREAK SPACE}· ".join([gift["label"], *picked])
    charge = ""
    if to_charge["amount"]:
        charge = _("Charge %(money)s at the till.") % {"money": _money(to_charge)}
    return Verdict("ok", word, what, " ".join(sentences), charge)


def undone(label: str) -> Verdict:
    return Verdict("wait", _("Undone"), label, _("The guest can use this gift again."))


def not_undone(why: str) -> Verdict:
    return Verdict("refused", _("Not undone"), why)


def _explain(reason: Reason, more: dict[str, Any], store: Store, now: datetime) -> str:
    if "first_use" in more:
        place, at = more["first_use"]
        words = {"store": place, "when": when(at, store, now)}
        return _("First used at %(store)s, %(when)s") % words
    if "last_day" in more:
        return _("It was good until %(when)s") % {"when": date_format(more["last_day"])}
    if "valid_from" in more:
        return _("It is good from %(when)s") % {"when": when(more["valid_from"], store, now)}
    if "balance" in more:
        return _("%(money)s is left on it.") % {"money": more["balance"]}
    if more.get("stores"):
        return _("It is good at %(stores)s.") % {"stores": _listed(more["stores"])}
    if reason == Reason.WRONG_STORE:
        return _("No store takes it right now. A manager can look into it.")
    if reason in {Reason.ON_HOLD, Reason.VOIDED}:
        return _("The guest can ask the friend who sent it.")
    return ""


def _listed(names: Sequence[str]) -> str:
    """As many as a glance takes in, and how many more."""
    shown, more = ", ".join(names[:STORES_NAMED_MAX]), len(names) - STORES_NAMED_MAX
    if more <= 0:
        return shown
    return _("%(stores)s and %(more)s more") % {"stores": shown, "more": more}


def when(at: datetime, store: Store, now: datetime) -> str:
    """Today at 2:03 p.m., or May 3, 2026 at 2:03 p.m., on the store's clock."""
    local, today = at.astimezone(store.tz), now.astimezone(store.tz).date()
    words = {"date": date_format(local.date()), "time": time_format(local.time())}
    if local.date() == today:
        return _("today at %(time)s") % words
    return _("%(date)s at %(time)s") % words


def _money(told: dict[str, Any]) -> str:
    return money(told["amount"], told["currency"])
