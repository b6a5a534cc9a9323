"""Look-up and redemption answer one question alike: the same reason, with the same facts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_scopes import scope

from brands.models import Store
from redemption.audit.actors import SYSTEM, Actor
from redemption.choices import open_choices
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.codes.rotate import rotate
from redemption.models import Code, Device, RefusedAttempt, StaffMember
from redemption.redeem import guess_limit, payloads, redeem
from redemption.redeem.lookup import look_up
from redemption.redeem.reasons import FirstUse, Reason, Refusal
from redemption.redeem.rules import CodeRefused
from redemption.till import devices
from redemption.till.devices import PairedDevice
from redemption.till.views import verdicts
from tests.cast import MINT, make_staff, put_on_hold, symbols
from tests.redemption.till.views.conftest import sign_in, tablet_of

A_DAY = timedelta(days=1)
THEN = datetime(2026, 5, 3, 14, 3, tzinfo=UTC)


class Till(NamedTuple):
    device: Device
    code: Code
    other_store: Store
    now: datetime
    """To the second: so it is told, and so it is kept."""

    def change(self, **fields: Any) -> None:
        Code._base_manager.filter(pk=self.code.pk).update(**fields)

    def try_nonsense(self, times: int) -> None:
        for _ in range(times):
            guess_limit.note_wrong_try(
                device_id=self.device.pk, brand_id=self.device.brand_id, now=self.now
            )


@pytest.fixture
def till(device: Device, code: Code, store_b: Store) -> Till:
    return Till(device, code, store_b, timezone.now().replace(microsecond=0) + timedelta(seconds=1))


def spent(till: Till) -> str:
    text = symbols(till.code)
    assert redeem.redeem(
        device=till.device, text=text, key="first", picks=MINT, now=till.now
    ).redeemed
    return text


def over(till: Till) -> str:
    return _changed(till, valid_from=till.now - A_DAY, expires_at=till.now - timedelta(hours=1))


def too_early(till: Till) -> str:
    return _changed(till, valid_from=till.now + A_DAY)


def on_hold(till: Till) -> str:
    put_on_hold(till.code)
    return symbols(till.code)


def voided(till: Till) -> str:
    return _changed(till, state="voided", balance=0)


def replaced(till: Till) -> str:
    text = symbols(till.code)
    with scope(brand=till.code.brand):
        rotate(code_id=till.code.pk, actor=SYSTEM, reason="a slip", now=till.now)
    return text


def at_another_store(till: Till) -> str:
    return _changed(till, store_ids=[till.other_store.pk])


def given_here(till: Till) -> str:
    return _changed(till, issued_by=StaffMember._base_manager.get(name="Mo").pk)


def _changed(till: Till, **fields: Any) -> str:
    till.change(**fields)
    return symbols(till.code)


def after_tries(times: int) -> Callable[[Till], str]:
    def tried(till: Till) -> str:
        till.try_nonsense(times)
        return "nonsense"

    return tried


REFUSED_AT_BOTH: dict[Reason, Callable[[Till], str]] = {
    Reason.UNKNOWN_CODE: lambda till: "nonsense",
    Reason.ALREADY_REDEEMED: spent,
    Reason.EXPIRED: over,
    Reason.NOT_YET_VALID: too_early,
    Reason.ON_HOLD: on_hold,
    Reason.VOIDED: voided,
    Reason.REPLACED: replaced,
    Reason.WRONG_STORE: at_another_store,
    Reason.SECOND_PERSON: given_here,
    Reason.TOO_MANY_TRIES: after_tries(guess_limit.TRIES_PER_DEVICE),
    Reason.MANAGER_NEEDED: after_tries(guess_limit.TRIES_PER_DEVICE_AND_HOUR),
}
"""How each comes about: answers the text to be asked for."""

OF_THE_REQUEST = {
    Reason.CHOICES_REQUIRED,
    Reason.INVALID,
    Reason.INSUFFICIENT_BALANCE,
    Reason.IDEMPOTENCY_KEY_REUSED,
    Reason.BUSY,
}
"""What is wrong with a request to redeem, not with the code: a look-up has none of it to ask about."""

FACTS: dict[Reason, set[str]] = {
    Reason.ALREADY_REDEEMED: {"first_use"},
    Reason.EXPIRED: {"expires_at", "last_day"},
    Reason.NOT_YET_VALID: {"valid_from"},
    Reason.TOO_MANY_TRIES: {"retry_after"},
    Reason.MANAGER_NEEDED: {"retry_after"},
}


def looked(till: Till, text: str) -> Refusal | None:
    try:
        return look_up(device=till.device, text=text, now=till.now).refusal
    except CodeRefused as no:
        return no.refusal


def test_no_reason_is_left_out() -> None:
    assert REFUSED_AT_BOTH.keys() | OF_THE_REQUEST == set(Reason)
    assert not REFUSED_AT_BOTH.keys() & OF_THE_REQUEST


@pytest.mark.parametrize("reason", REFUSED_AT_BOTH, ids=str)
def test_each_reason_is_the_same_at_both_endpoints(
    till: Till, manager: StaffMember, reason: Reason
) -> None:
    text = REFUSED_AT_BOTH[reason](till)
    before = looked(till, text)
    after = redeem.redeem(device=till.device, text=text, key="k", picks=MINT, now=till.now).outcome
    assert isinstance(after, Refusal)
    assert before == after
    assert after.reason == reason
    told = {name for name, fact in after._asdict().items() if fact not in (None, "", ())}
    assert told == {"reason"} | FACTS.get(reason, set())


@pytest.mark.parametrize("reason", [each for each in FACTS if each in REFUSED_AT_BOTH], ids=str)
def test_programs_are_told_the_same_facts(
    client: Client, till: Till, till_system: PairedDevice, reason: Reason
) -> None:
    till = till._replace(device=till_system.device)
    sent: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {"Authorization": f"Device {till_system.token}", "Idempotency-Key": "k"},
    }
    body = {"code": REFUSED_AT_BOTH[reason](till)}
    with time_machine.travel(
        till.now, tick=False
    ):  # one moment: how long to wait is told in seconds
        looked_up = client.post("/api/v1/lookups/", body, **sent).json()
        redeemed = client.post("/api/v1/redemptions/", body, **sent).json()
    assert looked_up["reason"] == redeemed["reason"] == reason
    facts = looked_up.get("gift", looked_up)
    for fact in FACTS[reason]:
        assert facts[fact] == redeemed[fact]


def test_what_is_wrong_with_a_request_alone_stops_no_look_up(till: Till) -> None:
    """And the look-up told the facts that the refusal comes back to."""
    text = symbols(till.code)
    found = look_up(device=till.device, text=text, now=till.now)
    assert found.refusal is None

    def refused(**asked: Any) -> Refusal:
        answer = redeem.redeem(device=till.device, text=text, key="k", now=till.now, **asked)
        assert isinstance(answer.outcome, Refusal)
        return answer.outcome

    open_ = open_choices(found.code.choices)
    assert refused() == Refusal(Reason.CHOICES_REQUIRED, choices=open_)
    wrong = refused(picks={"flavour": "gravel"})
    assert (wrong.reason, wrong.choice) == (Reason.INVALID, "flavour")
    left = Refusal(Reason.INSUFFICIENT_BALANCE, balance=found.code.balance, currency="USD")
    assert refused(amount=651, picks=MINT) == left


KEPT = [
    Refusal(
        Reason.ALREADY_REDEEMED, first_use=FirstUse(THEN - timedelta(hours=3), "Pier", 650, "USD")
    ),
    Refusal(Reason.ALREADY_REDEEMED),
    Refusal(Reason.EXPIRED, expires_at=THEN, last_day=THEN.date()),
    Refusal(Reason.NOT_YET_VALID, valid_from=THEN),
    Refusal(Reason.INSUFFICIENT_BALANCE, balance=0, currency="JPY"),
    *map(
        Refusal,
        [Reason.ON_HOLD, Reason.VOIDED, Reason.WRONG_STORE, Reason.SECOND_PERSON, Reason.REPLACED],
    ),
]


@pytest.mark.parametrize("refusal", KEPT, ids=lambda refusal: str(refusal.reason))
def test_a_kept_refusal_says_what_it_said(refusal: Refusal) -> None:
    assert payloads.outcome(json.loads(json.dumps(payloads.refused(refusal)))) == refusal


def test_every_settled_refusal_can_be_read_back() -> None:
    """Those that are kept are the ones a till is not asked to complete or to wait for."""
    never_kept = {
        *(OF_THE_REQUEST - {Reason.INSUFFICIENT_BALANCE}),
        *{Reason.UNKNOWN_CODE, Reason.TOO_MANY_TRIES, Reason.MANAGER_NEEDED},
    }
    assert {refusal.reason for refusal in KEPT} == set(Reason) - never_kept


@pytest.mark.parametrize("spent_before", [False, True])
def test_a_repeat_is_worded_as_the_first_answer(till: Till, spent_before: bool) -> None:
    """From the text that was kept, though the code is another by then."""
    text = spent(till) if spent_before else symbols(till.code)
    asked: dict[str, Any] = {"device": till.device, "text": text, "key": "k", "picks": MINT}
    first = redeem.redeem(**asked, now=till.now)
    later = redeem.redeem(**asked, now=till.now + timedelta(minutes=5))
    assert later.replayed
    assert later.fresh is None
    assert later.text == first.text
    words = [_worded(answer, till) for answer in (first, later)]
    assert words[0] == words[1]


def _worded(answer: redeem.Answer, till: Till) -> verdicts.Verdict:
    outcome = answer.outcome
    if isinstance(outcome, Refusal):
        return verdicts.refused(outcome, till.device.store, THEN)
    return verdicts.redeemed(outcome)


class TestGoodwillGift:
    """Given by Mo: who may hand it over is asked the same way at both endpoints."""

    @pytest.fixture
    def gift(self, device: Device, manager: StaffMember) -> Code:
        with scope(brand=device.brand):
            return issue_goodwill_gift(
                staff=manager, device=device, amount=500, label="Sorry", reason="it melted"
            )

    @pytest.mark.parametrize("by_giver", [True, False])
    def test_by_who_signed_in(
        self,
        paired: PairedDevice,
        gift: Code,
        manager: StaffMember,
        cashier: StaffMember,
        by_giver: bool,
    ) -> None:
        tablet = tablet_of(paired)
        sign_in(tablet, manager if by_giver else cashier)
        sent = {"code": symbols(gift), "key": "k"}
        looked_up = tablet.post("/till/lookups/", sent).content.decode()
        redeemed = tablet.post("/till/redemptions/", sent)
        assert redeemed.status_code == (409 if by_giver else 201)
        for told in (looked_up, redeemed.content.decode()):
            assert ("Ask a colleague" in told) is by_giver

    @pytest.mark.parametrize("key_by", ["Mo", "Ada", "server"])
    @pytest.mark.parametrize("label", ["Mo", "Dana", ""])
    def test_a_label_changes_nothing(
        self,
        client: Client,
        store: Store,
        gift: Code,
        manager: StaffMember,
        cashier: StaffMember,
        key_by: str,
        label: str,
    ) -> None:
        """Over the API: what counts is who made the key, whoever the till says is there."""
        ada = make_staff(store, "Ada", StaffMember.Role.MANAGER)
        made_by = {"Mo": Actor.staff(manager), "Ada": Actor.staff(ada), "server": SYSTEM}[key_by]
        _waiting, one_time = devices.invite(
            store=store, name="It", profile=Device.Profile.INTEGRATION, actor=made_by
        )
        token = devices.pair(one_time_token=one_time).token
        people = {"Mo": manager, "Dana": cashier}
        body = {"code": symbols(gift)}
        if label:
            body["staff"] = str(people[label].pk)
        answers = [
            client.post(
                f"/api/v1/{endpoint}/",
                body,
                content_type="application/json",
                headers={"Authorization": f"Device {token}", "Idempotency-Key": "k"},
            )
            for endpoint in ("lookups", "redemptions")
        ]
        reason = "second_person" if key_by == "Mo" else None
        assert [answer.json().get("reason") for answer in answers] == [reason, reason]
        with scope(brand=store.brand):
            kept = RefusedAttempt.objects.order_by("pk").values_list("act", "reason", "staff")
            who = people[label].pk if label else None
            assert list(kept) == (
                [("lookup", reason, who), ("redemption", reason, who)] if reason else []
            )


@pytest.mark.parametrize("endpoint", ["lookups", "redemptions"])
def test_nobody_of_another_store_is_named(
    client: Client, code: Code, till_system: PairedDevice, store_b: Store, endpoint: str
) -> None:
    """Also of a text that is no code: the answer tells nothing of it."""
    theo = make_staff(store_b, "Theo")
    for text in (symbols(code), "nonsense"):
        answer = client.post(
            f"/api/v1/{endpoint}/",
            {"code": text, "staff": str(theo.pk)},
            content_type="application/json",
            headers={"Authorization": f"Device {till_system.token}", "Idempotency-Key": "k"},
        )
        assert answer.status_code == 400
        assert answer.json()["errors"] == {"staff": ["Nobody of that id works at this store."]}
