"""The product as it is deployed, its double of Stripe and its mail server, each a child of ours."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from bench.redeem import machine
from bench.redeem.servers import DEPLOYED, command
from sandbox.processes.children import die_with_parent
from tests.server import ROOT, answers, free_port, stop, wait_for

PRODUCT, IDIOMATIC = "giftshop", "bench.day.idiomatic"
"""Whose worker and beat follow what happens."""
BROKERS = {PRODUCT: 12, IDIOMATIC: 13}
"""Databases of Valkey that nobody else uses."""
HOST = "gifts.example.com"


@dataclass(frozen=True)
class Services:
    url: str
    port: int
    broker: str
    environment: dict[str, str]
    mails: Path
    processes: dict[str, int]
    """Process ids: of the product's parts, and of what stands around it."""

    def cpu_seconds(self) -> dict[str, float]:
        """By part, so far, with all that runs below it."""
        names, roots = zip(*self.processes.items(), strict=True)
        return dict(zip(names, machine.cpu_seconds(*roots), strict=True))


@contextlib.contextmanager
def running_services(url: str, folder: Path, consumer: str = PRODUCT) -> Iterator[Services]:
    """Everything started and answering, against that database; stopped at the end."""
    with contextlib.ExitStack() as at_the_end, tempfile.TemporaryDirectory(dir=folder) as place:
        logs, port, double = Path(place), free_port(), free_port()
        broker = _broker(BROKERS[consumer])
        mails, mailbox = logs / "mails", Child("mailbox", logs)
        environment = _environment(url, port, double, broker)
        for child in (mailbox, doubled := Child("stripe", logs), web := Child("web", logs)):
            at_the_end.callback(child.stop)
        for child in (worker := Child("worker", logs), beat := Child("beat", logs)):
            at_the_end.callback(child.stop)
        mailbox.start(["-m", "bench.day.mailbox", str(mails)], environment)
        wait_for(lambda: "port " in mailbox.said(), "the mail server does not start")
        mail_port = mailbox.said().split("port ")[1].split()[0]
        environment["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
        doubled.start(
            [
                *["-m", "sandbox.stripe_double", "--port", str(double)],
                *["--webhook-url", f"http://127.0.0.1:{port}/webhooks/stripe/"],
                *["--webhook-secret", environment["STRIPE_WEBHOOK_SECRET"]],
                *["--webhook-workers", "4"],
            ],
            environment,
        )
        web.start([*command(DEPLOYED, port), "giftshop.wsgi:application"], environment)
        celery = ["-m", "celery", "-A", consumer]
        worker.start([*celery, "worker", "-c", "2", "-l", "INFO", "--without-gossip"], environment)
        beat.start([*celery, "beat", "-s", str(logs / "schedule")], environment)
        wait_for(lambda: answers(port), f"no server:\n{web.said()}", web.process)
        wait_for(lambda: "ready." in worker.said(), f"no worker:\n{worker.said()}", worker.process)
        with redis.Redis.from_url(broker) as valkey:
            valkey.flushdb()  # of earlier benches
            valkey_pid = int(valkey.info("server")["process_id"])
        yield Services(
            url=url,
            port=port,
            broker=broker,
            environment=environment,
            mails=mails,
            processes={
                "web": web.pid,
                "worker": worker.pid,
                "beat": beat.pid,
                "PostgreSQL": machine.postmaster(url),
                "Valkey": valkey_pid,
                "Stripe's double": doubled.pid,
                "mail server": mailbox.pid,
            },
        )


PARTS = ("web", "worker", "beat", "PostgreSQL", "Valkey")
"""What the product is made of."""


class Child:
    """A process of ours, which ends with us, and what it printed."""

    def __init__(self, name: str, logs: Path) -> None:
        self.log = logs / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, words: list[str], environment: dict[str, str]) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self) -> None:
        if self.process:
            stop(self.process)


def _environment(url: str, port: int, double: int, broker: str) -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": url,
        "REDIS_URL": broker,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "TRUSTED_PROXY_COUNT": "1",
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "LOG_JSON": "1",
        "STRIPE_SECRET_KEY": "sk_test_bench_day",
        "STRIPE_WEBHOOK_SECRET": "whsec_bench_day_bench_day",
        "STRIPE_API_BASE": f"http://127.0.0.1:{double}",
        "STRIPE_CHECKOUT_ORIGIN": f"http://127.0.0.1:{double}",
    }


def _broker(number: int) -> str:
    given = urllib.parse.urlsplit(os.environ["REDIS_URL"])
    if given.scheme == "unix":
        return f"unix://{given.path}?db={number}"
    return urllib.parse.urlunsplit(given._replace(path=f"/{number}"))
