"""What is printed for people, and the one last line for programs."""

import statistics
from itertools import groupby

from bench.redeem.measure import Turn, median, percentiles
from bench.redeem.plan import MAIN, STACKS

HEAD = (
    f"{'':22} {'req/s':>7} {'p50':>7} {'p95':>7} {'p99 ms':>7}"
    f" {'app':>7} {'pg':>7} {'CPU-ms':>7} {'of floor':>8} {'noise':>6}"
)


def table(turns: list[Turn]) -> None:
    """A line for each stack and number of connections, medians over its turns."""
    for connections, of_these in groupby(
        sorted(turns, key=lambda turn: turn.connections), lambda turn: turn.connections
    ):
        here = list(of_these)
        print(f"\n{connections} connection{'s' * (connections > 1)}\n{HEAD}")
        stacks = {
            stack: [t for t in here if t.stack == stack]
            for stack in ("product", "floor", "idiomatic")
        }
        for stack, its in stacks.items():
            if its:
                of_floor = ratio(stacks["floor"], its)
                print(line(stack, its, of_floor))


def flat(turns: tuple[list[Turn], list[Turn]], few: int, many: int) -> None:
    """Few codes beside many."""
    print(f"\nproduct, 8 connections, codes in the table\n{HEAD}")
    for count, its in zip((few, many), turns, strict=True):
        print(line(f"{count:,}", its, None))


def last_line(turns: list[Turn], flat_turns: tuple[list[Turn], list[Turn]]) -> None:
    """For programs; the package's docstring says what each figure is."""
    main = [turn for turn in turns if turn.connections == MAIN]
    product, floor, idiomatic = ([t for t in main if t.stack == stack] for stack in STACKS)
    print(
        f"\nredeem: floor={ratio(floor, product):.2f} idiomatic={ratio(idiomatic, product):.2f}"
        f" cpu_ms={median(product, lambda t: t.cpu):.2f} p99_ms={percentiles(product)[2]:.1f}"
        f" flat={ratio(*flat_turns):.2f}"
    )


def servers(turns: dict[str, list[Turn]]) -> None:
    """The same for one stack on several servers."""
    print(f"\nproduct, 8 connections, workers x threads\n{HEAD}")
    for name, its in turns.items():
        print(line(name, its, None))


def line(name: str, turns: list[Turn], of_floor: float | None) -> str:
    p50, p95, p99 = percentiles(turns)
    share = f"{of_floor:8.2f}" if of_floor else " " * 8
    return (
        f"  {name:20} {median(turns, lambda t: t.per_second):7.0f} {p50:7.2f} {p95:7.2f} {p99:7.2f}"
        f" {median(turns, lambda t: t.app):7.3f} {median(turns, lambda t: t.pg):7.3f}"
        f" {median(turns, lambda t: t.cpu):7.3f} {share} {median(turns, lambda t: t.noise):6.1%}"
    )


def ratio(those: list[Turn], these: list[Turn]) -> float:
    """CPU-ms of those by CPU-ms of these, round by round, and the median of that."""
    return statistics.median(a.cpu / b.cpu for a, b in zip(those, these, strict=True))
