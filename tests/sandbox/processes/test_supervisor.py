"""A part that ends is started again, alone and without its children; one that cannot start is given up."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from sandbox.processes import supervisor as supervision
from sandbox.processes.children import Child, ChildError
from sandbox.processes.guardian import Guardian, clean_up
from sandbox.processes.supervisor import Part, Supervisor
from tests.server import free_port

SERVER = """
import os, socket, sys, time
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), reuse_port=True)
if not os.fork():
    print("child", os.getpid(), flush=True)
    while True:
        listener.accept()[0].close()  # the child answers, as granian's workers do
time.sleep(3600)
"""


class Supervised:
    """Parts that a test declares, watched round by round."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.guardian = Guardian()
        self.supervisor = Supervisor(self.said.append)

    def add(self, name: str, script: str, *words: str, **how: object) -> Part:
        part = Part(name, partial(self._start, name, [sys.executable, "-c", script, *words]), **how)
        self.supervisor.add(part)
        return part

    def _start(self, name: str, command: list[str]) -> Child:
        return Child.start(name, command, log=self.folder / f"{name}.log", guardian=self.guardian)

    def until(self, holds: Callable[[], bool], *, seconds: float = 20.0) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, self.said
            self.supervisor.look_after_all()
            time.sleep(0.02)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path)
    yield supervised
    supervised.supervisor.stop()
    supervised.guardian.dismiss()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def child_of(part: Part) -> int:
    assert part.child
    return int(part.child.said().split()[1])


def serve(supervised: Supervised) -> tuple[Part, int]:
    port = free_port()
    part = supervised.add(
        "server", SERVER, str(port), is_ready=lambda child: "child" in child.said()
    )
    supervised.supervisor.wait_until_ready(part)
    assert answers(port)
    return part, port


def kill(part: Part) -> int:
    assert part.child
    os.kill(part.child.process.pid, signal.SIGKILL)
    return part.child.process.pid


def test_a_killed_part_comes_back_on_its_port_without_its_old_children(
    supervised: Supervised, is_alive: Callable[[int], bool]
) -> None:
    part, port = serve(supervised)
    orphan = child_of(part)
    part.began_at -= supervision.SETTLED_SECONDS
    killed = kill(part)
    supervised.until(lambda: part.child is not None and part.child.process.pid != killed)
    assert not is_alive(orphan)
    supervised.until(lambda: bool(supervised.said))
    assert answers(port)
    assert child_of(part) != orphan
    assert len(supervised.said) == 1
    assert supervised.said[0].startswith("server was ended by SIGKILL: started again, ready after ")


def test_the_control_that_nobody_looks_after_keeps_its_orphan_and_never_comes_back(
    supervised: Supervised, is_alive: Callable[[int], bool]
) -> None:
    part, _ = serve(supervised)
    orphan = child_of(part)
    kill(part)
    assert part.child
    part.child.process.wait()
    time.sleep(3 * supervision.WATCH_SECONDS)
    assert is_alive(orphan)
    assert part.child.process.poll() == -signal.SIGKILL
    assert supervised.said == []


def test_one_that_dies_again_and_again_is_tried_later_and_later_and_then_given_up(
    supervised: Supervised, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "PAUSE_SECONDS_MAX", 0.2)
    supervised.add("broken", "raise SystemExit('no such thing')")
    with pytest.raises(ChildError) as given_up:
        supervised.until(lambda: False, seconds=30)
    assert len(supervised.said) == supervision.FAILURES_MAX - 1
    assert supervised.said[0].startswith("broken ended with status 1 again: next try in")
    assert "broken could not be started 5 times within a minute." in str(given_up.value)
    assert "no such thing" in str(given_up.value)


def test_the_pauses_double(supervised: Supervised) -> None:
    part = supervised.add("broken", "raise SystemExit(3)")
    pauses = []
    for _ in range(supervision.FAILURES_MAX - 1):
        assert part.child
        part.child.process.wait()
        before = time.monotonic()
        supervised.supervisor.look_after_all()
        pauses.append(round(part.start_at - before))
        part.start_at = 0.0
        supervised.supervisor.look_after_all()
    assert pauses == [1, 2, 4, 8]


def test_a_slow_starter_keeps_nobody_else_waiting(supervised: Supervised) -> None:
    slow = supervised.add("slow", "import time; time.sleep(3600)", is_ready=lambda _: False)
    part, port = serve(supervised)
    slow.ended = "is starting"
    kill(part)
    supervised.until(lambda: any("server" in line for line in supervised.said))
    supervised.until(lambda: answers(port))


def test_a_part_that_replaced_a_process_of_its_own_is_told_of_once(supervised: Supervised) -> None:
    part, _ = serve(supervised)
    part.replaced = supervision.re.compile(r"(worker \d died)")
    assert part.child
    with part.child.log.open("a") as log:
        log.write("worker 1 died\nworker 2 di")
    supervised.supervisor.look_after_all()
    assert supervised.said == ["server: worker 1 died; another takes its place."]
    with part.child.log.open("a") as log:
        log.write("ed\n")
    supervised.supervisor.look_after_all()
    supervised.supervisor.look_after_all()
    assert supervised.said[1:] == ["server: worker 2 died; another takes its place."]


def test_a_signal_while_a_part_is_started_waits_until_the_part_is_known(
    supervised: Supervised,
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        part, _ = serve(supervised)
        kill(part)
        start = part.start

        def interrupted() -> Child:
            child = start()
            signal.raise_signal(signal.SIGINT)
            return child

        part.start = interrupted
        with pytest.raises(KeyboardInterrupt):
            supervised.until(lambda: False)
        assert part.child is not None
        assert part.child.process.poll() is None
    finally:
        signal.signal(signal.SIGINT, before)
    supervised.supervisor.stop()
    assert part.child.process.poll() is not None


def test_the_guardian_forgets_who_is_gone() -> None:
    victim = os.fork()
    if victim == 0:
        os.setpgid(0, 0)
        signal.pause()
    os.setpgid(victim, victim)
    clean_up([f"group {victim} 15", f"forget {victim}"])
    assert os.waitpid(victim, os.WNOHANG) == (0, 0)
    os.kill(victim, signal.SIGKILL)
    os.waitpid(victim, 0)
