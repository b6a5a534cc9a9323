"""`python -m bench.screens.take NAME`: open the demo and walk past every screen."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import bench.screens
from bench.screens.album import LOOKS, Album
from bench.screens.compare import KEPT
from bench.screens.demo import Demo, DemoFailedError
from bench.screens.tour import mails, recipient, sender, studio, till
from sandbox.machine.browser import browser as chromium_program
from sandbox.places import CHECKOUT
from sandbox.processes.signals import leave_on

WEEKS = 2


def main() -> int:
    leave_on(signal.SIGTERM, signal.SIGHUP)  # clear up first
    options = arguments()
    try:
        with Demo(options.checkout, weeks=options.weeks) as demo, chromium() as browser:
            demo.wait_until_quiet()
            album = Album(KEPT / options.name, browser, options.looks, options.only)
            walk(album, demo)
    except DemoFailedError as failure:
        print(failure, file=sys.stderr)
        return 1
    taken = len(list(album.folder.glob("*.png")))
    print(f"{taken} pictures in {album.folder}")
    for words in album.missed:
        print(f"  not taken: {words}", file=sys.stderr)
    return 1 if album.missed else 0


def walk(album: Album, demo: Demo) -> None:
    """In the order in which things happen. The studio comes first: its figures are those of the history."""
    studio.walk(album, demo)
    sender.walk(album, demo)
    code = recipient.walk(album, demo)
    till.walk(album, demo, code)
    recipient.after_the_counter(album, demo)
    sender.after_the_thanks(album, demo)
    mails.walk(album, demo)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's, else Playwright's own, with a camera that shows a test picture."""
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox refuses root
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    drawing = ["--force-color-profile=srgb", "--font-render-hinting=none"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which(chromium_program()), args=[*sandbox, *camera, *drawing]
        )
        yield opened
        opened.close()


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.screens.take",
        description=bench.screens.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("name", help="the folder below .local/screens/")
    words.add_argument("--checkout", type=Path, default=CHECKOUT, help="of which version")
    words.add_argument("--weeks", type=int, default=WEEKS, help="of history")
    words.add_argument(
        "--only",
        default="",
        metavar="PATTERN",
        help="those whose names match; empties the folder, too",
    )
    words.add_argument(
        "--looks", nargs="+", choices=LOOKS, default=["light"], help="each picture in these"
    )
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
