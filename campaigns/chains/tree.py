"""A chain of gifts as a drawing: a dot for each order, a line from each to those that its gifts led to.

Nothing but its shape is in it: no name, no day, no amount."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

STEP, ROW, EDGE = 56, 22, 14


@dataclass
class Drawing:
    """In units of an SVG's viewBox."""

    width: int = 0
    height: int = 0
    dots: list[tuple[int, int, int]] = field(default_factory=list)
    """x, y, generation."""
    lines: list[tuple[int, int, int, int]] = field(default_factory=list)


def draw(steps: Mapping[UUID, UUID | None]) -> Drawing:
    """`steps`: each order with the one before it, which stands before it in the mapping; the first has none.

    Each order stands in the middle of what came of it; what nothing came of takes a row.
    """
    after: dict[UUID, list[UUID]] = {order: [] for order in steps}
    depth: dict[UUID, int] = {}
    for order, before in steps.items():
        depth[order] = 0 if before is None else depth[before] + 1
        if before is not None:
            after[before].append(order)
    rows = _rows(list(steps), after)
    place = {
        order: (EDGE + depth[order] * STEP, round(EDGE + rows[order] * ROW)) for order in steps
    }
    drawing = Drawing(
        width=2 * EDGE + max(depth.values()) * STEP,
        height=2 * EDGE + round(max(rows.values()) * ROW),
    )
    for order, before in steps.items():
        drawing.dots.append((*place[order], depth[order]))
        if before is not None:
            drawing.lines.append((*place[before], *place[order]))
    return drawing


def _rows(orders: list[UUID], after: Mapping[UUID, list[UUID]]) -> dict[UUID, float]:
    """Without recursion: a chain may be long. Ends take rows in the order in which a walk meets them."""
    rows: dict[UUID, float] = {}
    ends = 0
    waiting = [orders[0]]
    walked: list[UUID] = []
    while waiting:
        order = waiting.pop()
        walked.append(order)
        if not after[order]:
            rows[order] = ends
            ends += 1
        waiting += reversed(after[order])
    for order in reversed(walked):
        if after[order]:
            rows[order] = sum(rows[each] for each in after[order]) / len(after[order])
    return rows
