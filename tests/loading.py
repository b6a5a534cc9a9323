"""Each worker loads a share of the files of tests before all others.

pytest writes each file's asserts anew before it is compiled, and keeps that beside the file: as much work as
all else that loading takes. Where nothing is kept yet, as after a checkout, workers that went through the
files in the same order would all do it for each of them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.pathlib import ImportMode, import_path


def pytest_collection(session: pytest.Session) -> None:
    """What fails here is loaded again by whoever reports it."""
    if not hasattr(session.config, "workerinput"):
        return
    told = session.config.workerinput
    number = int(told["workerid"].removeprefix("gw"))
    for path in share(sorted(files(session.config)), number, told["workercount"]):
        try:
            import_path(
                path,
                mode=ImportMode.importlib,
                root=session.config.rootpath,
                consider_namespace_packages=False,
            )
        except (Exception, pytest.skip.Exception):
            continue


def files(config: pytest.Config) -> set[Path]:
    """Of the tests that were asked for: files, or all below folders."""
    asked = [config.invocation_params.dir / each.split("::")[0] for each in config.args]
    return {path.resolve() for each in asked for path in _below(each)}


def _below(asked: Path) -> Iterator[Path]:
    if asked.is_file():
        yield asked
    else:
        yield from asked.rglob("test_*.py")


def share(paths: list[Path], number: int, workers: int) -> list[Path]:
    """Neighbours go to different workers: the files of a folder are about as long."""
    return paths[number::workers]
