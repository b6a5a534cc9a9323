"""Whether what is held at rest has grown: a verdict on two measures, one after warming up, one at the
end. Pure, so that it can be tried with made-up leaks."""

from collections.abc import Iterable, Sequence

from bench.soak.measures import Held, Rest, count

MEMORY_SHARE = 0.10
MEMORY_BYTES = 20_000_000
COUNT_MOST = 2
"""Connections may differ by that many, files and threads of a process be more by that many."""
MB = 1_000_000
STAND_INS = {"stripe double", "mail tray", "demo", "guardian"}
"""Not the product: they keep every payment and every mail, and a thread for each connection. That they
come back is judged, what they hold is not."""


LATE_OPENERS = {"celery worker", "valkey", "web worker"}
"""A task that starts another opens a connection to the broker and keeps it, a web worker one to Stripe;
some processes come to that only after the first rest. For them the first half of the run counts, too."""


def findings(
    before: Rest, after: Rest, seen: Sequence[Held] = (), first_half: Sequence[Held] = ()
) -> list[str]:
    """What grew, in words; empty when all is well.

    `seen`: measures of the whole run; a process that was started anew is held against an earlier one
    of its kind at the same age. `first_half`: those of its first half.
    """
    late = [one for one in first_half if one.kind in LATE_OPENERS]
    found = [*_missing(before, after), *_counts([*before, *late], after)]
    for now in _product(after):
        then = _reference(now, before, seen)
        if then is not None and now.memory - then.memory > max(
            MEMORY_BYTES, MEMORY_SHARE * then.memory
        ):
            found.append(
                f"{now.kind} {now.pid} holds {now.memory / MB:.0f} MB at {now.age:.0f} s of age,"
                f" {then.memory / MB:.0f} MB at {then.age:.0f} s"
            )
    return found


def growth(before: Rest, after: Rest) -> float:
    """Per cent by which the memory of the product's processes grew."""
    then, now = (sum(one.memory for one in _product(rest)) for rest in (before, after))
    return (now / then - 1) * 100 if then else 0.0


def sessions(rest: Rest) -> int:
    """PostgreSQL's sessions."""
    return count(rest, "session")


def _missing(before: Rest, after: Rest) -> Iterable[str]:
    """Each kind has as many processes as it had; sessions may differ by a few."""
    for kind in sorted({one.kind for one in (*before, *after)}):
        then, now = count(before, kind), count(after, kind)
        if abs(now - then) > (COUNT_MOST if kind == "session" else 0):
            yield f"{kind}: {then} processes after warming up, {now} at the end"


def _counts(before: Rest, after: Rest) -> Iterable[str]:
    """No process has more files or threads than the one of its kind that had most: which of two
    workers was asked for what is chance, and what it was never asked for it has not opened."""
    for now in _product(after):
        for what in ("files", "threads") if now.kind != "session" else ():
            most = max((getattr(one, what) for one in _of_kind(before, now)), default=None)
            has = getattr(now, what)
            if most is not None and has > most + COUNT_MOST:
                yield f"{now.kind} {now.pid} has {has} {what}, after warming up {most} at most"


def _reference(now: Held, before: Rest, seen: Sequence[Held]) -> Held | None:
    """The fullest of its kind after warming up, if it is of that age: which of two was asked for what is
    chance. Else an earlier one, as near in age as there is."""
    if now.kind == "session" or any(one.pid == now.pid for one in _of_kind(before, now)):
        return max(_of_kind(before, now), key=lambda one: one.memory, default=None)
    others = [one for one in (*seen, *before) if one.kind == now.kind and one.pid != now.pid]
    return min(others, key=lambda one: (abs(one.age - now.age), -one.memory), default=None)


def _product(rest: Rest) -> list[Held]:
    return [one for one in rest if one.kind not in STAND_INS]


def _of_kind(rest: Rest, now: Held) -> list[Held]:
    return [one for one in rest if one.kind == now.kind]
