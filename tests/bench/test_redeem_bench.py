"""The bench of redemptions measures what it says, in its shortest form."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from bench.redeem import books, databases, load
from bench.redeem.codes import codes
from bench.redeem.measure import Table, take_turn
from bench.redeem.plan import STACKS
from bench.redeem.servers import running
from redemption import code_format
from tests.server import ROOT, environment

FIGURE = r"\d+\.\d+"
LAST_LINE = (
    rf"redeem: floor={FIGURE} idiomatic={FIGURE} cpu_ms={FIGURE} p99_ms={FIGURE} flat={FIGURE}"
)
CODES = 60
TURN = 10
ONE_WORKER = "granian:1x4"


@pytest.mark.stress
def test_the_bench_runs_and_ends_with_its_figures():
    tiny = {"CODES": "3000", "SECONDS": "0.3", "ROUNDS": "1", "WEB_WORKERS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.redeem"],
        cwd=ROOT,
        env={**os.environ, **tiny},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert re.fullmatch(LAST_LINE, done.stdout.splitlines()[-1])
    for stack in STACKS:
        assert f"rows agree: {stack}: " in done.stdout


def test_codes_made_by_number_are_codes_and_all_different():
    made = list(codes(0, 500))
    assert len(set(made)) == 500
    assert [code_format.normalise(code) for code in made] == made


def test_shuffled_numbers_show_each_code_once():
    assert sorted(codes(0, 500, step=7_368_787, total=500)) == sorted(codes(0, 500))


@pytest.fixture
def table(transactional_db: None) -> Table:
    url = environment()["DATABASE_URL"]
    connection.cursor().execute((ROOT / "bench" / "redeem" / "floor.sql").read_text())
    shop = load.open_shop(STACKS)
    load.load(url, shop, 0, CODES)
    return Table(url, CODES, shop.tokens, share=TURN)


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}


def added_by(act: Callable[[], object]) -> dict[str, int]:
    before = rows()
    act()
    return {name: now - before[name] for name, now in rows().items() if now != before[name]}


def test_every_stack_leaves_the_same_rows_behind(table: Table, tmp_path: Path):
    for stack in STACKS:
        with running(stack, table.url, tmp_path, ONE_WORKER) as server:
            added = added_by(
                lambda server=server: take_turn(server, table, connections=2, seconds=30, most=TURN)
            )
        assert added == {
            "redemption_redemption": TURN,
            "redemption_journalentry": TURN,
            "redemption_posting": 2 * TURN,
            "redemption_idempotencyrecord": TURN,
            "outbox_message": TURN,
        }
    books.agree(table)
    call_command("verify_ledger")
    databases.execute(table.url, "DROP FUNCTION bench_redeem")


def test_rows_that_were_never_acknowledged_are_found(table: Table, tmp_path: Path):
    with running("floor", table.url, tmp_path, ONE_WORKER) as server:
        take_turn(server, table, connections=2, seconds=30, most=TURN)
    table.acknowledged["floor"] -= 1
    with pytest.raises(RuntimeError, match=f"{TURN} redemptions"):
        books.agree(table)
