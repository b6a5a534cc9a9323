"""The soak's judge finds what has grown and nothing else; its people and faults keep to their rules."""

import os
import re
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from bench.soak import demo_copy, judge, schedule
from bench.soak.client import hidden_fields
from bench.soak.measures import Held, Rest
from bench.soak.record import Record
from tests.server import ROOT

MB = judge.MB
LAST_LINE = (
    r"soak: minutes=\d+ requests=\d+ errors=\d+ p99_ms=\d+ lost=\d+ rss_growth=-?\d+\.\d"
    r" connections=\d+/\d+"
)


def web(pid: int = 11, **more: float) -> Held:
    usual = {"age": 100.0, "memory": 90 * MB, "files": 20, "threads": 8}
    return Held(pid=pid, kind="web worker", **{**usual, **more})  # type: ignore[arg-type]


def session(pid: int, memory: int = 10 * MB) -> Held:
    return Held(pid=pid, kind="session", age=50.0, memory=memory, files=30, threads=1)


BEFORE: Rest = [web(11), web(12), *(session(pid) for pid in range(20, 30))]


def after(**more: float) -> Rest:
    """The same half an hour later, but for what grew in the first of the web workers."""
    return [replace(web(11, age=1900.0), **more), web(12, age=1900.0), *BEFORE[2:]]  # type: ignore[arg-type]


def test_the_same_at_the_end_is_well():
    assert judge.findings(BEFORE, after()) == []
    assert judge.growth(BEFORE, after()) == 0


@pytest.mark.parametrize(
    "noise",
    [{"memory": 109 * MB}, {"memory": 60 * MB}, {"files": 22}, {"threads": 6}],
    ids=["19 MB more", "less memory", "two files more", "two threads fewer"],
)
def test_noise_is_well(noise: dict[str, float]):
    assert judge.findings(BEFORE, after(**noise)) == []


@pytest.mark.parametrize(
    ("leak", "words"),
    [
        ({"memory": 111 * MB}, "web worker 11 holds 111 MB at 1900 s of age, 90 MB at 100 s"),
        ({"files": 23}, "web worker 11 has 23 files, after warming up 20 at most"),
        ({"threads": 11}, "web worker 11 has 11 threads, after warming up 8 at most"),
    ],
)
def test_each_leak_is_found(leak: dict[str, float], words: str):
    assert judge.findings(BEFORE, after(**leak)) == [words]


def test_what_one_worker_had_its_neighbour_may_have():
    before, now = [web(11, files=28), web(12)], [web(11, files=28), web(12, files=30)]
    assert judge.findings(before, now) == []
    assert len(judge.findings(before, [web(11, files=28), web(12, files=31)])) == 1


def test_a_task_process_may_open_in_the_first_half_what_it_keeps():
    early, late = (replace(web(11, files=n), kind="celery worker") for n in (20, 24))
    assert len(judge.findings([early], [late])) == 1
    assert judge.findings([early], [late], first_half=[late]) == []
    assert len(judge.findings([early], [replace(late, files=27)], first_half=[late])) == 1
    beat, more = (replace(web(12, files=n), kind="beat") for n in (20, 24))
    assert len(judge.findings([beat], [more], first_half=[more])) == 1


def test_a_process_that_was_asked_for_less_may_grow_to_the_fullest_of_its_kind():
    full, spare = web(11, memory=110 * MB), web(12, memory=87 * MB)
    assert judge.findings([full, spare], [full, replace(spare, memory=112 * MB)]) == []
    assert len(judge.findings([full, spare], [full, replace(spare, memory=131 * MB)])) == 1


def test_stand_ins_may_keep_what_they_were_given_but_must_be_there():
    tray = replace(web(5), kind="mail tray")
    full = replace(tray, memory=900 * MB, files=90, threads=90)
    assert judge.findings([tray], [full]) == []
    assert judge.growth([web(), tray], [web(), full]) == 0
    assert judge.findings([web(), tray], [web()]) != []


def test_a_large_process_may_grow_by_a_tenth():
    large, grown = web(memory=900 * MB), web(memory=985 * MB)
    assert judge.findings([large], [grown]) == []
    assert len(judge.findings([large], [replace(grown, memory=995 * MB)])) == 1


def test_sessions_that_nobody_gives_back_are_found():
    more = [session(pid) for pid in range(30, 33)]
    assert judge.findings(BEFORE, [*after(), *more[:2]]) == []
    assert judge.findings(BEFORE, [*after(), *more]) == [
        "session: 10 processes after warming up, 13 at the end"
    ]
    assert (judge.sessions(BEFORE), judge.sessions([*after(), *more])) == (10, 13)


def test_sessions_that_are_lost_are_found():
    assert judge.findings(BEFORE, after()[:-3]) != []


