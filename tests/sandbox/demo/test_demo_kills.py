"""After SIGKILL of any process of a demo its service is back, and the demo says what it started again."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from sandbox.environment import read_env
from tests.sandbox.demos import Demo


class Killings:
    """Kills processes of a demo one after another, and waits for what it says and does then."""

    def __init__(self, demo: Demo, checkout: Path) -> None:
        self.demo = demo
        self.settings = read_env(checkout / ".local" / "env")
        self.seconds: list[float] = []

    def part(self, word: str) -> int:
        """The process that the demo itself started, by a word of its command."""
        (pid,) = [pid for pid in children_of(self.demo.process.pid) if word in command_of(pid)]
        return pid

    def kill(self, pid: int, told: str, works: Callable[[], bool], *, seconds: float) -> None:
        lines = self.demo.said.count(told)
        began = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        while self.demo.said.count(told) == lines or not works():
            assert time.monotonic() - began < seconds, (told, self.demo.said)
            assert self.demo.process.poll() is None, self.demo.said
            time.sleep(0.05)
        self.seconds.append(time.monotonic() - began)

    def shop_answers(self) -> bool:
        return answers(f"http://127.0.0.1:{self.demo.port}/readyz")

    def database_answers(self) -> bool:
        try:
            with psycopg.connect(self.settings["DATABASE_URL"], connect_timeout=1) as connection:
                row = connection.execute("SELECT count(*) FROM starts").fetchone()
        except psycopg.Error:
            return False
        return row == (1,)

    def broker_answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.settings["REDIS_URL"]) as broker:
                return bool(broker.ping())
        except redis.RedisError:
            return False

    def mail_is_taken(self) -> bool:
        port = urlsplit(parse_qs(urlsplit(self.settings["EMAIL_URL"]).query)["api"][0]).port
        return port is not None and listens(port)

    def double_answers(self) -> bool:
        return answers(f"{self.settings['STRIPE_API_BASE']}/_double/")

    def worker_works(self) -> bool:
        return len(children_of(self.part("giftshop worker"))) == 2


def children_of(parent: int) -> list[int]:
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout
    pairs = (map(int, line.split()) for line in shown.splitlines())
    return [pid for pid, its_parent in pairs if its_parent == parent]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


ROUNDS = 5
AFTER_KILL = 30.0
"""Three times what is promised, since other tests run beside this one."""


@pytest.mark.stress
def test_whatever_process_is_killed_its_service_comes_back(checkout, open_demo, processes_of):
    demo = open_demo()
    kill_each(Killings(demo, checkout))
    assert demo.stop() == 0
    assert processes_of(checkout) == []


@pytest.mark.stress
def test_whatever_is_killed_again_and_again_comes_back(checkout, open_demo, processes_of, figure):
    demo = open_demo()
    killings = Killings(demo, checkout)
    for _ in range(ROUNDS):
        kill_each(killings)
    assert demo.stop() == 0
    assert processes_of(checkout) == []
    figure(
        "I6",
        "each kind of process of a demo killed (SIGKILL)",
        size=f"{len(killings.seconds)} kills",
        result=f"all came back, after {max(killings.seconds):.1f} s at most",
    )


def kill_each(killings: Killings) -> None:
    """Each kind of process once."""
    kill = partial(killings.kill, seconds=AFTER_KILL)
    again = "was ended by SIGKILL: started again"
    kill(killings.part("valkey-server"), f"Valkey {again}", killings.broker_answers)
    kill(killings.part("stripe_double"), f"Stripe double {again}", killings.double_answers)
    kill(killings.part("mail_tray"), f"mail tray {again}", killings.mail_is_taken)

    with closing(psycopg.connect(killings.settings["DATABASE_URL"])) as client:
        kill(
            client.info.backend_pid,
            "was terminated by signal 9: Killed; another takes its place",
            killings.database_answers,
        )
    with closing(psycopg.connect(killings.settings["DATABASE_URL"])) as client:
        kill(killings.part("bin/postgres"), f"PostgreSQL {again}", killings.database_answers)
        assert not command_of(client.info.backend_pid)

    web = killings.part("granian")
    worker = max(children_of(web))
    kill(worker, "Unexpected exit from worker-", killings.shop_answers)
    orphans = children_of(web)
    assert worker not in orphans
    kill(web, f"web server {again}", killings.shop_answers)
    assert not any(map(command_of, orphans))

    kill(killings.part("caddy"), f"proxy {again}", killings.shop_answers)

    tasks = children_of(killings.part("giftshop worker"))
    kill(tasks[0], "exited with 'signal 9 (SIGKILL)'; another", killings.worker_works)
    tasks = children_of(killings.part("giftshop worker"))
    kill(killings.part("giftshop worker"), f"worker {again}", killings.worker_works)
    assert not any(map(command_of, tasks))
    kill(
        killings.part("giftshop beat"),
        f"beat {again}",
        lambda: bool(killings.part("giftshop beat")),
    )
    kill(killings.part("watch_status"), f"watch {again}", killings.shop_answers)
