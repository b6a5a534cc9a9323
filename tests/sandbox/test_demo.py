"""`python -m sandbox demo` starts every part, keeps the data, and leaves no process behind.

A stand-in product keeps these tests quick: what is tested is the house, not who lives in it.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

from sandbox.environment import inherited, read_env
from sandbox.places import CHECKOUT, throwaway_folder
from tests.server import free_port

STAND_IN = Path(__file__).parent / "product"
START_SECONDS = 120
PARTS = {"postgres", "valkey-server", "sandbox.mail_tray", "sandbox.stripe_double", "granian"}
PARTS |= {"caddy"}


class Demo:
    """A demo of a checkout, with what it has said so far."""

    def __init__(self, checkout: Path, *options: str, port: int = 0, **env: str) -> None:
        self.checkout = checkout
        self.port = port or free_port()
        self.screen = checkout / f"screen-{time.monotonic_ns()}"
        with self.screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sandbox", "demo", *options],
                cwd=checkout,
                env=self._environment(env),
                stdout=screen,
                stderr=screen,
                start_new_session=True,
            )

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        return {**inherited(os.environ), "PORT": str(self.port), "COLUMNS": "200", **more}

    @property
    def said(self) -> str:
        return self.screen.read_text()

    def wait_until_open(self, *, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def checkout() -> Iterator[Path]:
    folder = throwaway_folder()
    shutil.copytree(STAND_IN, folder, dirs_exist_ok=True)
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(CHECKOUT / "sandbox", folder / "sandbox", ignore=leave_out)
    shutil.copytree(CHECKOUT / "deploy", folder / "deploy")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_demo(checkout: Path) -> Iterator[Callable[..., Demo]]:
    demos: list[Demo] = []

    def start(*options: str, **settings: str) -> Demo:
        demos.append(Demo(checkout, *options, **settings))
        demos[-1].wait_until_open()
        return demos[-1]

    yield start
    for demo in demos:
        demo.stop()


def test_the_demo_opens_says_where_everything_is_and_stops_in_order(
    checkout, open_demo, processes_of
):
    """Whatever the shell names; and a second one in the same checkout is refused."""
    demo = open_demo("--external=no", DATABASE_URL="postgresql://127.0.0.1:1/shop", PGPORT="1")
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/readyz", timeout=5) as answer:
        assert answer.status == 200
    assert f"http://127.0.0.1:{demo.port}" in demo.said
    assert re.search(r"Mail tray +http://127\.0\.0\.1:\d+", demo.said)
    double = re.search(r"Stripe double +(http://127\.0\.0\.1:\d+/_double/)", demo.said)
    assert double
    with urllib.request.urlopen(double.group(1), timeout=5) as answer:
        assert answer.status == 200
    assert "Sign in as ana." in demo.said
    told = read_env(checkout / ".local" / "env")
    assert told["BASE_URL"] == f"http://127.0.0.1:{demo.port}"
    assert (checkout / ".local" / "env").stat().st_mode & 0o777 == 0o600
    assert (checkout / ".local" / "secrets").stat().st_mode & 0o777 == 0o600

    second = Demo(checkout)
    assert second.process.wait(30) == 1
    assert "A demo already runs in this checkout" in second.said
    assert demo.process.poll() is None

    assert demo.stop() == 0
    assert not (checkout / ".local" / "env").exists()
    assert processes_of(checkout) == []


def test_the_next_start_keeps_the_data_and_reset_begins_anew(open_demo):
    open_demo().stop()
    second = open_demo()
    assert "Starts: 2, peppers: 1." in second.said
    second.stop()
    assert "Starts: 1, peppers: 1." in open_demo("--reset").said


def test_a_killed_demo_leaves_no_process_and_the_next_one_starts(
    checkout, open_demo, processes_of, eventually
):
    demo = open_demo()
    words = " ".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in processes_of(checkout))
    assert {part for part in PARTS if part not in words} == set()
    demo.process.kill()
    eventually(lambda: processes_of(checkout) == [], seconds=30)
    assert not (checkout / ".local" / "env").exists()
    assert "Starts: 2, peppers: 1." in open_demo().said


def test_the_demo_ends_with_its_parent(checkout, processes_of, eventually):
    port = str(free_port())
    parent = subprocess.Popen(
        ["sh", "-c", f"{sys.executable} -m sandbox demo --follow-parent; true"],
        cwd=checkout,
        env={**inherited(os.environ), "PORT": port},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    eventually(lambda: (checkout / ".local" / "env").exists(), seconds=START_SECONDS)
    parent.kill()
    parent.wait()
    eventually(lambda: processes_of(checkout) == [], seconds=30)


class Killings:
    """Kills processes of a demo one after another, and waits for what it says and does then."""

    def __init__(self, demo: Demo, checkout: Path) -> None:
        self.demo = demo
        self.settings = read_env(checkout / ".local" / "env")

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
        return listens(int(self.settings["EMAIL_URL"].rpartition(":")[2]))

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


AFTER_KILL = 30.0
"""Three times what is promised, since other tests run beside this one."""


def test_whatever_process_is_killed_its_service_comes_back(checkout, open_demo, processes_of):
    demo = open_demo()
    killings = Killings(demo, checkout)
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

    assert demo.stop() == 0
    assert processes_of(checkout) == []


def test_a_taken_port_is_said_with_what_to_do(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        demo = Demo(checkout, port=port)
        assert demo.process.wait(30) == 1
    assert f"Port {port} is taken by another program. Try: make demo PORT=" in demo.said


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_state_of_somebody_else_is_said_with_what_to_do(checkout):
    (checkout / ".local").mkdir()
    os.chown(checkout / ".local", 12345, 12345)
    demo = Demo(checkout)
    assert demo.process.wait(30) == 1
    assert demo.said.splitlines() == [
        f"{checkout / '.local'} belongs to somebody else: have it removed, or copy the checkout."
    ]


def test_what_the_system_refuses_is_said_in_one_sentence(checkout):
    """A file lies where the logs would."""
    (checkout / ".local").mkdir()
    (checkout / ".local" / "logs").touch()
    demo = Demo(checkout)
    assert demo.process.wait(30) == 1
    assert demo.said.splitlines() == [f"{checkout / '.local' / 'logs'}: File exists."]


def test_services_that_the_shell_names_are_not_used_unasked(checkout):
    demo = Demo(checkout, DATABASE_URL="postgresql://ana:hunter2@db.example.com/shop")
    assert demo.process.wait(30) == 1
    assert "DATABASE_URL is set in this shell" in demo.said
    assert "make demo EXTERNAL=1" in demo.said
    assert "hunter2" not in demo.said
    assert not (checkout / ".local").exists()


def test_services_of_the_callers_own_are_used_after_a_yes(checkout, open_demo, processes_of):
    demo = open_demo(
        "--external=yes",
        EMAIL_URL="smtp://127.0.0.1:9",
        STRIPE_SECRET_KEY="sk_test_mine",
        STRIPE_WEBHOOK_SECRET="whsec_mine",
    )
    told = read_env(checkout / ".local" / "env")
    assert told["STRIPE_SECRET_KEY"] == "sk_test_mine"
    assert told["EMAIL_URL"] == "smtp://127.0.0.1:9"
    assert "STRIPE_API_BASE" not in told
    words = " ".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in processes_of(checkout))
    assert "stripe_double" not in words
    assert "mail_tray" not in words
    assert demo.stop(signal.SIGTERM) == 143
