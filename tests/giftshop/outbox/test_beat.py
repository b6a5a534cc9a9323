"""Any number of beats, one acts: the next takes over within seconds and forgets nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from uuid import UUID

import psycopg
import pytest
import redis
from celery import Celery
from django.db.models.functions import Now
from django.utils import timezone

from giftshop.outbox.beat import LEASE_SECONDS, RENEW_SECONDS, LeasedScheduler
from giftshop.outbox.models import Lease
from tests.server import ROOT, environment, own_broker, stop, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

TAKEN_OVER_SECONDS = 3 * (LEASE_SECONDS + RENEW_SECONDS)
"""Three times what is promised, since other tests run beside this one."""


class Beat(LeasedScheduler):
    """A beat whose kicks are kept instead of sent."""

    def __init__(self, every: dict[str, float]) -> None:
        app = Celery(broker="memory://", set_as_current=False)
        app.conf.beat_schedule = {
            name: {"task": name, "schedule": seconds} for name, seconds in every.items()
        }
        self.kicked: list[str] = []
        self.fails = False
        super().__init__(app)

    def send_task(self, name: str, *args: object, **kwargs: object) -> None:
        if self.fails:
            raise ConnectionError
        self.kicked.append(name)


HOURLY = {"hourly": 3600.0}


@pytest.fixture
def beats() -> Iterator[Callable[..., Beat]]:
    made: list[Beat] = []

    def make(every: dict[str, float] | None = None) -> Beat:
        made.append(Beat(every or HOURLY))
        return made[-1]

    yield make
    for beat in made:
        beat.lease.drop()


def tick_until_it_kicks(beat: Beat) -> None:
    """A millisecond has to pass between two ticks."""

    def kicks() -> bool:
        beat.tick()
        return bool(beat.kicked)

    wait_for(kicks, "it kicks nothing", seconds=5)


def expire() -> None:
    """The holder has been silent for longer than its lease."""
    assert Lease.objects.update(until=Now() - timedelta(seconds=1)) == 1


def last_ran(ago: timedelta) -> None:
    at = (timezone.now() - ago).isoformat()
    Lease.objects.update(last_runs={"hourly": at})


def test_one_acts_and_the_other_waits(beats: Callable[..., Beat]) -> None:
    first, second = beats({"often": 0.001}), beats({"often": 0.001})
    first.tick()
    second.tick()
    tick_until_it_kicks(first)
    second.tick()
    assert second.kicked == []
    acted_at = Lease.objects.get().acted_at
    assert acted_at is not None
    assert timezone.now() - acted_at < timedelta(seconds=5)


def test_a_silent_one_is_followed_and_does_nothing_when_it_wakes(
    beats: Callable[..., Beat],
) -> None:
    sleeper, other = beats({"often": 0.001}), beats({"often": 0.001})
    sleeper.tick()
    expire()
    tick_until_it_kicks(other)
    kicked = len(sleeper.kicked)
    sleeper.tick()
    assert len(sleeper.kicked) == kicked
    assert (Lease.objects.get().term, sleeper.term) == (2, 0)


def test_one_that_loses_the_lease_in_the_middle_of_a_round_stops_there(
    beats: Callable[..., Beat],
) -> None:
    sleeper, other = beats({"a": 0.001, "b": 0.001}), beats({"a": 3600.0, "b": 3600.0})
    tick_until_it_kicks(sleeper)
    sleeper.kicked.clear()
    send = sleeper.send_task

    def send_and_sleep(name: str, *args: object, **kwargs: object) -> None:
        send(name, *args, **kwargs)
        expire()
        other.tick()

    sleeper.send_task = send_and_sleep  # type: ignore[method-assign]
    tick_until_it_kicks(sleeper)
    sleeper.tick()
    assert len(sleeper.kicked) == 1


def test_a_take_over_repeats_nothing_and_loses_no_hour(beats: Callable[..., Beat]) -> None:
    first = beats()
    first.tick()
    assert first.kicked == []  # its first hour begins now
    last_ran(timedelta(minutes=59))
    expire()
    second = beats()
    second.tick()
    assert second.kicked == []
    last_ran(timedelta(hours=5))
    expire()
    third = beats()
    third.tick()
    third.tick()
    assert third.kicked == ["hourly"]  # once, however long nobody was there
    expire()
    fourth = beats()
    fourth.tick()
    assert fourth.kicked == []


def test_a_last_holder_whose_clock_was_ahead_silences_nobody(beats: Callable[..., Beat]) -> None:
    beats().tick()
    last_ran(-timedelta(hours=5))
    expire()
    second = beats()
    second.tick()
    [entry] = second.schedule.values()
    assert entry.is_due().next <= 3600


def test_what_the_broker_did_not_take_stays_due(beats: Callable[..., Beat]) -> None:
    beat = beats()
    beat.tick()
    last_ran(timedelta(hours=2))
    expire()
    beat = beats()
    beat.fails = True
    beat.tick()
    beat.fails = False
    beat.tick()
    assert beat.kicked == ["hourly"]


def test_a_beat_whose_connection_is_cut_goes_on(beats: Callable[..., Beat]) -> None:
    beat = beats({"often": 0.001})
    beat.tick()
    assert beat.lease.plain
    beat.lease.plain.close()
    assert beat.tick() == RENEW_SECONDS
    beat.kicked.clear()
    tick_until_it_kicks(beat)


def test_a_database_that_is_away_stops_no_beat(
    beats: Callable[..., Beat], monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = beats({"often": 0.001})

    def refuse(*_: object, **__: object) -> None:
        raise psycopg.OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(psycopg, "connect", refuse)
        assert beat.tick() == RENEW_SECONDS
        beat.close()
    tick_until_it_kicks(beat)


def test_one_that_ends_in_order_hands_on_at_once(beats: Callable[..., Beat]) -> None:
    first, second = beats({"often": 0.001}), beats({"often": 0.001})
    first.tick()
    first.close()
    tick_until_it_kicks(second)


def test_one_that_is_told_to_end_amid_a_statement_ends(beats: Callable[..., Beat]) -> None:
    """Its signal handler runs while the statement holds the connection's lock, which nobody gives back."""
    first, second = beats({"often": 0.001}), beats({"often": 0.001})
    first.tick()
    assert first.lease.plain
    ending = Thread(target=first.close, daemon=True)
    with first.lease.plain.lock:
        ending.start()
        ending.join(TAKEN_OVER_SECONDS)
        assert not ending.is_alive()
    tick_until_it_kicks(second)


