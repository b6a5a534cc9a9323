"""The product called from one thread, without a server, and looked at every few milliseconds of CPU time.

A sampler costs next to nothing, so unlike under a tracing profiler every function keeps its true share.
Time in which the process only waits is not seen.
"""

import io
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

from bench.redeem.driver import Orders, bodies

EVERY_CPU_SECONDS = 0.001
"""The kernel may do it less often."""
WARM_UP = 100

own: Counter[str] = Counter()
within: Counter[str] = Counter()


def name(frame: FrameType) -> str:
    return f"{frame.f_code.co_filename}:{frame.f_code.co_qualname}"


def look(_number: int, frame: FrameType | None) -> None:
    """Whose code runs now, and who called it."""
    if frame is None:
        return
    own[name(frame)] += 1
    seen = set()
    while frame is not None:
        seen.add(name(frame))
        frame = frame.f_back
    within.update(seen)


def environ(token: str, key: str, body: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/api/v1/redemptions/",
        "QUERY_STRING": "",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "gifts.example.com",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "203.0.113.7",
        "HTTP_ACCEPT": "application/json",
        "HTTP_AUTHORIZATION": f"Device {token}",
        "HTTP_IDEMPOTENCY_KEY": key,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body.encode()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def main() -> None:
    from giftshop.wsgi import application

    orders = Orders(**json.loads(sys.stdin.readline()))
    answers: Counter[str] = Counter()

    def start_response(status: str, *_more: Any) -> Callable[[bytes], object]:
        answers[status[:3]] += 1
        return sys.stdout.buffer.write

    signal.signal(signal.SIGPROF, look)
    started = 0.0
    for place, (token, key, body) in enumerate(bodies(orders)):
        if place == WARM_UP:
            signal.setitimer(signal.ITIMER_PROF, EVERY_CPU_SECONDS, EVERY_CPU_SECONDS)
            started = time.process_time()
        response = application(environ(token, key, body), start_response)
        b"".join(response)
        response.close()
    spent = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps([answers["201"], spent / (orders.most - WARM_UP), own, within]))


if __name__ == "__main__":
    main()
