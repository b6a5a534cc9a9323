"""The commands of the demo's parts, and how each is known to be ready."""

from __future__ import annotations

import contextlib
import http.client
import re
import sys
import time
import urllib.request
from collections.abc import Callable

from sandbox.processes.children import Child

ANSWER_SECONDS = 2.0
WORDS_SECONDS = 15.0

CELERY = [sys.executable, "-m", "celery", "-A", "giftshop"]

# What a server logs when it replaces a process of its own.
BACKEND_ENDED = re.compile(r"LOG:  (.+? \(PID \d+\) was terminated by signal \d+.*)")
WEB_WORKER_ENDED = re.compile(r"(Unexpected exit from worker-\d+)")
TASK_PROCESS_ENDED = re.compile(r"Process '[^']*' (pid:\d+ exited with '[^']*')")


def web_server(listen: list[str]) -> list[str]:
    """Granian as it is deployed: it replaces a worker that died. `listen` says where the proxy finds it."""
    return [
        *[sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"],
        *listen,
        *["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "5"],
        *["--respawn-failed-workers", "giftshop.wsgi:application"],
    ]


WEB_SETTINGS = {"DATABASE_STATEMENT_TIMEOUT_SECONDS": "10"}
"""As under docker compose: nobody waits at a page for as long as a report may take."""


def celery_worker() -> list[str]:
    """The worker and the two processes that run its tasks; there is no other worker to meet."""
    pool = ["--concurrency=2", "--loglevel=INFO"]
    return [*CELERY, "worker", *pool, "--without-mingle", "--without-gossip"]


def celery_beat() -> list[str]:
    """What kicks the worker."""
    return [*CELERY, "beat", "--loglevel=WARNING"]


def watch() -> list[str]:
    """Who tells the operator what is wrong."""
    return [sys.executable, "manage.py", "watch_status"]


def announces(word: str) -> Callable[[Child], bool]:
    """Ready is who has printed `word http://...`."""
    words = re.compile(rf"^{word} http://\S+$", re.MULTILINE)
    return lambda child: bool(words.search(child.said()))


def is_working(child: Child) -> bool:
    """Celery says so; but how much is logged is the product's choice, so not for ever."""
    return " ready." in child.said() or time.monotonic() - child.started_at > WORDS_SECONDS


def answers(port: int, page: str) -> bool:
    """Whether the web server has this page for us now."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        url = f"http://127.0.0.1:{port}/{page}"
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as response:  # nosec B310  # ours
            return bool(response.status == 200)
    return False
