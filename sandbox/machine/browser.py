"""The Chromium of the browser journeys: found, or installed where that is ours to do.

Standard library only, and readable by an old Python too, as bootstrap.py is.
"""

from __future__ import annotations

import os
from glob import glob

from sandbox.machine.shell import apt_install, fail, is_debian_root, say, works

SHELL = "chromium-headless-shell"
"""Chromium without a window, of the same engine: pages take it three quarters of the work."""
BROWSERS = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONTS = ("fonts-dejavu-core", "fonts-noto-color-emoji")


def browser() -> str:
    """The program of the machine's Chromium, one that starts: Ubuntu's may be a stub. Empty if there
    is none."""
    named = os.environ.get("CHROMIUM", "")
    return next((name for name in (named, *BROWSERS) if name and works(name, "--version")), "")


def find_or_install_browser() -> None:
    """Chromium for the browser journeys: the system's, Playwright's own, or Debian's package."""
    if browser() or playwright_has_one():
        return
    remedies = (
        "Install it with your system's packages, or: .venv/bin/playwright install chromium",
        "All but the journeys: make test BROWSER=no ARGS='-m \"not journey and not stress\"'",
    )
    if is_debian_root():
        say("Installing Chromium for the browser journeys (apt-get)")
        said = apt_install(SHELL, *FONTS) and apt_install("chromium", *FONTS)
        if said:
            fail(f"apt-get could not install Chromium: {said}", *remedies)
        return
    fail("The browser journeys need Chromium, and there is none.", *remedies)


def playwright_has_one() -> bool:
    """Whether `playwright install chromium` was run for this user."""
    caches = (
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        "~/.cache/ms-playwright",
        "~/Library/Caches/ms-playwright",
    )
    patterns = [os.path.join(os.path.expanduser(cache), "chromium*") for cache in caches if cache]
    return any(map(glob, patterns))  # no error where there is no home, or a closed one
