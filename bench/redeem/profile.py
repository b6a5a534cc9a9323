"""Where the product's time goes: by package, by function, and by function with all that it calls."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from bench.redeem.measure import Table
from bench.redeem.servers import environment
from tests.server import ROOT

REQUESTS = 4000
LINES = 45
SHARE_MIN = 0.01
"""Of the whole: less is not printed."""


def profile(table: Table) -> None:
    """Redeem a few thousand codes in one thread and print where its CPU time went (sampled.py)."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.redeem.sampled"],
        cwd=ROOT,
        env=environment(table.url),
        input=json.dumps(asdict(table.orders("product", 0, 1, 0, REQUESTS))) + "\n",
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    redeemed, each, own, within = json.loads(done.stdout)
    samples = sum(own.values())
    print(f"\n{redeemed} redeemed, {each * 1000:.3f} CPU-ms each in Python, {samples} samples")

    by_package: Counter[str] = Counter()
    for name, count in own.items():
        by_package[package(name.partition(":")[0])] += count
    for title, counts in (
        ("own time by package", by_package),
        ("own time by function", Counter(own)),
        ("time by function with all it calls", Counter(within)),
    ):
        print(f"\n{title}: share and us for each redemption")
        for name, count in counts.most_common(LINES):
            share = count / samples
            if share >= SHARE_MIN:
                print(f"  {share:6.1%} {share * each * 1e6:6.0f}  {short(name)}")


def short(name: str) -> str:
    file, colon, function = name.partition(":")
    return f"{package(file)} {Path(file).name} {function}" if colon else name


def package(file: str) -> str:
    """`.../site-packages/django/db/models/query.py` -> django.db; our own modules by their name."""
    path = Path(file)
    if "site-packages" in path.parts:
        inside = path.parts[path.parts.index("site-packages") + 1 :]
        return ".".join(inside[:2]).removesuffix(".py")
    if path.is_relative_to(ROOT):
        return ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return f"python {path.stem}"
