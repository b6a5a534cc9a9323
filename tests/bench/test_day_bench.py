"""The bench of a campaign day runs through in its shortest form and ends with its figures."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.server import ROOT

FIGURE = r"\d+\.\d+"
LAST_LINE = (
    rf"day: redemptions_per_second={FIGURE} cpu_ms={FIGURE} idiomatic={FIGURE} lag_p99_s={FIGURE}"
    rf" paid_to_code_p95_s={FIGURE} paid_to_mail_p95_s={FIGURE} lost=0"
)


def day(**sizes: str) -> list[str]:
    """What a bench of these sizes said, which waits for the slowest machine: how fast it is is told, and no
    matter of these tests. What all tests begin with is not migrated once more for it."""
    migrated = connection.settings_dict["TEST"]["TEMPLATE"]
    done = subprocess.run(
        [sys.executable, "-m", "bench.day"],
        cwd=ROOT,
        env={**os.environ, "WEB_WORKERS": "1", "PATIENCE": "120", "MIGRATED": migrated, **sizes},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    assert "told apart: Stripe's double" in done.stdout
    return done.stdout.splitlines()


@pytest.mark.stress
def test_a_short_day_is_followed_to_the_end(django_db_setup: None) -> None:
    _, product, sale, last = day(SECONDS="2", RATE="24", ORDERS="1.5", IDIOMATIC="0")
    assert product.startswith("product: 48 redeemed")
    assert sale.startswith("sale: 3 orders")
    assert re.fullmatch(LAST_LINE, last.replace("idiomatic=nan", "idiomatic=0.0"))


@pytest.mark.stress
def test_the_idiomatic_way_is_followed_to_the_end_too(django_db_setup: None) -> None:
    *_, idiomatic, last = day(SECONDS="8", RATE="80", ORDERS="1")
    assert idiomatic.startswith("idiomatic: 4 redeemed")
    assert idiomatic.endswith("0 late, 0 lost")
    assert re.fullmatch(LAST_LINE, last)
