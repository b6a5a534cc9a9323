"""How long gifts are good: from the day they arrive, to a last day that everybody calls the same."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from django_scopes import scope, scopes_disabled

from brands.models import Brand
from core import validity
from core.ids import uuid7
from core.times import moment
from core.validity import in_words
from giftshop.catalog.models import Treat
from giftshop.delivery import emails
from giftshop.delivery.models import Delivery
from giftshop.orders.models import Draft
from giftshop.studio.audit.words import notes
from redemption.codes import issue, issue_batch
from redemption.codes.issue import CodeSpec
from redemption.models import Code, Device, StaffMember
from redemption.redeem import lookup, payloads
from redemption.redeem.reasons import Refusal
from redemption.till.devices import PairedDevice
from redemption.till.views import verdicts
from tests.cast import Place, line, pay, symbols
from tests.giftshop.giving.steps import ready_draft, url
from tests.product import PRODUCT
from tests.redemption.till.views.conftest import sign_in, tablet_of

pytestmark = pytest.mark.django_db
SOURCES = (*PRODUCT, "templates")


@pytest.mark.parametrize("ahead", [0, 1, 90, 180, 366])
def test_a_scheduled_gift_is_good_for_all_its_days_from_when_it_arrives(
    brand: Brand, place: Place, treat: Treat, ahead: int
) -> None:
    Brand.objects.filter(pk=brand.pk).update(gift_valid_days=90)
    arrives = timezone.now() + timedelta(days=ahead) if ahead else None
    with scope(brand=brand):
        order = place(lines=[line(treat, deliver_at=arrives)])
    pay(order)
    with scope(brand=brand):
        [gift] = order.gifts.with_everything()
    arrives_on = (arrives or timezone.now()).astimezone(brand.tz).date()
    assert gift.code
    assert gift.code.last_day == arrives_on + timedelta(days=90)


def test_a_gift_that_is_paid_after_its_day_counts_from_the_payment(in_brand: Brand) -> None:
    now = timezone.now()
    [code] = issue.issue(
        brand=in_brand,
        reference="late",
        origin=Code.Origin.PAID,
        specs=[CodeSpec("late", "Treat", 650, arrives_at=now - timedelta(days=9))],
        now=now,
    )
    assert code.expires_at == in_brand.expiry_for(now)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "America/Los_Angeles"])
def test_the_last_day_is_the_day_that_was_asked_for(zone: str) -> None:
    brand = Brand(time_zone=zone)
    for day in (date(2026, 12, 2), date(2026, 3, 29), date(2028, 2, 29)):
        assert validity.last_day(validity.end_of(day, brand.tz), brand.tz) == day


def test_every_page_mail_and_program_names_the_same_last_day(
    client: Client,
    brand: Brand,
    treat: Treat,
    place: Place,
    paired: PairedDevice,
    till_system: PairedDevice,
    cashier: StaffMember,
    manager: StaffMember,
) -> None:
    promised = _on_the_pay_page(client, ready_draft(client, brand, treat))
    order = pay(place())
    with scope(brand=brand):
        gift = order.gifts.with_everything().get(position=1)
        assert gift.code
        code, day = gift.code, gift.code.last_day
        letter = emails.gift_letter(Delivery(purpose="gift", brand=brand), gift)
    words = date_format(day)
    assert promised == day
    assert f"Good until {words}" in letter.body
    client.post(f"/gift/{gift.link_token()}/opening/")
    page = client.get(f"/gift/{gift.link_token()}/").content.decode()
    assert f"Good until <strong>{words}</strong>" in page
    console = tablet_of(paired)
    sign_in(console, manager)
    told = console.post(f"/till/manager/gifts/{code.pk}/", follow=True)
    assert words in told.content.decode()
    assert _told_by_the_api(till_system, code)["last_day"] == day.isoformat()
    assert notes({"to": moment(code.expires_at)}, brand.tz)[0][1] == words
    _over(code)
    code.refresh_from_db()
    ended = date_format(code.last_day)
    assert f"It was good until {ended}" in _at_the_till(paired.device, code)
    page = client.get(f"/gift/{gift.link_token()}/").content.decode()
    assert f"It was good until {ended}" in page
    answer = _redeemed_by_the_api(till_system, code)
    assert (answer["reason"], answer["last_day"]) == ("expired", code.last_day.isoformat())
    kept = payloads.outcome(answer)
    assert isinstance(kept, Refusal)
    verdict = verdicts.refused(kept, paired.device.store, timezone.now())
    assert f"It was good until {ended}" in verdict.detail


def _on_the_pay_page(client: Client, draft: Draft) -> date:
    first, last = client.get(url(draft, "pay")).context["last_days"]
    assert first == last
    assert f"until {date_format(last)}," in client.get(url(draft, "pay")).content.decode()
    return date(last.year, last.month, last.day)


def _told_by_the_api(paired: PairedDevice, code: Code) -> dict[str, str]:
    told: dict[str, str] = _api(paired, "lookups", {"code": symbols(code)}).json()["gift"]
    return told


def _redeemed_by_the_api(paired: PairedDevice, code: Code) -> dict[str, Any]:
    told: dict[str, Any] = _api(paired, "redemptions", {"code": symbols(code)}, key="k").json()
    return told


def _api(paired: PairedDevice, endpoint: str, body: dict[str, str], key: str = "") -> Any:
    headers = {
        "Authorization": f"Device {paired.token}",
        **({"Idempotency-Key": key} if key else {}),
    }
    return Client(headers=headers).post(
        f"/api/v1/{endpoint}/", body, content_type="application/json"
    )


def _over(code: Code) -> None:
    with scopes_disabled():
        Code.objects.filter(pk=code.pk).update(
            valid_from=timezone.now() - timedelta(days=9),
            expires_at=validity.end_of(
                timezone.now().astimezone(code.brand.tz).date() - timedelta(days=1), code.brand.tz
            ),
        )


def _at_the_till(device: Device, code: Code) -> str:
    now = timezone.now()
    found = lookup.look_up(device=device, text=symbols(code), now=now)
    assert found.refusal is not None
    return verdicts.refused(found.refusal, device.store, now).detail


def test_nobody_else_makes_a_day_of_the_end() -> None:
    """What shows a day goes by validity.py; a template has no moment of the end to format."""
    for folder in SOURCES:
        for file in Path(folder).rglob("*"):
            if file.suffix in {".html", ".txt", ".mjml"}:
                assert "expires_at" not in file.read_text(), file
                assert "valid_until" not in file.read_text(), file
            elif file.suffix == ".py" and file.name != "validity.py":
                text = file.read_text()
                assert not re.search(
                    r"expires_at\W.{0,40}(microseconds|\.date\(\)|date_format)", text
                )


class TestTooFarOff:
    """Midnight after the calendar's last day is in the year 10000, which no clock can read."""

    FAR = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)

    def test_no_code_is_issued(self, in_brand: Brand) -> None:
        with pytest.raises(validity.TooFar):
            issue.issue(
                brand=in_brand,
                reference="r",
                origin=Code.Origin.PROMOTIONAL,
                specs=[CodeSpec("r", "Treat", 650)],
                now=timezone.now(),
                expires_at=self.FAR,
            )
        with pytest.raises(validity.TooFar):
            batch = issue_batch.issue_batch(
                batch_id=uuid7(),
                reference="r",
                brand=in_brand,
                count=1,
                amount=100,
                label="Treat",
                now=timezone.now(),
                expires_at=self.FAR,
            )
            next(batch)
        assert not Code.objects.exists()

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
    def test_the_latest_day_of_a_form_is_taken_by_all(self, brand: Brand, zone: str) -> None:
        now = timezone.now()
        brand.time_zone = zone
        end = validity.end_of(validity.latest_day(now, brand.tz), brand.tz)
        validity.check(end, now)
        assert moment(end)
        with pytest.raises(validity.TooFar):
            validity.check(end + timedelta(days=3), now)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1830, "5 years"), (1825, "5 years"), (366, "1 year"), (186, "6 months"), (31, "1 month"),
        (90, "90 days"), (1827, "1827 days"), (1, "1 day"), (0, "0 days"),
    ],
)  # fmt: skip
def test_days_are_said_as_people_say_them(days: int, words: str) -> None:
    assert in_words(days) == words
