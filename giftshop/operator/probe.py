"""Asks something that may never answer, without waiting for it for ever."""

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from django.db import connections

from giftshop.postgresql.outage import is_outage

T = TypeVar("T")

log = logging.getLogger(__name__)


class Asked(Generic[T]):
    """One question on its way."""

    def __init__(self, question: Callable[[], T], seconds: float) -> None:
        self.deadline = monotonic() + seconds
        self.answered = threading.Event()
        self.answer: T | None = None
        threading.Thread(target=self._ask, args=(question,), daemon=True).start()

    def _ask(self, question: Callable[[], T]) -> None:
        try:
            self.answer = question()
        except Exception as error:
            if not is_outage(error):
                log.exception("a probe failed")
        finally:
            self.answered.set()
            connections.close_all()

    def wait(self) -> T | None:
        """The answer; None when there is none in time, or the question failed."""
        self.answered.wait(max(0.0, self.deadline - monotonic()))
        return self.answer if self.answered.is_set() else None


class Probe(Generic[T]):
    """A question that is asked in a thread of its own, and of which only one is on its way at a time."""

    def __init__(self, question: Callable[[], T], *, seconds: float) -> None:
        self._question = question
        self._seconds = seconds
        self._lock = threading.Lock()
        self._last: T | None = None
        self._asked: Asked[T] | None = None

    def begin(self) -> Asked[T]:
        """Ask, unless an earlier question has no answer yet: then that one."""
        with self._lock:
            if self._asked is None or self._asked.answered.is_set():
                self._asked = Asked(self._question, self._seconds)
            return self._asked

    def answer(self) -> T | None:
        """What is known within the seconds; None when nobody answered.

        One caller waits. The others hear meanwhile what was last known, so that a silent server never
        holds all threads of whoever asks.
        """
        with self._lock:
            asked = self._asked
            if asked and not asked.answered.is_set():
                return self._last if monotonic() < asked.deadline else None
            self._asked = asked = Asked(self._question, self._seconds)
        self._last = asked.wait()
        return self._last
