"""`python -m sandbox demo` starts every part, keeps the data, and leaves no process behind.

A stand-in product keeps these tests quick: what is tested is the sandbox, not what it starts.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from sandbox.environment import inherited, read_env
from tests.sandbox.demos import START_SECONDS, Demo
from tests.server import free_port

PARTS = {"postgres", "valkey-server", "sandbox.mail_tray", "sandbox.stripe_double", "granian"}
PARTS |= {"caddy"}


def test_a_demo_is_opened_stopped_killed_and_opened_again(
    checkout, open_demo, processes_of, eventually
):
    """One history of one checkout, since each start takes seconds. The first start in spite of what the
    shell names."""
    demo = open_demo("--external=no", DATABASE_URL="postgresql://127.0.0.1:1/shop", PGPORT="1")
    check_that_it_says_where_everything_is(demo)
    assert hosts_listened_on(processes_of(checkout)) == {"127.0.0.1"}
    check_that_its_settings_are_its_own(demo, checkout)
    check_that_a_second_one_is_refused(checkout)
    assert demo.process.poll() is None
    assert demo.stop() == 0
    check_that_nothing_is_left(checkout, processes_of)

    demo = open_demo()
    assert "Starts: 2, peppers: 1." in demo.said  # the data was kept
    words = " ".join(Path(f"/proc/{pid}/cmdline").read_text() for pid in processes_of(checkout))
    assert {part for part in PARTS if part not in words} == set()
    demo.process.kill()
    eventually(lambda: processes_of(checkout) == [], seconds=30)
    check_that_nothing_is_left(checkout, processes_of)

    demo = open_demo()
    assert "Starts: 3, peppers: 1." in demo.said
    demo.stop()
    assert "Starts: 1, peppers: 1." in open_demo("--reset").said


def check_that_it_says_where_everything_is(demo: Demo) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/readyz", timeout=5) as answer:
        assert answer.status == 200
    assert f"http://127.0.0.1:{demo.port}" in demo.said
    assert re.search(r"Mail tray +http://127\.0\.0\.1:\d+", demo.said)
    double = re.search(r"Stripe double +(http://127\.0\.0\.1:\d+/_double/)", demo.said)
    assert double
    with urllib.request.urlopen(double.group(1), timeout=5) as answer:
        assert answer.status == 200
    assert "Sign in as ana." in demo.said


def check_that_its_settings_are_its_own(demo: Demo, checkout: Path) -> None:
    told = read_env(checkout / ".local" / "env")
    assert told["BASE_URL"] == f"http://127.0.0.1:{demo.port}"
    assert (checkout / ".local" / "env").stat().st_mode & 0o777 == 0o600
    assert (checkout / ".local" / "secrets").stat().st_mode & 0o777 == 0o600


def check_that_a_second_one_is_refused(checkout: Path) -> None:
    second = Demo(checkout)
    assert second.process.wait(30) == 1
    assert "A demo already runs in this checkout" in second.said


def check_that_nothing_is_left(checkout: Path, processes_of: Callable[[Path], list[int]]) -> None:
    assert not (checkout / ".local" / "env").exists()
    assert processes_of(checkout) == []


def hosts_listened_on(pids: list[int]) -> set[str]:
    """Of every socket of these processes that somebody could reach by IP."""
    sockets = [each for pid in pids for each in psutil.Process(pid).net_connections("inet")]
    return {
        each.laddr.ip for each in sockets if each.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)
    }


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
    remedy = "something else is in its way: move that and start again."
    assert demo.said.splitlines() == [f"{checkout / '.local' / 'logs'}: File exists; {remedy}"]


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
