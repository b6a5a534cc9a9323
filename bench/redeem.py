"""How fast a till is answered: distinct good codes over eight keep-alive connections.

The server is the product as deployed. Its emptiest page (/healthz: every middleware, no database) is
driven in turns in the same run; the ratio of the two says what redeeming costs beyond being asked at
all, whatever the machine. Run by `make bench`; the last line is for programs.
"""

import http.client
import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giftshop.settings")

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone
from django_scopes import scope

from redemption import issuing, pairing
from redemption.models import Brand, Code, Store
from tests.server import running

CONNECTIONS = 8
TURNS = 3
PER_TURN = 1500

Request = tuple[str, str, str | None, dict[str, str]]


def drive(port: int, requests: list[Request], expected: int) -> tuple[float, list[float]]:
    """Requests a second, and each one's milliseconds."""
    waited: list[float] = []
    queue = iter(requests)
    lock = threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                request = next(queue, None)
            if request is None:
                break
            started = time.perf_counter()
            connection.request(*request)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == expected, answer.status
            waited.append((time.perf_counter() - started) * 1000)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(requests) / (time.perf_counter() - started), waited


def prepare() -> tuple[str, list[str]]:
    """A till's token and the codes it will be shown."""
    call_command("migrate", verbosity=0)
    brand = Brand.objects.create(
        slug="bench", name="Bench", currency="USD", country="US", time_zone="UTC"
    )
    store = Store.objects.create(
        brand=brand, slug="one", name="One", street="1", city="X", country="US", time_zone="UTC"
    )
    with scope(brand=brand):
        codes = issuing.issue(
            brand=brand,
            reference="bench",
            origin=Code.Origin.PROMOTIONAL,
            specs=[
                issuing.CodeSpec(reference=f"bench:{n}", label="Scoop", amount=500)
                for n in range(TURNS * PER_TURN)
            ],
            now=timezone.now(),
        )
    token = pairing.pair_directly(store=store, name="Till", profile="integration").token
    return token, [str(code.reveal()) for code in codes]


def redemption(token: str, code: str) -> Request:
    headers = {
        "Authorization": f"Device {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": code[:12],
    }
    return "POST", "/api/v1/redemptions/", json.dumps({"code": code}), headers


def main() -> None:
    token, codes = prepare()
    redeemed, asked, waited = [], [], []
    healthz: Request = ("GET", "/healthz", None, {})
    with running() as server:
        drive(server.port, [healthz] * 200, 200)
        for turn in range(TURNS):
            asked.append(drive(server.port, [healthz] * PER_TURN, 200)[0])
            shown = codes[turn * PER_TURN :][:PER_TURN]
            rate, times = drive(server.port, [redemption(token, code) for code in shown], 201)
            redeemed.append(rate)
            waited += times
    call_command("verify_ledger")
    cuts = statistics.quantiles(waited, n=100)
    ratio = statistics.median(redeemed) / statistics.median(asked)
    print(
        f"redeem: of_healthz={ratio:.2f} per_second={statistics.median(redeemed):.0f}"
        f" p50_ms={cuts[49]:.1f} p95_ms={cuts[94]:.1f} p99_ms={cuts[98]:.1f}"
    )


if __name__ == "__main__":
    main()
