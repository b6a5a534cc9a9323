"""Every argument of every command, with the worst that somebody may type: a sentence, never a traceback."""

import argparse
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand
from django_scopes import scope

from brands.models import Brand, Store
from giftshop.management.commands import demo, watch_status
from redemption.models import AuditEntry, Device
from tests.product import PRODUCT

COMMANDS = sorted(name for name, app in get_commands().items() if app.startswith(PRODUCT))
WORST = (
    *("", " ", "-1", "0", "-0.5", "1e999", "nan", "inf", "9" * 5000, "x" * 300, "\u0661\u0662"),
    *(
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "/no/such/x",
        "/",
        "..",
        "\udcff",
        "a\nb",
        "\u202e",
    ),
)
NEEDED = {
    "issue_codes": {"brand": "frosty-spoon", "count": "1", "amount": "5", "output": "-"},
    "pair_device": {"brand": "frosty-spoon", "store": "pike-street"},
    "reconcile_stripe": {"since": "2026-01-01"},
    "watch_status": {"looks": "1"},
    "draw_mail_art": {"folders": "no-such"},
    "seed_demo": {"weeks": "0"},
}
"""So that the argument in question is reached. What would run for minutes is held back by another."""


def options(command: str) -> list[argparse.Action]:
    """The command's own that take a value, without those that every command has."""
    every = {action.dest for action in BaseCommand().create_parser("manage.py", "x")._actions}
    loaded = load_command_class(get_commands()[command], command)
    return [
        action
        for action in loaded.create_parser("manage.py", command)._actions
        if action.dest not in every and action.nargs != 0
    ]


def arguments(command: str, given: dict[str, str]) -> list[str]:
    made = []
    for action in options(command):
        if action.dest in given:
            value, flags = given[action.dest], action.option_strings
            made.append(f"{flags[0]}={value}" if flags else value)
    return made


CASES = [(command, action.dest) for command in COMMANDS for action in options(command)]


@pytest.fixture
def harmless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a command would do if it took the value is not what is asked here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo, "run", lambda _command: 0)
    monkeypatch.setattr(watch_status.Command, "look", lambda _self, before: before)
    monkeypatch.setattr(time, "sleep", _no_time_to_wait)


def _no_time_to_wait(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_there_is_something_to_try() -> None:
    assert {"issue_codes", "pair_device", "reconcile_stripe", "retention"} <= set(COMMANDS)
    assert {command for command, _name in CASES} >= set(NEEDED)


@pytest.mark.django_db
@pytest.mark.usefixtures("harmless")
@pytest.mark.parametrize(("command", "name"), CASES)
def test_the_worst_is_answered_with_a_sentence(
    brand: Brand, store: Store, command: str, name: str
) -> None:
    for value in WORST:
        given = arguments(command, {**NEEDED.get(command, {}), name: value})
        said = "done"
        try:
            call_command(command, *given, stdout=StringIO(), stderr=StringIO())
        except CommandError as refused:
            said = str(refused)
        except (SystemExit, KeyboardInterrupt):
            pass
        except Exception as error:  # what manage.py would print as a traceback
            raise AssertionError(f"{command} {name}={value[:40]!r}") from error
        assert said


@pytest.mark.django_db
def test_a_device_paired_at_the_server_stands_in_the_audit_log(brand: Brand, store: Store) -> None:
    profile = next(each for each in Device.Profile.values if each != Device.Profile.POS)
    told = StringIO()
    call_command("pair_device", brand=brand.slug, store=store.slug, profile=profile, stdout=told)
    with scope(brand=brand):
        assert Device.objects.get().paired_at
        acts = AuditEntry.objects.order_by("number").values_list("act", "actor_kind")
        assert list(acts) == [("device.invited", "system"), ("device.paired", "system")]


@pytest.mark.django_db
def test_a_store_with_a_long_name_gets_a_device(brand: Brand, store: Store) -> None:
    with scope(brand=brand):
        Store.objects.update(name="x" * 80)
        call_command("pair_device", brand=brand.slug, store=store.slug, stdout=StringIO())
        assert len(Device.objects.get().name) == 60


@pytest.mark.usefixtures("harmless")
def test_a_watcher_that_cannot_touch_its_file_says_so() -> None:
    with pytest.raises(CommandError, match="Cannot touch /no/such/x: No such file"):
        call_command("watch_status", looks=1, touch=Path("/no/such/x"), stdout=StringIO())
