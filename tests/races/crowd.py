"""Many at once: threads that work, a server that may be killed under them, retries until an answer."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sandbox.processes.children import Child
from sandbox.processes.guardian import Guardian
from sandbox.processes.supervisor import Part, Supervisor
from tests.races.durable import children_of, is_alive
from tests.races.tills import NoAnswer, NotSent, Reply, Till
from tests.server import (
    ROOT,
    START_SECONDS,
    answers,
    command,
    free_port,
    settings,
    wait_for,
)

PATIENCE_SECONDS = 150.0


def at_once(work: Callable[[int], None], count: int) -> None:
    """work(0), work(1) ... each in a thread of its own; raises what the first of them raised."""
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work, n) for n in range(count)]:
            done.result()


@contextmanager
def meanwhile(work: Callable[[int], None], count: int) -> Iterator[Callable[[], bool]]:
    """Run `work` in threads during the block, and wait for its end; gives whether all go on."""
    with ThreadPoolExecutor(count) as pool:
        running = [pool.submit(work, n) for n in range(count)]
        yield lambda: not any(one.done() for one in running)
        for done in running:
            done.result()


class Deployment:
    """The product's server as it is deployed, on one port, to be killed process by process.

    Granian replaces a worker of its own; a dead main process is started again, and its orphans ended, by
    the supervisor of the demo. All of it in the main thread, whose end would take the server along.
    """

    def __init__(
        self,
        folder: Path,
        *,
        wsgi: str = "giftshop.wsgi:application",
        threads: int = 16,
        **env: str,
    ) -> None:
        self.port = free_port()
        self.said: list[str] = []
        self.guardian = Guardian()
        self.supervisor = Supervisor(self.said.append)
        start = partial(
            Child.start,
            "web server",
            command(self.port, wsgi=wsgi, threads=threads),
            log=folder / "web.log",
            guardian=self.guardian,
            env=settings(self.port, threads=threads, **env),
            cwd=ROOT,
        )
        self.part = Part("web server", start, lambda _: answers(self.port))
        self.up = threading.Event()
        self.supervisor.add(self.part)
        self.supervisor.wait_until_ready(self.part)
        self.up.set()
        self.kills = 0

    def kill(self) -> None:
        """SIGKILL to the main process and to one worker in turn; service is back when this returns."""
        self.kills += 1
        if self.kills % 2:
            self.kill_main()
        else:
            self.kill_worker()

    def kill_main(self) -> None:
        main, workers = self.main, children_of(self.main)
        self.up.clear()
        os.kill(main, signal.SIGKILL)
        self._until(
            lambda: self.main != main and not self.part.ended, "the server did not come back"
        )
        assert not any(map(is_alive, workers)), "a worker outlived the server"
        self.up.set()

    def kill_worker(self) -> None:
        workers = children_of(self.main)
        victim = max(workers)  # a worker is younger than what keeps account of shared memory
        os.kill(victim, signal.SIGKILL)
        self._until(
            lambda: not is_alive(victim) and len(children_of(self.main)) == len(workers),
            "the worker was not replaced",
        )

    @property
    def main(self) -> int:
        return self.part.child.process.pid if self.part.child else 0

    def _until(self, holds: Callable[[], bool], otherwise: str) -> None:
        def looked_after() -> bool:
            self.supervisor.look_after_all()
            return holds()

        wait_for(looked_after, otherwise, seconds=START_SECONDS)

    def stop(self) -> None:
        if self.part.child:
            self.part.child.stop_signal = signal.SIGKILL
        self.supervisor.stop()
        self.guardian.dismiss()


@contextmanager
def deployed(**options: Any) -> Iterator[Deployment]:
    with TemporaryDirectory() as folder:
        deployment = Deployment(Path(folder), **options)
        try:
            yield deployment
        finally:
            deployment.stop()


def insist(till: Till, deployment: Deployment, ask: Callable[[], Reply]) -> tuple[Reply, int]:
    """Ask until there is an answer that settles it, as a till does with its key: the answer, and how
    often the question may have reached the product before."""
    unknown = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert deployment.up.wait(120), "the server did not come back"
        try:
            reply = ask()
        except NotSent:
            continue  # between the kill and the event: the next turn waits
        except NoAnswer:
            unknown += 1
            continue
        if reply.status < 500:
            return reply, unknown
        unknown += 1
    raise AssertionError(f"no answer for {PATIENCE_SECONDS} seconds, asked {unknown} times")


def kill_again_and_again(
    kill: Callable[[], None],
    *,
    times: int,
    progress: Callable[[], int],
    steps: tuple[int, int],
    going_on: Callable[[], bool],
    seed: int,
) -> None:
    """Kill each time after some more work was done, a random number between the two steps."""
    shuffle = random.Random(seed)

    def is_reached(goal: int) -> bool:
        return progress() >= goal or not going_on()

    for n in range(times):
        goal = progress() + shuffle.randrange(*steps)
        wait_for(
            partial(is_reached, goal),
            f"stuck before kill {n + 1} of {times} (seed {seed})",
            seconds=120,
        )
        kill()


def spread(count: int, over: int) -> Iterable[int]:
    """100 over 3: 34, 33, 33."""
    return [count // over + (n < count % over) for n in range(over)]
