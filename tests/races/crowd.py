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
from typing import Any

from tests.races.tills import NoAnswer, NotSent, Reply, Till
from tests.server import Server, start, stop, wait_for

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
    """The product's server, to be killed; each new one listens at another port."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.server = start(**options)
        self.up = threading.Event()
        self.up.set()

    @property
    def port(self) -> int:
        return self.server.port

    def kill(self) -> None:
        """SIGKILL to the whole group of workers that we started; then start anew."""
        process = self.server.process
        assert os.getpgid(process.pid) == process.pid, "the group is ours alone"
        self.up.clear()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.server: Server = start(**self.options)
        self.up.set()

    def stop(self) -> None:
        stop(self.server.process, signal.SIGKILL)


@contextmanager
def deployed(**options: Any) -> Iterator[Deployment]:
    deployment = Deployment(**options)
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