def test_a_process_that_did_not_come_back_is_found():
    [words] = [w for w in judge.findings(BEFORE, after()[1:]) if "processes" in w]
    assert words == "web worker: 2 processes after warming up, 1 at the end"


def test_one_that_lives_on_after_its_parent_is_found():
    orphan = Held(pid=99, kind="celery worker", age=300.0, memory=MB, files=9, threads=1)
    [words] = judge.findings(BEFORE, [*after(), orphan])
    assert words == "celery worker: 0 processes after warming up, 1 at the end"


def test_a_process_started_anew_is_compared_with_an_earlier_one_of_its_age():
    """It would look well beside its old neighbour, and ill beside a newborn."""
    seen = [web(11, age=age, memory=(50 + age / 4) * MB) for age in (5, 50, 100, 200, 400)]
    young = web(77, age=48.0, memory=84 * MB)
    [words] = judge.findings(BEFORE, [young, *after()[1:]], seen)
    assert words == "web worker 77 holds 84 MB at 48 s of age, 62 MB at 50 s"
    old = web(77, age=390.0, memory=160 * MB)
    assert judge.findings(BEFORE, [old, *after()[1:]], seen) == []


def test_growth_is_of_all_memory():
    assert judge.growth([web(memory=100)], [web(memory=107)]) == pytest.approx(7.0)


def test_a_fault_excuses_what_overlaps_it_and_nothing_else():
    record = Record()
    record.note(time.monotonic(), "GET /", "503")
    with record.window(30):
        record.note(time.monotonic() - 1, "GET /", "ConnectionError")
    assert (record.requests, record.excused) == (2, 1)
    assert record.errors == ["GET /: 503"]
    record.windows[0].closed = record.windows[0].opened
    record.note(time.monotonic(), "GET /late/", "503")
    assert len(record.errors) == 2


def test_a_window_ends_though_nothing_came_back():
    record = Record()
    with record.window(0.0):
        time.sleep(0.01)
        record.note(time.monotonic(), "GET /", "503")
    assert (record.excused, len(record.errors)) == (0, 1)


@pytest.mark.parametrize(("minutes", "pauses"), [(4, [45]), (20, [45, 660])])
def test_minutes_are_spent_as_promised(minutes: int, pauses: list[int]):
    plan = schedule.of(minutes)
    parts = [plan.warm, plan.pause, plan.work, plan.long_pause, plan.more_work, plan.last]
    assert sum(parts) == pytest.approx(minutes * 60)
    assert [pause for pause in (plan.pause, plan.long_pause) if pause] == pauses


def test_the_demo_is_told_of_no_service_of_the_callers(monkeypatch):
    for name in (
        "DATABASE_URL",
        "REDIS_URL",
        "STRIPE_SECRET_KEY",
        "PGHOST",
        "DJANGO_SETTINGS_MODULE",
    ):
        monkeypatch.setenv(name, "somebody's")
    assert "somebody's" not in demo_copy.environment().values()


def test_a_form_is_sent_with_its_hidden_fields():
    """An answer that is lost when a worker dies is asked for again, by the page that asked first: it says so
    in a hidden field. A recipient without it would be taken for another phone."""
    shown = {"action": "/gift/abc/opening/", "key": "of-this-page", "label": "Open"}
    present = render_to_string("components/gift/present.html", shown)
    page = (
        '<form action="/language/"><input type="hidden" name="next" value="/"></form>'
        f'<template><form action="/gift/abc/opening/"></form></template>{present}'
    )
    url = "http://shop.example/gift/abc/"
    assert hidden_fields(page, url, "http://shop.example/gift/abc/opening/") == {
        "key": ["of-this-page"]
    }
    assert hidden_fields(page, url, "/language/") == {"next": ["/"]}
    assert hidden_fields(page, url, "/elsewhere/") == {}


def test_what_a_script_sends_has_the_token_of_a_form():
    page = '<form><input type="hidden" name="csrfmiddlewaretoken" value="t"></form>'
    assert hidden_fields(page, "http://a.example/till/", "/till/lookups/") == {
        "csrfmiddlewaretoken": ["t"]
    }
    own = '<input type="hidden" name="a" value="1"><input type="hidden" name="a" value="2">'
    assert hidden_fields(f"<form>{own}</form>", "http://a.example/till/", "/till/") == {
        "a": ["1", "2"]
    }


@pytest.mark.stress
def test_with_the_leak_put_back_the_soak_fails():
    done = subprocess.run(
        [sys.executable, "-m", "bench.soak", "--minutes", "4", "--calm", "--leak"],
        cwd=ROOT,
        env={**os.environ},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr[-3000:]
    assert re.fullmatch(LAST_LINE, done.stdout.splitlines()[-1])
    assert re.search(r"^  .*: 503 \(\d+ times\)$", done.stdout, re.MULTILINE), done.stdout
