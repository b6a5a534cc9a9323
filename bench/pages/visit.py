"""One first visit by Chromium, slowed down, and what it took."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, CDPSession, StorageState

from bench.screens.album import PHONE

LATENCY_MS = 400
BYTES_PER_SECOND = 400_000 / 8
SLOWER = 4
"""The processor."""

# All that is known when nothing travels any more. An element is named as a person would find it again.
PAINTS = """() => new Promise((resolve) => {
  let shift = 0;
  const moves = new PerformanceObserver(() => {});
  moves.observe({ type: "layout-shift", buffered: true });
  const named = (element) => {
    if (!element) return "gone";
    const words = element.currentSrc?.split("/").pop() ?? element.textContent.trim().slice(0, 24);
    return `${element.localName}${element.className ? "." + element.classList[0] : ""} "${words}"`;
  };
  new PerformanceObserver((list) => {
    for (const move of moves.takeRecords()) shift += move.value;
    const last = list.getEntries().at(-1);
    const [first] = performance.getEntriesByName("first-contentful-paint");
    resolve([first.startTime, last.startTime, named(last.element), shift]);
  }).observe({ type: "largest-contentful-paint", buffered: true });
})"""


@dataclass(frozen=True)
class Place:
    """A page, and what its visitor's browser has already: cookies."""

    name: str
    url: str
    kept: StorageState


@dataclass(frozen=True)
class Visit:
    """Seconds to the first and the largest contentful paint, which element that was, how much of the screen
    moved how far (cumulative layout shift), and what travelled."""

    fcp: float
    lcp: float
    element: str
    shift: float
    requests: int
    kilobytes: float


def visit(browser: Browser, place: Place) -> Visit:
    """Raises AssertionError where the page is not answered with 200."""
    context = browser.new_context(
        viewport=PHONE,  # type: ignore[arg-type]  # a dict, as all sizes of the album
        device_scale_factor=2,
        locale="en-US",
        storage_state=place.kept,
    )
    try:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        sizes = slow_down(wire)
        answer = page.goto(place.url, wait_until="networkidle", timeout=60_000)
        assert answer is not None
        assert answer.status == 200, f"{place.name}: {answer.status}"
        first, largest, element, shift = page.evaluate(PAINTS)
    finally:
        context.close()
    travelled = [size for size in sizes if size > 0]
    size = sum(travelled) / 1000
    return Visit(first / 1000, largest / 1000, element, shift, len(travelled), size)


def slow_down(wire: CDPSession) -> list[float]:
    """Line and processor, from now on; the sizes of answers are added to the list as they come."""
    sizes: list[float] = []

    def count(told: dict[str, Any]) -> None:
        sizes.append(told["encodedDataLength"])

    wire.on("Network.loadingFinished", count)
    wire.send("Network.enable")
    line = {"downloadThroughput": BYTES_PER_SECOND, "uploadThroughput": BYTES_PER_SECOND}
    wire.send("Network.emulateNetworkConditions", {"offline": False, "latency": LATENCY_MS, **line})
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return sizes


def median(visits: Sequence[Visit]) -> Visit:
    """Of each figure by itself; the element is that of the visit in the middle."""
    middle = sorted(visits, key=lambda each: each.lcp)[len(visits) // 2]
    return Visit(
        statistics.median(each.fcp for each in visits),
        statistics.median(each.lcp for each in visits),
        middle.element,
        statistics.median(each.shift for each in visits),
        round(statistics.median(each.requests for each in visits)),
        statistics.median(each.kilobytes for each in visits),
    )
