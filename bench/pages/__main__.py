"""`python -m bench.pages`: open the demo and visit its pages on a slow line."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path

import bench.pages
from bench.pages.places import places
from bench.pages.visit import Visit, median, visit
from bench.screens.demo import Demo, DemoFailedError
from bench.screens.take import chromium
from sandbox.places import CHECKOUT
from sandbox.processes.signals import leave_on

WEEKS = 1
HEAD = f"{'':10} {'fcp':>6} {'lcp':>6} {'shift':>7} {'requests':>9} {'kB':>7}  largest"


def main() -> int:
    leave_on(signal.SIGTERM, signal.SIGHUP)  # clear up first
    options = arguments()
    found: dict[str, Visit] = {}
    try:
        with Demo(options.checkout, weeks=WEEKS) as demo, chromium() as browser:
            demo.wait_until_quiet()
            print(HEAD, flush=True)
            for place in places(browser, demo):
                if options.only and place.name not in options.only:
                    continue
                found[place.name] = median([visit(browser, place) for _ in range(options.rounds)])
                print(row(place.name, found[place.name]), flush=True)
    except DemoFailedError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(line(found.items()))
    return 0


def row(name: str, its: Visit) -> str:
    return (
        f"{name:10} {its.fcp:6.2f} {its.lcp:6.2f} {its.shift:7.4f} {its.requests:9}"
        f" {its.kilobytes:7.1f}  {its.element}"
    )


def line(found: Iterable[tuple[str, Visit]]) -> str:
    """For programs."""
    return "pages: " + " ".join(f"{name}={its.lcp:.2f}" for name, its in found)


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.pages",
        description=bench.pages.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rounds = int(os.environ.get("ROUNDS", "5"))
    words.add_argument("--checkout", type=Path, default=CHECKOUT, help="of which version")
    words.add_argument("--rounds", type=int, default=rounds, help="visits of each page")
    words.add_argument("--only", nargs="*", default=[], metavar="PAGE", help="these pages alone")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
