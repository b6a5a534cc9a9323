"""What is away is done without, and what breaks in the middle happens once (I26)."""

import itertools
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django_scopes import scope

from brands.models import Brand
from redemption.models import Code, Redemption
from redemption.till.devices import PairedDevice
from tests.cast import symbols
from tests.figures import Figure
from tests.races.gifts import issue
from tests.races.proxies import Way, Wire, wire
from tests.races.tills import LOOKUPS, NoAnswer, Reply, Till
from tests.server import Server, free_port, running

WRONG_TRIES = 10
POINTS_MAX = 60
PACKETS_MAX = 4
HASTY_SECONDS = 2.0
RETRIES = 40

pytestmark = pytest.mark.django_db(transaction=True)


def test_tills_work_and_stay_guarded_while_the_broker_is_away(
    paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    gift, other = issue(brand, 2, amount=1000, kind=Code.Kind.VALUE)
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    with running(REDIS_URL=nowhere) as server, closing(Till(server, paired.token, 10)) as till:
        text = symbols(gift)
        assert till.ask(LOOKUPS, {"code": text}).json["status"] == "redeemable"
        made = till.redeem("one", code=text, amount=400)
        assert (made.status, made.json["balance"]["amount"]) == (201, 600)
        undone = till.ask(f"/api/v1/redemptions/{made.json['id']}/reversal/", {"reason": "oops"})
        assert (undone.status, undone.json["balance"]["amount"]) == (201, 1000)
        wrong = [till.ask(LOOKUPS, {"code": f"WR0NG{n}"}).status for n in range(WRONG_TRIES)]
        assert wrong == [404] * WRONG_TRIES
        blocked = till.ask(LOOKUPS, {"code": "WR0NG"})
        assert (blocked.status, blocked.reason) == (429, "too_many_tries")
        assert till.redeem("two", code=symbols(other), amount=1).status == 201  # good ones go on
        again = till.redeem("one", code=text, amount=400)  # what was done is still told
        assert (again.status, again.replayed, again.body) == (201, True, made.body)
    call_command("verify_ledger")
    figure(
        "I26",
        "Valkey away: look-up, redemption, undo; limits counted in PostgreSQL",
        size=f"3 acts, {WRONG_TRIES} wrong tries",
        result="all work, the next wrong try is refused, a good code is not",
    )


@pytest.fixture
def line() -> Iterator[Wire]:
    """Between the server and the database."""
    folder = parse_qs(urlsplit(os.environ["DATABASE_URL"]).query).get("host", [""])[0]
    if not folder:
        pytest.skip("the database has no unix socket here")
    with wire(f"{folder}/.s.PGSQL.5432") as made:
        yield made


def behind(line: Wire) -> AbstractContextManager[Server]:
    """The product with one process and one thread, so that a wire's packets are those of one request."""
    database = f"postgresql://giftshop@127.0.0.1:{line.port}/{connection.settings_dict['NAME']}"
    return running(
        threads=1, options=["--workers", "1"], DATABASE_URL=f"{database}?sslmode=disable"
    )


@pytest.mark.parametrize("way", ["to", "from"])
def test_a_wire_that_breaks_at_any_point_changes_nothing_or_everything_once(
    way: Way, line: Wire, paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    """The n-th packet of a redemption is lost with its connection, for every n that there is."""
    codes = issue(brand, POINTS_MAX)
    broken = done = 0
    with (
        behind(line) as server,
        closing(Till(server, paired.token, 10)) as till,
    ):
        for n, code in enumerate(codes):
            key, text = f"{way}-{n}", symbols(code)
            persist(till, f"warm-{key}", {"code": symbols(issue(brand, 1)[0])})
            line.arm(way, n)
            first = attempt(till, key, text)
            if not line.mend():
                assert first is not None
                assert first.status == 201
                break  # fewer packets than n: every point was tried
            broken += 1
            reply = persist(till, key, {"code": text})
            assert reply.status == 201
            done += reply.replayed
            assert persist(till, key, {"code": text}).body == reply.body
            with scope(brand=brand):
                assert Redemption.objects.filter(code=code).count() == 1
        else:
            raise AssertionError("a redemption takes more packets than were tried")
    assert broken > 1
    call_command("verify_ledger")
    figure(
        "I26",
        f"the wire {way} the database cut at every packet of a redemption; the till asks again",
        size=f"{broken} points",
        result=f"1 effect each ({done} had been done already)",
    )


def attempt(till: Till, key: str, text: str) -> Reply | None:
    try:
        return till.redeem(key, code=text)
    except NoAnswer:
        return None


def persist(till: Till, key: str, body: dict[str, str]) -> Reply:
    """As a till does it: the same key until there is an answer that settles it."""
    for _ in range(RETRIES):
        reply = attempt(till, key, body["code"])
        if reply and reply.status < 500:
            return reply
    raise AssertionError("no answer")


def test_a_wire_that_swallows_everything_changes_nothing_or_everything_once(
    line: Wire, paired: PairedDevice, brand: Brand, figure: Figure
) -> None:
    """The answer of the database never comes: the till gives up, and asks again once it is mended."""
    ways: list[Way] = ["to", "from"]
    points = done = 0
    with behind(line) as server:
        for way, after in itertools.product(ways, range(PACKETS_MAX)):
            code = issue(brand, 1)[0]
            key = f"swallow-{way}-{after}"
            with closing(Till(server, paired.token, HASTY_SECONDS)) as hasty:
                persist(hasty, f"warm-{key}", {"code": symbols(issue(brand, 1)[0])})
                line.arm(way, after, swallow=True)
                first = attempt(hasty, key, symbols(code))
                if not line.mend():
                    continue  # a redemption takes fewer packets
            assert first is None
            with closing(Till(server, paired.token)) as till:
                reply = persist(till, key, {"code": symbols(code)})
            assert reply.status == 201
            points += 1
            done += reply.replayed
            with scope(brand=brand):
                assert Redemption.objects.filter(code=code).count() == 1
    assert 0 < done < points
    call_command("verify_ledger")
    figure(
        "I26",
        "the database falls silent at every packet; the till gives up and asks again",
        size=f"{points} points",
        result=f"1 effect each ({done} had been done already)",
    )
