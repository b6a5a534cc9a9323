"""manage.py issue_codes: all codes of a batch, or none."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_scopes import scope, scopes_disabled
from rest_framework.test import APIClient

from campaigns import giveaways, planning
from campaigns.models import Campaign
from redemption import issuing, pairing
from redemption.models import Brand, Code, Store

pytestmark = pytest.mark.django_db


def issue(of: Brand, output: Path | str, **options: Any) -> None:
    wanted = {"brand": of.slug, "count": "3", "amount": "500", "output": str(output), **options}
    words = [word for key, value in wanted.items() for word in (f"--{key}", value)]
    call_command("issue_codes", *words, stderr=StringIO())


@pytest.fixture
def autumn(brand: Brand) -> Campaign:
    with scope(brand=brand):
        return planning.plan(brand=brand, name="Autumn leaves", starts_on=datetime.now(UTC).date())


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
    client = APIClient(
        headers={"Authorization": f"Device {pairing.pair_directly(store=store, name='Till').token}"}
    )

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
def test_a_batch_of_several_chunks_is_whole(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giveaways, "CHUNK", 40)
    issue(brand, tmp_path / "codes.txt", count="101")
    lines = (tmp_path / "codes.txt").read_text().splitlines()
    assert len(lines) == len(set(lines)) == 101
    assert sorted(lines) == sorted(code.reveal_grouped() for code in codes())
    assert os.listdir(tmp_path) == ["codes.txt"]
    assert (tmp_path / "codes.txt").stat().st_mode & 0o077 == 0


@pytest.mark.django_db(transaction=True)
def test_codes_go_to_the_terminal(
    brand: Brand, codes: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    issue(brand, "-")
    printed = capsys.readouterr().out.split()
    assert sorted(printed) == sorted(code.reveal_grouped() for code in codes())


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_middle_leaves_neither_codes_nor_file(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giveaways, "CHUNK", 10)
    real, calls = issuing.issue, iter(range(10))

    def failing(**wanted: Any) -> list[Code]:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return real(**wanted)

    monkeypatch.setattr(issuing, "issue", failing)
    with pytest.raises(KeyboardInterrupt):
        issue(brand, tmp_path / "codes.txt", count="50")
    assert codes() == []
    assert os.listdir(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_takes_the_file_with_it(
    brand: Brand, tmp_path: Path, codes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = giveaways._settle

    def break_the_connection(folder: Path) -> None:
        real(folder)
        connection.connection.close()

    monkeypatch.setattr(giveaways, "_settle", break_the_connection)
    with pytest.raises(Exception, match="connection"):
        issue(brand, tmp_path / "codes.txt")
    connection.close()
    assert codes() == []
    assert os.listdir(tmp_path) == []


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
    expires_at = codes()[0].expires_at.astimezone(brand.tz)
    assert expires_at.date() == day
    assert (expires_at + timedelta(seconds=1)).date() == day + timedelta(days=1)


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
    ],
)
def test_mistakes_are_said_in_plain_words(
    brand: Brand, autumn: Campaign, tmp_path: Path, wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError) as told:
        issue(brand, tmp_path / "codes.txt", **wrong)
    assert words in str(told.value)
    assert os.listdir(tmp_path) == []


@pytest.mark.django_db(transaction=True)
def test_a_killed_process_leaves_no_codes_and_no_file(brand: Brand, tmp_path: Path) -> None:
    words = ["--brand", brand.slug, "--count", "100000", "--amount", "100"]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "issue_codes", *words, "--output", str(tmp_path / "codes")],
        env={**os.environ, "DATABASE_URL": _test_database()},
    )
    try:
        deadline = time.monotonic() + 60
        while not any(tmp_path.glob(".codes.*")) and time.monotonic() < deadline:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    assert not (tmp_path / "codes").exists()
    with scopes_disabled():
        assert not Code.objects.exists()


def _test_database() -> str:
    """The address of this test's database, for another process."""
    address, question, query = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}{question}{query}"
