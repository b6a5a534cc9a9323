"""The product with a profiler around every request, for one worker with one thread.

The profile is written to PROFILE_INTO every hundred requests, so that however the server is stopped
one is there.
"""

import cProfile
import os
from collections.abc import Callable, Iterable
from typing import Any

from giftshop.wsgi import application as product

WARM_UP = 100
EVERY = 100

profiler = cProfile.Profile()
asked = 0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    global asked
    asked += 1
    if asked <= WARM_UP:
        return product(environ, start_response)
    profiler.enable()
    try:
        return product(environ, start_response)
    finally:
        profiler.disable()
        if asked % EVERY == 0:
            profiler.dump_stats(os.environ["PROFILE_INTO"])
