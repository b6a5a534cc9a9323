"""What is kept how long: one table for everything that the product keeps, and the work of forgetting.

Rows past their time are deleted in small batches, each in a transaction of its own. A batch is read along
an index, the oldest first, and the work ends at the first rows that are young, so that no statement reads
a whole table. What one night does not finish, the next goes on with. docs/retention.md is this table in
words; a test holds them equal.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django_scopes import scopes_disabled

from giftshop.accounts.models import AccountLetter, BrowserSession, Invitation
from giftshop.delivery.models import Attempt, Report
from giftshop.handouts.models import ListDraft
from giftshop.models import SearchInVain
from giftshop.openings.models import OpeningCode
from giftshop.operator import unpaid_orders
from giftshop.orders.models import Draft, Order
from giftshop.outbox.models import Message
from giftshop.payments.models import StripeEvent
from giftshop.pictures import forget as pictures
from giftshop.pictures.models import Picture
from giftshop.questions.models import Question
from giftshop.sheets.models import MenuImport
from giftshop.texts.models import Consent, SentText
from redemption.models import (
    Device,
    IdempotencyRecord,
    RateCount,
    RetiredCode,
    RetiredToken,
    WrongTries,
)

BATCH = 500
TURN = timedelta(seconds=60)
"""Of one run, of which there are sixteen a night: other tasks wait for a child of the worker meanwhile."""
COUNTED_MAX = 100_000
"""So many due rows are counted for each table, and no more."""

BY_KEY = "pk"


@dataclass(frozen=True)
class Kept:
    """Rows that go after a time."""

    what: str
    model: type[Model]
    days: int
    age: str
    """The moment from which the days count; rows without it are kept."""
    why: str
    made: str = ""
    """Where it is another than `age`: never empty, and grows with the key."""
    order: str = BY_KEY
    """What the oldest are found by: a key that grows with time, or `age` if that has an index."""
    only: Q = field(default_factory=Q)
    over: Callable[[datetime], Q] | None = None
    """More that a row must be, told the moment before which it must have happened."""
    forget: Callable[..., int] | None = None
    """Deletes rows of these keys, with what hangs on them: `forget(keys, cutoff=...)`; how many went."""
    stands_alone: bool = True
    """No row of another table goes or changes with it."""

    def cutoff(self, now: datetime) -> datetime:
        return now - timedelta(days=self.days)


KEPT: tuple[Kept, ...] = (
    Kept(
        "Answers under an idempotency key", IdempotencyRecord, 400, "created_at",
        "A till may repeat a request for so long and gets the same bytes.",
    ),
    Kept(
        "Stripe's events, without their payers", StripeEvent, 120, "processed_at",
        "For disputes, which may come so late. What is not worked off stays.",
        made="received_at",
    ),
    Kept(
        "Messages of the outbox that are done", Message, 30, "done_at",
        "For looking back at what went wrong. What was told stands elsewhere.",
        made="occurred_at",
    ),
    Kept(
        "Attempts to deliver an e-mail", Attempt, 180, "at",
        "For asking a mail server's owner. That it was sent stands with the gift.",
    ),
    Kept(
        "Reports of what became of an e-mail", Report, 180, "received_at",
        "For telling a late or doubled one from news. Where it led stands with the gift.",
    ),
    Kept(
        "Texts that the provider took, counted", SentText, 400, "sent_at",
        "For what a year of texts costs, and which left twice. They hold no number.",
    ),
    Kept(
        "Numbers that were asked for a yes to texts, and never answered", Consent, 30, "asked_at",
        "Nobody has said yes. Whoever wants texts later is asked anew.",
        only=Q(given_at=None, withdrawn_at=None),
    ),
    Kept(
        "Drafts", Draft, 30, "updated_at",
        "They hold names and addresses; nobody comes back to them later.",
        made="created_at",
        stands_alone=False,
    ),
    Kept(
        "Orders that nobody paid, with gifts and recipients", Order, 60, "placed_at",
        "They hold names and addresses. A draft leads back for 30 days, Stripe tells of one for 30 more.",
        order="placed_at",
        over=unpaid_orders.over,
        forget=unpaid_orders.forget,
    ),
    Kept(
        "Sessions", Session, 0, "expire_date",
        "Over when they say so.",
        order="expire_date",
    ),
    Kept(
        "Sign-ins to the studio", AccessLog, 90, "attempt_time",
        "For seeing that somebody else signed in. They hold addresses.",
    ),
    Kept(
        "Wrong passwords, counted", AccessAttempt, 90, "attempt_time",
        "For seeing that somebody tries. They hold addresses.",
        stands_alone=False,
    ),
    Kept(
        "Wrong passwords, one by one", AccessFailureLog, 90, "attempt_time",
        "The same.",
    ),
    Kept(
        "Wrong codes, PINs and links, counted", WrongTries, 1, "since",
        "A count makes somebody wait for minutes.",
        order="since",
    ),
    Kept(
        "How often somebody did something", RateCount, 1, "since",
        "A count makes somebody wait for minutes.",
        order="since",
    ),
    Kept(
        "Tokens that devices had before", RetiredToken, 400, "retired_at",
        "One that is used again tells of a copy. So long a browser would keep it.",
        order="retired_at",
    ),
    Kept(
        "Symbols and links that gifts had before", RetiredCode, 400, "retired_at",
        "A till says of one that it was replaced. Later it is unknown, like any other.",
        order="retired_at",
    ),
    Kept(
        "Codes to open a gift on another phone", OpeningCode, 1, "asked_at",
        "They are good for ten minutes.",
    ),
    Kept(
        "Invitations of people", Invitation, 90, "expires_at",
        "They hold addresses. Who came in has an account; Activity remembers who invited.",
        made="created_at",
        stands_alone=False,
    ),
    Kept(
        "Questions that are not on a shop", Question, 90, "changed_at",
        "An address in one goes with its answer; one that was never answered holds it until then.",
        order="changed_at",
        only=Q(shown_at__isnull=True),
    ),
    Kept(
        "Letters to people about their own account", AccountLetter, 7, "expires_at",
        "They hold addresses. What a letter opens is wiped when it is sent.",
        made="created_at",
    ),
    Kept(
        "Browsers in which somebody signed in", BrowserSession, 15, "began_at",
        "For the list of them. The studio closes after 14 days in any case.",
    ),
    Kept(
        "Invitations of devices that nobody took up", Device, 7, "pairing_expires_at",
        "They are good for minutes. A device that was ever paired stays.",
        made="created_at",
        only=Q(paired_at__isnull=True),
    ),
    Kept(
        "Pictures that nothing shows any more, with their files", Picture, pictures.KEPT_DAYS, "unused_since",
        "Pages left open and previews of links show them a while longer. E-mails bring their own.",
        made="created_at",
        forget=pictures.forget,
    ),
    Kept(
        "Sheets of menus that nobody took over", MenuImport, 1, "created_at",
        "Their owner looks at what would change and says yes, or uploads another.",
    ),
    Kept(
        "Lists of people that nobody sent anything", ListDraft, 1, "created_at",
        "Whoever brought one looks at it and says yes, or brings another. They hold names and addresses.",
    ),
    Kept(
        "Searches of support that found nothing", SearchInVain, 180, "at",
        "For seeing what was looked for, and by whom. Addresses and codes are masked.",
    ),
)  # fmt: skip

FOR_EVER: dict[str, str] = {
    "The books: codes and what they offer, entries, postings, redemptions, reversals": (
        "redemption_code redemption_journalentry redemption_posting redemption_redemption"
        " redemption_reversal redemption_goodwillgift redemption_optionlist offers_offeruse"
    ),
    "The audit log, refused attempts, void requests, holds, alarms": (
        "redemption_auditentry redemption_refusedattempt redemption_voidrequest redemption_hold"
        " redemption_alarm"
    ),
    "Of paid orders: gifts, reviews, payments, refunds, disputes, terms; what was sent, and to whom not": (
        "orders_gift orders_recipient reviews_review legal_termsversion payments_payment"
        " refunds_refund refunds_refundline refunds_dispute refunds_fraudwarning"
        " delivery_delivery delivery_suppression handouts_handoutline"
    ),
    "What figures are sums of: facts, visits (no address), attributions, why people come; and the sums": (
        "reviews_standing reasons_answer campaigns_fact campaigns_visit campaigns_countervisit"
        " campaigns_attribution campaigns_rollup"
    ),
    "What owners set up: brands, stores, people, paired devices, menus, news, campaigns, accounts": (
        "news_news reasons_round reasons_skip campaigns_letter campaigns_letterstop"
        " brands_brand brands_store redemption_staffmember redemption_staffmember_stores"
        " catalog_treat catalog_treat_stores catalog_price catalog_optiongroup catalog_option catalog_soldout"
        " offers_offer handouts_handout campaigns_campaign campaigns_campaign_treats campaigns_link"
        " campaigns_linkday campaigns_treatcost"
        " accounts_user accounts_membership accounts_membership_stores accounts_user_groups"
        " accounts_user_user_permissions mfa_authenticator account_emailaddress account_emailconfirmation"
        " socialaccount_socialaccount socialaccount_socialapp socialaccount_socialtoken"
    ),
    "A few rows that are written over: workers, watermarks, the operator's alarms, Django's own": (
        "outbox_worker outbox_lease payments_stripewatermark giftshop_operatoralarm"
        " texts_messagetemplate auth_group auth_group_permissions auth_permission django_content_type"
    ),
}
"""Tables by what is in them. Facts are held by triggers: the product could not delete them."""


def run(*, now: datetime, most: timedelta = TURN) -> dict[str, int]:
    """Delete what is past its time, a batch of each table in turn, for at most so long. Returns how many
    rows went, by what they were. Each batch is one transaction."""
    end = time.monotonic() + most.total_seconds()
    gone = {kept.what: 0 for kept in KEPT}
    with scopes_disabled():
        waiting = [(kept, _batches(kept, now)) for kept in KEPT]
        while waiting and time.monotonic() < end:
            still = []
            for kept, batches in waiting:
                keys = next(batches, None)
                if keys is not None:
                    gone[kept.what] += _delete(kept, keys, now) if keys else 0
                    still.append((kept, batches))
            waiting = still
    return gone


def due(kept: Kept, *, now: datetime) -> int:
    """How many rows are past their time, counted up to COUNTED_MAX."""
    with scopes_disabled():
        if kept.order != BY_KEY:
            return _of_age(kept, now)[:COUNTED_MAX].count()
        found = 0
        for keys in _batches(kept, now):
            found += len(keys)
            if found >= COUNTED_MAX:
                break
    return min(found, COUNTED_MAX)


def _batches(kept: Kept, now: datetime) -> Iterator[list[Any]]:
    """Keys of rows that are past their time, batch by batch, the oldest first.

    Found by an indexed age, each batch is what the one before has left. Found by a growing key, rows
    that stay are walked over (a batch may be empty), until one ends with a young row.
    """
    if kept.order != BY_KEY:
        before: list[Any] = []
        while keys := list(_of_age(kept, now).values_list("pk", flat=True)[:BATCH]):
            if keys == before:  # nothing went: somebody is at work on them
                return
            yield (before := keys)
        return
    cutoff, made = kept.cutoff(now), kept.made or kept.age
    rows = kept.model._default_manager.order_by("pk").values_list("pk", kept.age, made)
    batch = list(rows[:BATCH])
    while batch:
        yield [key for key, age, _made in batch if age and age < cutoff]
        if batch[-1][2] >= cutoff:
            return
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def _of_age(kept: Kept, now: datetime) -> QuerySet[Any]:
    cutoff = kept.cutoff(now)
    wanted = kept.only & kept.over(cutoff) if kept.over else kept.only
    of_age = kept.model._default_manager.filter(wanted, **{f"{kept.age}__lt": cutoff})
    return of_age.order_by(kept.order)


def _delete(kept: Kept, keys: list[Any], now: datetime) -> int:
    """Only those that are still past their time: a draft may have been taken up again."""
    if kept.forget:
        return kept.forget(keys, cutoff=kept.cutoff(now))
    rows = _of_age(kept, now).order_by().filter(pk__in=keys)
    with transaction.atomic(durable=True):
        if kept.stands_alone:
            return rows._raw_delete(rows.db)
        _all, by_model = rows.delete()
        return by_model.get(kept.model._meta.label, 0)