class Deployed:
    """Two beats as they are deployed, on a broker of their own."""

    def __init__(self, broker: str) -> None:
        self.broker = broker
        self.beats = [self._start(), self._start()]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "giftshop", "beat", "--loglevel=ERROR"],
            cwd=ROOT,
            env=environment(REDIS_URL=self.broker),
            start_new_session=True,
        )

    def kicks(self) -> list[str]:
        """The tasks that wait in the broker, newest first."""
        with redis.Redis.from_url(self.broker) as broker:
            waiting = broker.lrange("giftshop", 0, -1)
        return [json.loads(message)["headers"]["task"] for message in waiting]


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    with own_broker() as broker:
        deployed = Deployed(broker)
        yield deployed
        for beat in deployed.beats:
            stop(beat, signal.SIGKILL)


def holder() -> UUID | None:
    lease = Lease.objects.filter(until__gt=Now()).first()
    return lease.holder if lease else None


def is_held_by_another(than: UUID | None) -> bool:
    now = holder()
    return now is not None and now != than


def is_renewed_after(until: datetime) -> bool:
    return Lease.objects.get().until > until


def acting(beats: list[subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    """Which of them holds the lease: the one whose stop makes it run out."""
    for beat in beats:
        os.kill(beat.pid, signal.SIGSTOP)
        renewed = partial(is_renewed_after, Lease.objects.get().until)
        try:
            wait_for(renewed, "nobody renews", seconds=LEASE_SECONDS - 1)
        except AssertionError:
            return beat
        finally:
            os.kill(beat.pid, signal.SIGCONT)
    raise AssertionError("nobody acts")


def test_a_beat_that_sleeps_or_is_killed_is_replaced_by_the_other(deployed: Deployed) -> None:
    wait_for(lambda: holder() is not None, "no beat acts")
    first, sleeper = holder(), acting(deployed.beats)
    (other,) = [beat for beat in deployed.beats if beat is not sleeper]
    os.kill(sleeper.pid, signal.SIGSTOP)
    taken_over = partial(is_held_by_another, first)
    wait_for(taken_over, "nobody took over from the sleeper", seconds=TAKEN_OVER_SECONDS)
    os.kill(sleeper.pid, signal.SIGCONT)
    second = holder()
    acted = Lease.objects.get().acted_at
    wait_for(lambda: Lease.objects.get().acted_at != acted, "the other does not act", seconds=10)
    assert (holder(), Lease.objects.get().term) == (second, 2)
    os.kill(other.pid, signal.SIGKILL)
    other.wait()
    wait_for(lambda: holder() == first, "nobody took over", seconds=TAKEN_OVER_SECONDS)
    wait_for(lambda: "outbox.work" in deployed.kicks(), "nobody kicks", seconds=10)
