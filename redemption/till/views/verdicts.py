"""What the panel says, in words for the person at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from brands.models import Store
from core.bidi import isolated
from core.templatetags.money import money
from redemption import choices as gift_choices
from redemption.models import Code, Device, StaffMember
from redemption.redeem.reasons import Reason, Refusal
from redemption.redeem.reverse import open_until
from redemption.redeem.rules import Redeemed

WORDS = {
    Reason.UNKNOWN_CODE: gettext_lazy("Not found"),
    Reason.REPLACED: gettext_lazy("Old code"),
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
    Reason.TOO_MANY_TRIES: gettext_lazy("A manager can let this device go on."),
}
STORES_NAMED_MAX = 4


@dataclass(frozen=True)
class Verdict:
    """One word to be read from afar, a sentence, and what may help."""

    kind: str
    word: str
    text: str = ""
    detail: str = ""
    charge: str = ""
    """What the recipient still pays, to be seen before they leave."""
    hint: str = ""
    """Who else can help."""
    names_treat: bool = False
    """Whether `text` is how the brand calls its treat, in the brand's language."""
    lets_go_on: bool = False
    """Whether a manager's PIN ends it."""

    @property
    def said(self) -> str:
        """All but the word, in sentences: the word is a heading that takes the focus, and is read by that."""
        told = filter(None, [self.charge, isolated(self.text), self.detail, self.hint])
        return " ".join(words if words[-1] in ".!?" else f"{words}." for words in told)


def no(reason: Reason, detail: str = "", hint: str = "") -> Verdict:
    word = str(WORDS.get(reason, _("Stop")))
    return Verdict("refused", word, str(reason.label), detail, hint=hint)


def refused(
    refusal: Refusal, store: Store, now: datetime, *, stores: Sequence[str] = (), hint: str = ""
) -> Verdict:
    """Why a gift is not accepted. `stores`: the names of those that take it, where it is for others than
    this one."""
    if refusal.retry_after is not None:
        return _too_many_tries(refusal.reason, refusal.retry_after)
    return no(refusal.reason, _explain(refusal, store, now, stores), hint)


def _too_many_tries(reason: Reason, seconds: int) -> Verdict:
    """Of codes that are none; gifts that are good go on all the while."""
    told = [_("Good gifts go on.")]
    if reason == Reason.TOO_MANY_TRIES:
        minutes = -(-seconds // 60)
        wait = ngettext("Wait a minute.", "Wait %(minutes)s minutes.", minutes)
        told.insert(0, wait % {"minutes": minutes})
    verdict = no(reason, " ".join(told), str(MANAGERS_CAN[Reason.TOO_MANY_TRIES]))
    return replace(verdict, lets_go_on=True)


def names_of_stores(store_ids: Sequence[UUID], refusal: Refusal) -> list[str]:
    """Those that take it, where this one does not: on the recipient's page too, so that staff may say it.
    Expects the brand's scope. 1 query then."""
    if refusal.reason != Reason.WRONG_STORE:
        return []
    return list(Store.objects.good_for(store_ids).values_list("name", flat=True))


def not_here(stores: Sequence[str]) -> Verdict:
    """A good gift of a treat that this store has not on its menu: for its staff, whose manager decides."""
    return Verdict(
        "refused",
        str(WORDS[Reason.WRONG_STORE]),
        _("This store does not have it."),
        had_at(stores),
        hint=_("A manager can hand it over all the same."),
    )


def had_at(stores: Sequence[str]) -> str:
    if not stores:
        return _("No store has it right now.")
    return _("It is to be had at %(stores)s.") % {"stores": _listed(stores)}


def hint(
    refusal: Refusal, device: Device, staff: StaffMember, now: datetime, *, open_reversal: bool
) -> str:
    """What the person at the device, or a manager, can do about a gift that is not accepted."""
    if open_reversal:
        return _("Was it a mistake? Undo is in the corner above.")
    if staff.role == StaffMember.Role.MANAGER:
        return ""
    use, manager = refusal.first_use, StaffMember.Role.MANAGER
    if use and use.store_id == device.store_id:
        until = open_until(use.at, brand=device.brand, store=device.store, role=manager)
        if until > now:
            return _("A mistake? A manager can undo it today.")
    return str(MANAGERS_CAN.get(refusal.reason, ""))


def redeemed(done: Redeemed, basket_total: int | None = None) -> Verdict:
    """The big yes: what to hand over, to whom, and what to charge."""
    to_charge = done.extra
    sentences = []
    if done.recipient_name:
        sentences.append(_("For %(name)s.") % {"name": isolated(done.recipient_name)})
    if done.kind == Code.Kind.VALUE:
        left = money(done.balance, done.currency)
        sentences.append(_("%(money)s is left on it.") % {"money": left})
        word = _("Take off %(money)s") % {"money": money(done.amount, done.currency)}
        what = done.label
        to_charge = max(0, (basket_total or 0) - done.amount)
    else:
        word = _("Hand it over")
        theirs = [choice for choice in done.choices if choice["chooser"] == "recipient"]
        picked = [
            words for _name, words in gift_choices.describe(theirs)
        ]  # the label tells the rest
        what = "\N{NO-BREAK SPACE}· ".join([done.label, *picked])
    charge = ""
    if to_charge:
        rest = money(to_charge, done.currency)
        charge = _("Charge %(money)s at the till.") % {"money": rest}
    return Verdict("ok", word, what, " ".join(sentences), charge, names_treat=True)


def reversal(label: str) -> Verdict:
    detail = _("The guest can use this gift again.")
    return Verdict("wait", _("Undone"), label, detail, names_treat=True)


def no_reversal(why: str) -> Verdict:
    return Verdict("refused", _("Not undone"), why)


def _explain(refusal: Refusal, store: Store, now: datetime, stores: Sequence[str]) -> str:
    reason, use = refusal.reason, refusal.first_use
    if reason == Reason.UNKNOWN_CODE:
        return _("Check it against the guest's page and try once more.")
    if use:
        words = {"store": isolated(use.store), "when": when(use.at, store, now)}
        return _("First used at %(store)s, %(when)s") % words
    if refusal.last_day:
        return _("It was good until %(when)s") % {"when": date_format(refusal.last_day)}
    if refusal.valid_from:
        return _("It is good from %(when)s") % {"when": when(refusal.valid_from, store, now)}
    if refusal.balance is not None:
        left = money(refusal.balance, refusal.currency)
        return _("%(money)s is left on it.") % {"money": left}
    if stores:
        return _("It is good at %(stores)s.") % {"stores": _listed(stores)}
    if reason == Reason.WRONG_STORE:
        return _("No store takes it right now. A manager can look into it.")
    if reason in {Reason.ON_HOLD, Reason.VOIDED}:
        return _("The guest can ask the friend who sent it.")
    return ""


def _listed(names: Sequence[str]) -> str:
    """As many as a glance takes in, and how many more."""
    shown, more = ", ".join(map(isolated, names[:STORES_NAMED_MAX])), len(names) - STORES_NAMED_MAX
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
