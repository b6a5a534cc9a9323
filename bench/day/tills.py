"""The tills: a process of its own that asks at a steady rate, whether it is answered or not.

As bench.redeem.driver: one line of JSON tells it what to do, it says `ready`, begins at `go`, and answers
one line of JSON. A request that finds every line busy waits for one, and its wait counts from when it
was due.
"""

import json
import selectors
import sys
import time
from collections import deque
from dataclasses import asdict

from bench.day.patience import LATE_SECONDS_MAX
from bench.redeem.driver import Line, Orders, Result, requests


def drive(orders: Orders, made: list[bytes]) -> Result:
    """`orders.most` requests over `orders.seconds`, evenly."""
    result = Result()
    ready = selectors.DefaultSelector()
    free = deque(Line(orders.port) for _ in range(orders.connections))
    busy: dict[Line, float] = {}
    due, gap = deque(made), orders.seconds / max(1, orders.most)
    started = time.perf_counter()
    ends = started + orders.seconds + LATE_SECONDS_MAX
    while (due or busy) and time.perf_counter() < ends:
        now = time.perf_counter()
        while due and free and started + result.asked * gap <= now:
            line = free.popleft()
            busy[line] = started + result.asked * gap
            result.asked += 1
            ready.register(line.socket, selectors.EVENT_READ, line)
            line.ask(due.popleft())
        following = started + result.asked * gap if due and free else ends
        for key, _events in ready.select(max(0.0, min(following, ends) - time.perf_counter())):
            line = key.data
            if not line.hear():
                continue
            ready.unregister(line.socket)
            waited = time.perf_counter() - busy.pop(line)
            free.append(line)
            if line.answer.startswith(b"HTTP/1.1 201"):
                result.answered += 1
                result.microseconds.append(int(waited * 1_000_000))
            else:
                result.wrong = result.wrong or line.answer[:2000].decode(errors="replace")
    result.seconds = time.perf_counter() - started
    return result


def main() -> None:
    orders = Orders(**json.loads(sys.stdin.readline()))
    made = list(requests(orders))
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asdict(drive(orders, made))), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
