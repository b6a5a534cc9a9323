import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope, scopes_disabled
from pytest_django import DjangoAssertNumQueries

from brands.models import Brand, Store
from redemption.codes.issue_goodwill import issue_goodwill_gift
from redemption.models import AuditEntry, Code, Device, Redemption, Reversal, StaffMember
from redemption.till.devices import PairedDevice
from tests.cast import make_staff
from tests.redemption.till.views.conftest import MakeCode, sign_in
from tests.redemption.till.views.manager.conftest import MakeRedemption

NOON = datetime(2026, 5, 14, 19, 30, tzinfo=UTC)
"""12:30 in Seattle."""
PAGES = ("", "refused/", "shift/", "staff/", "staff/new/", "devices/", "gifts/", "requests/")


@pytest.fixture(autouse=True)
def a_day_in_may() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("page", PAGES)
def test_a_cashier_is_told_that_these_pages_are_for_managers(danas: Client, page: str) -> None:
    answer = danas.get(f"/till/manager/{page}")

    assert answer.status_code == 403
    assert b"Only for managers" in answer.content


@pytest.mark.parametrize("page", PAGES)
def test_who_has_not_signed_in_is_asked_to(tablet: Client, page: str) -> None:
    answer = tablet.get(f"/till/manager/{page}")

    assert (answer.status_code, answer["Location"]) == (302, "/till/staff/")


def test_a_form_sent_too_late_leads_to_the_pin(tablet: Client) -> None:
    answer = tablet.post("/till/manager/shift/export/")

    assert (answer.status_code, answer["Location"]) == (302, "/till/staff/")


def test_the_till_shows_the_way_to_managers_only(console: Client, cashier: StaffMember) -> None:
    assert b'href="/till/manager/"' in console.get("/till/").content
    sign_in(console, cashier)
    assert b'href="/till/manager/"' not in console.get("/till/").content


def test_figures_of_the_day(
    console: Client,
    cashier: StaffMember,
    manager: StaffMember,
    redeemed: MakeRedemption,
    refuse: Callable[..., object],
) -> None:
    redeemed(at=NOON, staff=cashier, basket_total=1250, extra_amount=50)  # 6.00 over
    redeemed(at=NOON - timedelta(hours=2), staff=cashier, extra_amount=75)  # 0.75 over
    redeemed(at=NOON - timedelta(hours=2), basket_total=300)  # by a till system, nothing over
    take_back(redeemed(at=NOON, staff=manager, amount=9900))
    redeemed(at=NOON - timedelta(days=1), staff=cashier, amount=8800)
    refuse(at=NOON, reason="unknown_code")

    context = console.get("/till/manager/").context
    total = context["day"].total
    assert (total.count, total.value, total.extras, total.over) == (3, 1950, 125, 675)
    assert (total.reversals, context["refused"]) == (1, 1)
    names = [(name, tally.count) for name, tally in context["day"].by_staff]
    assert names == [("Dana", 2), ("", 1), ("Mo", 0)]
    hours = {column.at.hour: column.count for column in context["columns"]}
    assert (hours[10], hours[12]) == (2, 1)
    assert min(hours) == 8, "from when it opens"
    assert max(hours) == 19, "until it closes"


def test_whom_a_till_system_names_is_not_whoever_signed_in(
    console: Client, cashier: StaffMember, till_system: PairedDevice, redeemed: MakeRedemption
) -> None:
    redeemed(at=NOON, staff=cashier)
    redeemed(at=NOON, staff=cashier, device=till_system.device)

    names = [
        (name, tally.count) for name, tally in console.get("/till/manager/").context["day"].by_staff
    ]
    assert names == [("Dana", 1), ("Dana, says the till system", 1)]


def test_another_store_is_not_counted(
    console: Client, device_b: Device, redeemed: MakeRedemption
) -> None:
    redeemed(at=NOON, device=device_b, store=device_b.store)

    assert console.get("/till/manager/").context["day"].total.count == 0


def test_a_day_begins_at_the_stores_midnight(console: Client, redeemed: MakeRedemption) -> None:
    redeemed(at=datetime(2026, 5, 13, 6, 59, tzinfo=UTC))  # 23:59 on the 12th in Seattle
    redeemed(at=datetime(2026, 5, 13, 7, 0, tzinfo=UTC))
    redeemed(at=datetime(2026, 5, 14, 6, 59, tzinfo=UTC))

    def count(day: str) -> int:
        return int(console.get(f"/till/manager/?day={day}").context["day"].total.count)

    assert [count("2026-05-12"), count("2026-05-13"), count("2026-05-14")] == [1, 2, 0]


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2031-01-01", "", "2026-05-14T00:00"])
def test_a_day_that_cannot_be_read_or_has_not_come_is_today(console: Client, day: str) -> None:
    shown = console.get("/till/manager/", {"day": day}).context["days"].shown

    assert shown.isoformat() == "2026-05-14"


def test_an_hour_that_the_clocks_skip_or_repeat_is_no_trouble(
    console: Client, redeemed: MakeRedemption
) -> None:
    with time_machine.travel(datetime(2026, 11, 1, 20, tzinfo=UTC), tick=False):
        sign_in_again(console)
        for hour in (8, 9):  # 1:00 twice, in daylight time and in standard time
            redeemed(at=datetime(2026, 11, 1, hour, tzinfo=UTC))
        columns = console.get("/till/manager/").context["columns"]

    assert {column.at.hour: column.count for column in columns}[1] == 2


