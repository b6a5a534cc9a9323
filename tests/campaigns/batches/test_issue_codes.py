"""manage.py issue_codes: all codes of a batch, or none."""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django_scopes import scope
from rest_framework.test import APIClient

from brands.models import Brand, Store
from campaigns.batches import code_file
from campaigns.models import Campaign
from campaigns.planning import campaigns
from core import crypto, validity
from core.ids import uuid7
from redemption import code_format
from redemption.models import Code
from redemption.till import devices

pytestmark = pytest.mark.django_db


def digests(lines: list[str]) -> set[bytes]:
    return {crypto.digest(code_format.normalise(line)) for line in lines}


def issue(of: Brand, output: Path | str, **options: Any) -> None:
    wanted = {"brand": of.slug, "count": "3", "amount": "500", "output": str(output), **options}
    words = [word for key, value in wanted.items() for word in (f"--{key}", value)]
    call_command("issue_codes", *words, stderr=StringIO())


@pytest.fixture
def autumn(brand: Brand) -> Campaign:
    with scope(brand=brand):
        return campaigns.plan(brand=brand, name="Autumn leaves", starts_on=datetime.now(UTC).date())


@pytest.fixture
def codes(brand: Brand) -> Any:
    def codes() -> list[Code]:
        with scope(brand=brand):
            return list(Code.objects.order_by("id"))

    return codes


