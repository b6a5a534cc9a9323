"""Where the product's time goes: by package, by function, and by what calls what."""

import pstats
from collections import Counter
from pathlib import Path
from typing import Any

from bench.redeem.measure import Table, take_turn
from bench.redeem.servers import running
from tests.server import ROOT

REQUESTS = 1600
SECONDS_MAX = 60
FUNCTIONS = 40
SHARE_MIN = 0.01
"""Of the whole: less is not printed."""


def profile(table: Table, logs: Path) -> None:
    """Drive one profiled worker with one thread and print. Times are wall time, with the profiler's
    own cost in them: shares can be trusted, sums cannot. What waits for PostgreSQL is psycopg's `wait`."""
    written = logs / "profile"
    with running("profiled", table.url, logs, "granian:1x1", PROFILE_INTO=str(written)) as server:
        take_turn(server, table, connections=2, seconds=SECONDS_MAX, most=REQUESTS)
    stats: dict[tuple[str, int, str], Any] = pstats.Stats(str(written)).stats  # type: ignore[attr-defined]
    whole = sum(own for _calls, _all, own, _cumulative, _callers in stats.values())
    requests = sum(calls for key, (calls, *_) in stats.items() if is_entrance(*key))
    print(f"\n{requests} requests, {whole / requests * 1000:.2f} ms each under the profiler")

    by_package: Counter[str] = Counter()
    for (file, _line, _name), (_calls, _all, own, _cumulative, callers) in stats.items():
        if file == "~":  # built in: it belongs to whoever called it
            for (caller, _l, _n), (_c, _a, share, _cum) in callers.items():
                by_package[package(caller)] += share
        else:
            by_package[package(file)] += own
    print("\nown time by package, built-ins counted to their callers")
    for name, own in by_package.most_common():
        if own > SHARE_MIN * whole:
            print(f"  {own / whole:6.1%}  {own / requests * 1e6:7.0f} us  {name}")

    for title, place in (("own time", 2), ("time with all it calls", 3)):
        print(f"\n{title}: share, us and calls for each request")
        ranked = sorted(stats.items(), key=lambda item: -item[1][place])[:FUNCTIONS]
        for (file, line, name), entry in ranked:
            where = f"{Path(file).name}:{line}" if file != "~" else ""
            print(
                f"  {entry[place] / whole:6.1%} {entry[place] / requests * 1e6:7.0f}"
                f" {entry[1] / requests:6.1f}  {package(file):28} {where} {name}"
            )


def is_entrance(file: str, _line: int, name: str) -> bool:
    """Where each request comes in once."""
    return name == "__call__" and file.endswith("/django/core/handlers/wsgi.py")


def package(file: str) -> str:
    """`.../site-packages/django/db/models/query.py` -> django.db; our own modules by their name."""
    path = Path(file)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return ".".join(path.relative_to(ROOT).with_suffix("").parts)
    if "site-packages" in path.parts:
        inside = path.parts[path.parts.index("site-packages") + 1 :]
        return ".".join(inside[:2]).removesuffix(".py")
    return "built in" if file == "~" else f"python {path.stem}"