def test_the_page_takes_the_same_queries_however_much_happened(
    console: Client,
    cashier: StaffMember,
    redeemed: MakeRedemption,
    refuse: Callable[..., object],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    console.get("/till/manager/")
    for hour in range(5):
        redeemed(at=NOON - timedelta(hours=hour), staff=cashier)
        refuse(at=NOON, reason="expired")
    with django_assert_num_queries(6):  # device, person, handed over, given, refused, requests
        console.get("/till/manager/")


def test_refusals_say_why_in_words_and_never_the_whole_code(
    console: Client,
    cashier: StaffMember,
    brand: Brand,
    make_code: MakeCode,
    refuse: Callable[..., object],
) -> None:
    symbols = make_code()
    with scope(brand=brand):
        code = Code.objects.get()
    refuse(at=NOON, reason="already_redeemed", code=code, staff=cashier, act="redemption")
    refuse(at=NOON - timedelta(minutes=5), reason="unknown_code")
    refuse(at=NOON - timedelta(minutes=6), reason="window_passed", act="reversal")
    refuse(at=NOON - timedelta(days=1), reason="on_hold")
    text = console.get("/till/manager/refused/").content.decode()

    for words in ("already been enjoyed", "know this code", "too late to undo", "Dana"):
        assert words in text, words
    assert f"…{symbols[-4:]}" in text
    assert symbols not in text
    assert symbols[:4] not in text
    assert "on hold" not in text, "that was yesterday"
    assert text.count(f'action="/till/manager/gifts/{code.pk}/"') == 1
    opened = console.post(f"/till/manager/gifts/{code.pk}/", follow=True).content.decode()
    assert "Double scoop" in opened


def test_refusals_take_the_same_queries_however_many(
    console: Client,
    refuse: Callable[..., object],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for minute in range(20):
        refuse(at=NOON - timedelta(minutes=minute), reason="expired")
    with django_assert_num_queries(5):
        console.get("/till/manager/refused/")


def test_goodwill_gifts_are_told_each_of_them(
    console: Client, device: Device, manager: StaffMember, store: Store
) -> None:
    """In Today, in the shift to print, and in its file; also on a day on which nothing was redeemed."""
    nia = make_staff(store, "Nia", StaffMember.Role.MANAGER)
    with scope(brand=store.brand):
        for staff, amount, reason in [
            (manager, 2500, "it melted"),
            (manager, 1250, "cold waffle"),
            (nia, 500, "long queue"),
        ]:
            issue_goodwill_gift(
                staff=staff, device=device, amount=amount, label="Sorry", reason=reason
            )
    for page in ("", "shift/"):
        text = console.get(f"/till/manager/{page}").content.decode()
        for words in (
            "it melted",
            "cold waffle",
            "long queue",
            "$25.00",
            "$12.50",
            "$42.50",
            "Nia",
        ):
            assert words in text, (page, words)
        before = console.get(f"/till/manager/{page}?day=2026-05-13").content.decode()
        assert "it melted" not in before
    file = console.post("/till/manager/shift/export/").content.decode("utf-8-sig")
    header, *people, together = csv.reader(io.StringIO(file))
    assert header[-2:] == ["Gifts by hand", "Given by hand (USD)"]
    assert [(row[2], *row[-2:]) for row in people] == [("Mo", "2", "37.50"), ("Nia", "1", "5.00")]
    assert together[-2:] == ["3", "42.50"]


class TestShift:
    def test_it_can_be_read_before_it_is_printed(
        self, console: Client, cashier: StaffMember, redeemed: MakeRedemption
    ) -> None:
        redeemed(at=NOON, staff=cashier)
        text = console.get("/till/manager/shift/").content.decode()

        assert "Dana" in text
        assert "$6.50" in text
        assert "Made by <bdi>Mo</bdi>" in text

    def test_the_file_opens_in_a_spreadsheet(
        self, console: Client, store: Store, cashier: StaffMember, redeemed: MakeRedemption
    ) -> None:
        with scopes_disabled():
            StaffMember.objects.filter(pk=cashier.pk).update(name="=HYPERLINK(1)")
        redeemed(at=NOON, staff=cashier, extra_amount=50)
        answer = console.post("/till/manager/shift/export/", {"day": "2026-05-14"})

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert 'filename="pike-street-2026-05-14.csv"' in answer["Content-Disposition"]
        assert answer.content.startswith(b"\xef\xbb\xbf"), "or Excel reads it as something else"
        header, person, together = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        assert header[4] == "Value (USD)"
        assert person[2:] == ["'=HYPERLINK(1)", "1", "6.50", "0.50", "0.50", "0", "0", "0.00"]
        assert together[2:] == ["Together", "1", "6.50", "0.50", "0.50", "0", "0", "0.00"]

    def test_taking_the_file_is_in_the_audit_log_and_looking_is_not(
        self, console: Client, store: Store, brand: Brand
    ) -> None:
        with scope(brand=brand):
            before = AuditEntry.objects.count()
            console.get("/till/manager/shift/")
            assert console.get("/till/manager/shift/export/").status_code == 405
            assert AuditEntry.objects.count() == before
        console.post("/till/manager/shift/export/")
        with scope(brand=brand):
            entry = AuditEntry.objects.order_by("-number")[0]
        assert (entry.act, entry.subject, entry.actor_name) == (
            "shift.exported",
            f"store:{store.pk}",
            "Mo",
        )


def take_back(redemption: Redemption) -> None:
    with scopes_disabled():
        Reversal.objects.create(
            brand_id=redemption.brand_id,
            redemption=redemption,
            device_id=redemption.device_id,
            reason="test",
            reversed_at=NOON,
        )


def sign_in_again(client: Client) -> None:

    with scopes_disabled():
        sign_in(client, StaffMember.objects.get(name="Mo"))
