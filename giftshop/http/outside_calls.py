"""Waiting for somebody outside: bounded in time for a page, and in how many threads do it at once.

A web thread that waits for Stripe serves no till. So each call that a page makes runs in a thread of its
own, the page leaves when its few seconds are over, and at most half as many calls as there are web threads
are under way in one process: whoever comes later is told at once that there is no answer.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PAGE_SECONDS = 3.0
TASK_SECONDS = 10.0

T = TypeVar("T")


class NoAnswer(Exception):
    """Nobody answered in time, or too many were waiting already."""


@dataclass
class Patience:
    """How long one page waits for others, all its calls together; the clock starts with the first."""

    seconds: float = PAGE_SECONDS
    until: float | None = None

    def deadline(self) -> float:
        if self.until is None:
            self.until = time.monotonic() + self.seconds
        return self.until


_page: ContextVar[Patience | None] = ContextVar("page_patience", default=None)
_task_seconds: ContextVar[float] = ContextVar("task_patience", default=TASK_SECONDS)
_deadline: ContextVar[float | None] = ContextVar("call_deadline", default=None)
_slots = BoundedSemaphore(max(1, settings.WEB_THREADS // 2))


def for_pages(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: whatever a request asks of others, it waits for PAGE_SECONDS at most."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with of_a_page():
            return get_response(request)

    return middleware


@contextmanager
def of_a_page(seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """Calls in here are a page's: together they may take this long."""
    token = _page.set(Patience(seconds))
    try:
        yield
    finally:
        _page.reset(token)


@contextmanager
def in_short(seconds: float = PAGE_SECONDS) -> Iterator[None]:
    """For tasks that others stand behind: each call in here may take this long, instead of TASK_SECONDS."""
    token = _task_seconds.set(seconds)
    try:
        yield
    finally:
        _task_seconds.reset(token)


def time_left() -> float:
    """Seconds until the call under way is to be given up; below zero when that was."""
    deadline = _deadline.get()
    return _task_seconds.get() if deadline is None else deadline - time.monotonic()


def ask(call: Callable[[], T]) -> T:
    """What the call answers. It may touch no database and should mind `time_left()`. Raises NoAnswer,
    and what the call raises.

    In a task or a command, for which nobody waits, it runs here and may take TASK_SECONDS.
    """
    page = _page.get()
    if page is None:
        return _run(call, time.monotonic() + _task_seconds.get())
    deadline = page.deadline()
    if deadline <= time.monotonic():
        raise NoAnswer("the page's time is over")
    answer = _begin(call, deadline)
    try:
        return answer.result(timeout=max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        if answer.done():  # the call's own
            raise
        raise NoAnswer("no answer in time") from None


def _begin(call: Callable[[], T], deadline: float) -> "Future[T]":
    """Start the call in a thread that holds a slot until it ends, however the page's own thread fares."""
    slots = _slots
    if not slots.acquire(blocking=False):
        raise NoAnswer("too many are waiting")
    answer: Future[T] = Future()
    context = copy_context()

    def work() -> None:
        try:
            answer.set_result(context.run(_run, call, deadline))
        except BaseException as error:
            answer.set_exception(error)
        finally:
            slots.release()

    try:
        Thread(target=work, name="outside call", daemon=True).start()
    except BaseException:
        slots.release()
        raise
    return answer


def _run(call: Callable[[], T], deadline: float) -> T:
    token = _deadline.set(deadline)
    try:
        return call()
    finally:
        _deadline.reset(token)