@pytest.mark.django_db(transaction=True)
def test_the_codes_in_the_file_redeem_over_the_api(
    brand: Brand, store: Store, autumn: Campaign, tmp_path: Path
) -> None:
    issue(brand, tmp_path / "codes.txt", campaign=autumn.slug)
    lines = (tmp_path / "codes.txt").read_text().splitlines()
    till = devices.pair_directly(store=store, name="Till", profile="integration")
    client = APIClient(headers={"Authorization": f"Device {till.token}"})

    answer = client.post("/api/v1/lookups/", {"code": lines[1]}, format="json")
    assert answer.json()["status"] == "redeemable"
    assert answer.json()["gift"]["kind"] == "value"
    assert answer.json()["gift"]["label"] == "$5.00 to spend"
    answer = client.post(
        "/api/v1/redemptions/",
        {"code": lines[1], "amount": 200},
        format="json",
        headers={"Idempotency-Key": "a"},
    )
    assert answer.status_code == 201
    assert answer.json()["balance"] == {"amount": 300, "currency": "USD"}
    with scope(brand=brand):
        assert set(Code.objects.values_list("campaign_id", flat=True)) == {autumn.pk}
    call_command("verify_ledger", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_several_slices_is_whole(brand: Brand, tmp_path: Path, codes: Any) -> None:
    issue(brand, tmp_path / "codes.txt", count="2345")
    lines = (tmp_path / "codes.txt").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 2345
    assert digests(lines) == {bytes(code.digest) for code in codes()}
    assert os.listdir(tmp_path) == ["codes.txt"]
    assert (tmp_path / "codes.txt").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_codes_go_to_the_terminal(
    brand: Brand, codes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    issue(brand, "-")
    printed = capsys.readouterr().out.split()
    assert len(printed) == 3
    assert digests(printed) == {bytes(code.digest) for code in codes()}


@pytest.mark.django_db(transaction=True)
def test_a_reader_who_leaves_stops_the_whole_batch(
    brand: Brand, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Closed(StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(CommandError, match=r"Broken pipe\. No code was issued"):
        issue(brand, "-", count="3000")
    assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_middle_leaves_neither_codes_nor_file(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = code_format.generate_many, iter(range(10))

    def failing(count: int) -> list[str]:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return real(count)

    monkeypatch.setattr(code_format, "generate_many", failing)
    with pytest.raises(KeyboardInterrupt):
        issue(brand, tmp_path / "codes.txt", count="5000")
    assert codes() == []
    assert os.listdir(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_leaves_neither_codes_nor_file(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = code_file.Draft.keep

    def break_the_connection(draft: code_file.Draft) -> None:
        real(draft)
        connection.connection.close()

    monkeypatch.setattr(code_file.Draft, "keep", break_the_connection)
    with pytest.raises(CommandError, match="Run the same command again"):
        issue(brand, tmp_path / "codes.txt")
    assert codes() == []
    assert os.listdir(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_whose_answer_is_lost_is_found_in_the_ledger(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = connection.commit
    lost = [OperationalError("server closed the connection unexpectedly")]

    def commit_unheard() -> None:
        real()
        if lost:
            raise lost.pop()

    monkeypatch.setattr(connection, "commit", commit_unheard)
    issue(brand, tmp_path / "codes.txt")
    lines = (tmp_path / "codes.txt").read_text().splitlines()
    assert digests(lines) == {bytes(code.digest) for code in codes()}
    assert os.listdir(tmp_path) == ["codes.txt"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_do_not_write_one_file(brand: Brand, tmp_path: Path, codes: Any) -> None:
    written = pytest.raises(CommandError, match="being written by another run")
    with code_file.draft(tmp_path / "codes.txt", uuid7()), written:
        issue(brand, tmp_path / "codes.txt")
    assert codes() == []
    issue(brand, tmp_path / "codes.txt")


@pytest.mark.django_db(transaction=True)
def test_a_name_taken_at_the_last_moment_is_said_and_no_code_is_lost(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = code_file.Draft.publish

    def overtaken(draft: code_file.Draft) -> None:
        draft.path.write_text("mine\n")
        real(draft)

    monkeypatch.setattr(code_file.Draft, "publish", overtaken)
    with pytest.raises(CommandError, match=r"codes are issued and in .*\.draft"):
        issue(brand, tmp_path / "codes.txt")
    assert (tmp_path / "codes.txt").read_text() == "mine\n"
    [draft] = tmp_path.glob(".codes.txt.*.draft")
    assert digests(draft.read_text().split()) == {bytes(code.digest) for code in codes()}


@pytest.mark.django_db(transaction=True)
def test_a_file_system_without_links_will_do(
    brand: Brand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_names: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    issue(brand, tmp_path / "codes.txt")
    assert len((tmp_path / "codes.txt").read_text().split()) == 3
    assert os.listdir(tmp_path) == ["codes.txt"]


@pytest.mark.django_db(transaction=True)
def test_a_polite_end_waits_for_the_last_steps(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = connection.commit

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)
        real()

    monkeypatch.setattr(connection, "commit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        issue(brand, tmp_path / "codes.txt")
    assert os.listdir(tmp_path) == ["codes.txt"]
    assert len(codes()) == 3


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_there_stays_as_it_is(brand: Brand, tmp_path: Path, codes: Any) -> None:
    (tmp_path / "codes.txt").write_text("mine\n")
    with pytest.raises(CommandError, match="is there already"):
        issue(brand, tmp_path / "codes.txt")
    assert (tmp_path / "codes.txt").read_text() == "mine\n"
    assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_is_missing_is_said(brand: Brand, tmp_path: Path, codes: Any) -> None:
    with pytest.raises(CommandError, match=r"No such file or directory\. No code was issued"):
        issue(brand, tmp_path / "nowhere" / "codes.txt")
    assert codes() == []


@pytest.mark.django_db(transaction=True)
def test_codes_are_good_until_the_end_of_the_last_day_in_the_brands_zone(
    brand: Brand, tmp_path: Path, codes: Any
) -> None:
    day = (datetime.now(brand.tz) + timedelta(days=30)).date()
    issue(brand, tmp_path / "codes.txt", expires=day.isoformat())
    assert codes()[0].expires_at == validity.end_of(day, brand.tz)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"brand": "frosty"}, "no brand 'frosty'. Brands: frosty-spoon"),
        ({"campaign": "spring"}, "no campaign 'spring'. Campaigns: autumn-leaves"),
        ({"count": "0"}, "0 is not between 1 and"),
        ({"count": "a few"}, "'a few' is not a whole number"),
        ({"amount": "-5"}, "-5 is not between 1 and"),
        ({"expires": "31.12.2030"}, "'31.12.2030' is not a date like 2030-12-31"),
        ({"expires": "2020-01-01"}, "2020-01-01 is over already"),
        ({"expires": "9999-12-31"}, "9999-12-31 is too far off: the latest day is 21"),
        ({"expires": "0001-01-01"}, "0001-01-01 is over already"),
    ],
)
def test_mistakes_are_said_in_plain_words(
    brand: Brand, autumn: Campaign, tmp_path: Path, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError) as told:
        issue(brand, tmp_path / "codes.txt", **wrong)
    assert words in str(told.value)
    assert os.listdir(tmp_path) == []
