"""Who of several workers runs what, and when: what takes long comes first, and some is never split.

Whatever is not named here comes after it, one test at a time, to whoever is free.
"""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/races/test_killed_workers.py": "two crowds of Celery workers would starve each other",
    "tests/races/": "races that measure, and so must not race one another",
    "tests/access/test_large_brand.py": "one large brand for all pages, which are measured",
    "tests/journeys/": "one demo for all of them, which takes a minute of two cores to open",
    "tests/sandbox/demo/test_demo": "whole demos with all their processes, one after the other",
    **{
        f"tests/access/test_{name}.py": "one world for all its tests"
        for name in (
            *("matrix", "refused_forms", "kept_words", "dialogs", "long_texts", "longest_values"),
            *("looks", "markup", "right_to_left", "twice_at_once", "whose_words", "wrong_methods"),
        )
    },
}
"""What one worker runs alone, and why; the first that fits counts."""

AFTER = {"tests/access/test_kept_words.py": "tests/access/test_refused_forms.py"}
"""What finds that the pages were walked there, by the same worker."""

LONG = [
    *TOGETHER,
    "tests/redemption/till/views/test_counter_in_browser.py",
    "tests/redemption/till/views/test_interruptions_in_browser.py",
    "tests/redemption/till/views/test_screen_in_browser.py",
    "tests/redemption/till/views/test_camera_in_browser.py",
    "tests/redemption/till/views/manager/test_console_in_browser.py",
    "tests/giftshop/studio/test_owner_in_a_browser.py",
    "tests/giftshop/giving/test_giving_in_a_browser.py",
    "tests/access/test_looks.py",
    "tests/access/test_longest_values.py",
    "tests/access/test_right_to_left.py",
    "tests/giftshop/test_gallery.py",
    "tests/giftshop/test_swaps_in_a_browser.py",
    "tests/giftshop/static_files/test_budgets.py",
    "tests/giftshop/test_idle_threads.py",
    "tests/giftshop/payments/test_stripe_hangs.py",
    "tests/bench/",
    "tests/demo/test_seed_demo.py",
    "tests/giftshop/outbox/test_beat.py",
    "tests/campaigns/batches/test_killed_issue.py",
    "tests/access/",
    "tests/redemption/audit/test_log.py",
    "tests/redemption/api/test_schema_fuzz.py",
    "tests/redemption/codes/test_life_of_a_code.py",
]
"""What takes more than some seconds, in the order in which it begins."""


PLACE = re.compile(r"test_matrix\.py::test_who_may_and_who_may_not\[[\w ]+? of ([\w ]+)\]")


def unit(nodeid: str) -> str:
    """What is given to a worker as one: the test, or all that must stay together with it. The matrix is
    too long for one worker: those who belong to one place ask one after the other."""
    if asking := PLACE.search(nodeid):
        return f"matrix of {asking[1]}"
    place = next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)
    return AFTER.get(place, place)


def turn(nodeid: str) -> int:
    """Which comes first."""
    return next((n for n, place in enumerate(LONG) if nodeid.startswith(place)), len(LONG))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for mark in metafunc.definition.iter_markers("parametrize"):
        if has_no_order(mark):
            raise pytest.UsageError(
                f"{metafunc.definition.nodeid} is parametrized over a set, whose order is another in each"
                " worker, which then share no list of tests: give it a list."
            )


def has_no_order(mark: pytest.Mark) -> bool:
    """Whether a test has its parameters from a set; a dictionary has the order in which it was filled."""
    values = mark.kwargs.get("argvalues", mark.args[1] if len(mark.args) > 1 else ())
    return isinstance(values, set | frozenset)


class LongestFirst(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LongestFirst:
    config.option.loadscopereorder = False  # the workers have put all in order
    return LongestFirst(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: turn(item.nodeid))
