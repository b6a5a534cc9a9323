"""`python -m sandbox run -- COMMAND` gives a command its own servers and leaves nothing behind."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from sandbox.places import CHECKOUT

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

TELL = (
    "import json, os, sys;"
    "print(json.dumps({**os.environ, 'pid': str(os.getpid())}), flush=True);"
    "sys.stdin.read()"
)
SURVIVOR = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


class Running:
    """A `sandbox run` whose command says what it was given, then waits to be let go."""

    def __init__(
        self, *command: str, options: Sequence[str] = (), env: dict[str, str] | None = None
    ) -> None:
        words = [sys.executable, "-m", "sandbox", "run", *options, "--", *command]
        self.process = subprocess.Popen(
            words,
            cwd=CHECKOUT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # no terminal, as in CI
        )
        assert self.process.stdout
        self.told: dict[str, str] = json.loads(self.process.stdout.readline())

    @property
    def folder(self) -> Path:
        """The folder of this run, as its socket's address tells it."""
        return Path(self.told["DATABASE_URL"].partition("host=")[2]).parent.parent

    def let_go(self) -> int:
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        return self.process.wait(30)


@pytest.fixture
def start():
    started: list[Running] = []

    def begin(*command: str, **how: Any) -> Running:
        started.append(Running(*(command or (sys.executable, "-c", TELL)), **how))
        return started[-1]

    yield begin
    for run in started:
        run.let_go()


def sandbox_run(*command: str, env: dict[str, str] | None = None) -> int:
    words = [sys.executable, "-m", "sandbox", "run", "--", *command]
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, timeout=60, start_new_session=True)
    return done.returncode


def test_the_command_finds_both_servers_and_every_setting_it_needs(start):
    run = start()
    with psycopg.connect(run.told["DATABASE_URL"]) as connection:
        row = connection.execute(
            "select current_database(), current_setting('timezone')"
        ).fetchone()
    assert row == ("giftshop", "UTC")
    with redis.from_url(run.told["REDIS_URL"]) as broker:
        assert broker.ping()
        assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    for name in ("CODE_PEPPERS", "CODE_ENCRYPTION_KEYS", "PIN_PEPPERS"):
        kid, _, key = run.told[name].partition(":")
        assert kid == "1"
        assert len(bytes.fromhex(key)) == 32
    assert run.let_go() == 0


@pytest.mark.parametrize("is_asked_for", [True, False])
def test_settings_of_a_demo_in_the_same_checkout_are_read_only_where_asked_for(
    tmp_path: Path, is_asked_for: bool
) -> None:
    written, token = tmp_path / "demo", "of-a-demo-0123456789abcdef"
    written.write_text(f"STATUS_TOKEN={token}\n")
    told = subprocess.run(
        [sys.executable, "-c", "from giftshop import settings; print(settings.STATUS_TOKEN)"],
        cwd=CHECKOUT,
        env={**os.environ, "LOCAL_ENV": str(written) if is_asked_for else ""},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == (token if is_asked_for else "")


def test_a_run_asks_for_no_settings_of_a_demo(start, tmp_path: Path):
    run = start(sys.executable, "-c", TELL, env={"LOCAL_ENV": str(tmp_path / "demo")})
    assert run.told["LOCAL_ENV"] == ""


def test_nothing_in_a_run_reaches_the_world_by_mistake_and_its_data_goes_with_it(start):
    run = start(env={"EMAIL_URL": "smtp://mail.example.com", "STRIPE_SECRET_KEY": "sk_live_x"})
    assert run.told["EMAIL_URL"] == "smtp://127.0.0.1:9"
    assert run.told["STRIPE_API_BASE"] == "http://127.0.0.1:9"
    assert run.told["STRIPE_SECRET_KEY"].startswith("sk_test_")
    assert run.folder.is_dir()
    run.let_go()
    assert not run.folder.exists()


@pytest.mark.parametrize(("options", "waits"), [((), "off"), (("--durable",), "on")])
def test_only_a_durable_run_waits_for_the_disk(start, options, waits):
    run = start(options=options)
    with psycopg.connect(run.told["DATABASE_URL"]) as connection:
        for setting in ("fsync", "full_page_writes"):
            assert connection.execute(f"show {setting}").fetchone() == (waits,)
        assert connection.execute("show synchronous_commit").fetchone() == ("on",)
    with redis.from_url(run.told["REDIS_URL"]) as broker:
        kept = "yes" if waits == "on" else "no"
        assert broker.config_get("appendonly") == {"appendonly": kept}


def test_two_runs_at_once_do_not_meet(start):
    one, two = start(), start()
    assert one.told["DATABASE_URL"] != two.told["DATABASE_URL"]
    with psycopg.connect(one.told["DATABASE_URL"]) as connection:
        connection.execute("create table only_here ()")
    with psycopg.connect(two.told["DATABASE_URL"]) as connection:
        assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)
    with redis.from_url(one.told["REDIS_URL"]) as first:
        first.set("only", "here")
    with redis.from_url(two.told["REDIS_URL"]) as second:
        assert second.get("only") is None


def test_the_exit_status_passes_through():
    assert sandbox_run("sh", "-c", "exit 7") == 7


def test_a_command_ended_by_a_signal_reads_as_a_shell_says_it():
    assert sandbox_run("sh", "-c", "kill -TERM $$") == 143


def test_a_command_that_is_not_there_is_said_so():
    assert sandbox_run("no-such-command-anywhere") == 127


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_passed_on_and_the_command_may_answer_it(start, number):
    answer = (
        "import signal, sys;"
        f"signal.signal({int(number)}, lambda *_: sys.exit(42));"
        "print('{}', flush=True);"
        "signal.pause()"
    )
    run = start(sys.executable, "-c", answer)
    run.process.send_signal(number)
    assert run.process.wait(30) == 42


@linux_only
def test_a_killed_run_leaves_no_process_and_no_folder(
    start, is_alive, processes_naming, eventually
):
    run = start(sys.executable, "-c", SURVIVOR, TELL)
    folder, grandchild = run.folder, int(run.told["pid"])
    assert processes_naming(str(folder))
    assert is_alive(grandchild)
    run.process.kill()
    eventually(lambda: not is_alive(grandchild))
    eventually(lambda: not processes_naming(str(folder)))
    eventually(lambda: not folder.exists())


@linux_only
def test_the_kernel_ends_the_servers_even_without_the_guardian(
    start, is_alive, processes_naming, eventually
):
    run = start()
    folder = run.folder
    guardians = [pid for pid in processes_naming("guardian.py") if _parent(pid) == run.process.pid]
    assert len(guardians) == 1
    os.kill(guardians[0], signal.SIGKILL)
    eventually(lambda: not is_alive(guardians[0]))
    run.process.kill()
    eventually(lambda: not processes_naming(str(folder)))
    shutil.rmtree(folder)


@linux_only
@pytest.mark.skipif(os.getuid() != 0, reason="only root has to change the user")
def test_root_never_runs_the_servers_as_root(start, processes_naming):
    run = start()
    servers = processes_naming(str(run.folder))
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in servers}
    assert owners == {pwd.getpwnam("nobody").pw_uid}


def test_a_temporary_folder_that_is_closed_and_too_deep_is_no_obstacle(start, tmp_path: Path):
    awkward = tmp_path / ("d" * 120)
    awkward.mkdir(mode=0o700)
    run = start(env={"TMPDIR": str(awkward)})
    with psycopg.connect(run.told["DATABASE_URL"]) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def _parent(pid: int) -> int:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    return int(after_name.split()[1])
