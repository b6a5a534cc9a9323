"""A command killed at any moment: its file is whole or not there, its batch whole or not issued, and
the same command, run again, ends with the one and the other.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scopes_disabled

from brands.models import Brand
from core import crypto
from redemption import code_format
from redemption.models import Code
from tests.figures import Figure
from tests.server import wait_for

Start = Callable[..., "subprocess.Popen[bytes]"]

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 2_000
"""More than one buffer of a file holds."""
MANY = 8_000
"""So that there is a moment to be killed in."""

RUN = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from campaigns.batches import code_file

def killed(*_args, **_wanted):
    os.kill(os.getpid(), signal.SIGKILL)

def then_killed(act):
    def both(*args, **wanted):
        act(*args, **wanted)
        killed()
    return both

{twist}
print("ready", flush=True)
call_command("issue_codes", *sys.argv[1:])
os._exit(0)  # the end of the interpreter is no part of it
"""


def words_for(brand: Brand, folder: Path, count: int) -> list[str]:
    words = ["--brand", brand.slug, "--count", str(count), "--amount", "100"]
    return [*words, "--output", str(folder / "codes")]


@pytest.fixture
def start(brand: Brand, tmp_path: Path) -> Start:
    def start(twist: str = "", count: int = COUNT) -> "subprocess.Popen[bytes]":
        words = words_for(brand, tmp_path, count)
        process = subprocess.Popen(
            [sys.executable, "-c", RUN.format(twist=twist), *words],
            env={**os.environ, "DATABASE_URL": _test_database()},
            stdout=subprocess.PIPE,
        )
        assert process.stdout
        with process.stdout as said:
            assert said.readline() == b"ready\n"
        return process

    return start


def state(folder: Path, count: int = COUNT) -> str:
    """What is left: "nothing", "issued" (its file still to be named), "whole", or what is wrong."""
    with scopes_disabled():
        digests = {bytes(digest) for digest in Code.objects.values_list("digest", flat=True)}
    file = folder / "codes"
    lines = file.read_text().splitlines() if file.exists() else []
    told = {crypto.digest(code_format.normalise(line)) for line in lines}
    if not file.exists() and len(digests) in {0, count}:
        return "issued" if digests else "nothing"
    if len(lines) == count and told == digests:
        return "whole"
    return f"{len(digests)} rows, {len(lines)} lines"


def run_again(folder: Path, brand: Brand, count: int = COUNT) -> None:
    call_command("issue_codes", *words_for(brand, folder, count))
    assert state(folder, count) == "whole"
    assert os.listdir(folder) == ["codes"]


@pytest.mark.parametrize(
    ("twist", "left"),
    [
        ("code_file.Draft.keep = killed", "nothing"),
        ("code_file.Draft.keep = then_killed(code_file.Draft.keep)", "nothing"),
        ("connection.commit = then_killed(connection.commit)", "issued"),
        ("os.link = killed", "issued"),
    ],
    ids=["before the draft is kept", "before the commit", "after the commit", "before the name"],
)
def test_killed_between_two_steps(
    brand: Brand,
    tmp_path: Path,
    start: Start,
    twist: str,
    left: str,
) -> None:
    assert start(twist).wait(60) == -9
    _let_the_server_see()
    assert state(tmp_path) == left
    run_again(tmp_path, brand)


def test_killed_after_the_name_was_given(brand: Brand, tmp_path: Path, start: Start) -> None:
    assert start("os.link = then_killed(os.link)").wait(60) == -9
    assert state(tmp_path) == "whole"
    with pytest.raises(Exception, match="is there already"):
        run_again(tmp_path, brand)
    assert os.listdir(tmp_path) == ["codes"]


@pytest.mark.parametrize(
    "kills", [3, pytest.param(60, marks=pytest.mark.stress)], ids=["short", "long"]
)
def test_killed_at_some_moment(
    brand: Brand,
    tmp_path: Path,
    start: Start,
    figure: Figure,
    kills: int,
) -> None:
    chance, process = random.Random(kills), start(count=MANY)
    began = time.monotonic()
    assert process.wait(60) == 0
    whole = time.monotonic() - began
    (tmp_path / "codes").unlink()
    _forget()
    left = []
    for number in range(kills):
        process = start(count=MANY)
        moment = (number + chance.random()) / kills if number % 2 else chance.uniform(0.7, 1)
        try:  # every other kill comes around the end
            process.wait(whole * moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _let_the_server_see()
        left.append(state(tmp_path, MANY))
        if not (tmp_path / "codes").exists():
            run_again(tmp_path, brand, MANY)
        (tmp_path / "codes").unlink()
        _forget()
    assert set(left) <= {"nothing", "issued", "whole"}
    figure(
        "batch",
        "issue_codes killed at some moment, then run again",
        size=f"{kills} kills",
        result=", ".join(f"{many} {what}" for what, many in sorted(Counter(left).items())),
        zero_in=kills,
    )


def test_control_a_file_that_is_written_in_place_is_found_torn(
    tmp_path: Path, start: Start
) -> None:
    """What the draft is for: without it the same kill leaves a part of a file."""
    process = start("code_file.Draft.keep = killed; code_file.hidden = lambda path, _id: path")
    assert process.wait(60) == -9
    _let_the_server_see()
    assert state(tmp_path).startswith("0 rows, ")


def _let_the_server_see() -> None:
    """A killed client's transaction ends when its server process notices: soon, but not at once."""
    wait_for(_no_transaction_is_open, "a transaction is still open", seconds=30)


def _no_transaction_is_open() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return bool(cursor.fetchone() == (0,))


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "TRUNCATE redemption_code, redemption_posting, redemption_journalentry CASCADE"
        )
        cursor.execute("SET session_replication_role = origin")


def _test_database() -> str:
    """The address of this test's database, for another process."""
    address, question, query = os.environ["DATABASE_URL"].partition("?")
    server = address.rpartition("/")[0]
    return f"{server}/{connection.settings_dict['NAME']}{question}{query}"
