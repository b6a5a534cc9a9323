"""What is measured, in which order, on how many codes."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from bench.redeem import databases, load
from bench.redeem.measure import Table, Turn, take_turn
from bench.redeem.servers import Server, running

STACKS = ("product", "floor", "idiomatic")
CONNECTIONS = (8, 1, 32)
MAIN = 8
WARM_UP = 32
WARM_UP_SECONDS = 2
FEW = 10_000
FLAT_ROUNDS = 4
FLAT_TURN = 2000
LONG = 60
"""Seconds: a turn that ends when its codes are used up."""


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    codes: int
    seconds: float
    rounds: int
    many: int
    """Codes in the table for `flat`."""

    def rounds_at(self, connections: int) -> int:
        """The goals are about 8 connections; the others are for the picture."""
        return self.rounds if connections == MAIN else (self.rounds + 1) // 2

    @property
    def share(self) -> int:
        """Codes for a turn, so that a fifth is left for `flat`."""
        turns = 1 + sum(self.rounds_at(connections) for connections in CONNECTIONS)
        return self.codes * 4 // 5 // (turns * len(STACKS))

    @property
    def flat_turn(self) -> int:
        return min(FLAT_TURN, self.codes // 5 // (self.flat_rounds + 1))

    @property
    def flat_rounds(self) -> int:
        return min(FLAT_ROUNDS, self.rounds)


def in_turns(plan: Plan, table: Table, logs: Path) -> list[Turn]:
    """Every stack, one after the other, round by round."""
    turns: list[Turn] = []
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(running(name, table.url, logs)) for name in STACKS]
        warm_up(servers, table, plan)
        for connections in CONNECTIONS:
            for _round in range(plan.rounds_at(connections)):
                turns += [
                    take_turn(server, table, connections=connections, seconds=plan.seconds)
                    for server in servers
                ]
    return turns


def on_servers(plan: Plan, table: Table, logs: Path, names: list[str]) -> dict[str, list[Turn]]:
    """The product on several web servers, in turns."""
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    with contextlib.ExitStack() as stack:
        servers = {
            name: stack.enter_context(running("product", table.url, logs, name)) for name in turns
        }
        warm_up(list(servers.values()), table, plan)
        for _round in range(plan.rounds):
            for name, server in servers.items():
                turns[name].append(take_turn(server, table, connections=MAIN, seconds=plan.seconds))
    return turns


def few_and_many(
    plan: Plan, few: Table, many: Table, shop: load.Shop, logs: Path
) -> tuple[list[Turn], list[Turn]]:
    """The product on a table of few codes and on one of many, in turns; more are loaded if wanted."""
    if plan.many > many.total:
        load.load(many.url, shop, many.total, plan.many)
        many = Table(many.url, plan.many - many.total, many.tokens, many.share, base=many.total)
    turns: tuple[list[Turn], list[Turn]] = ([], [])
    with (
        running("product", few.url, logs) as on_few,
        running("product", many.url, logs) as on_many,
    ):
        pairs = ((on_few, few), (on_many, many))
        for server, table in pairs:
            take_turn(server, table, connections=WARM_UP, seconds=LONG, most=plan.flat_turn)
            databases.analyze(table.url)
        for _round in range(plan.flat_rounds):
            for its, (server, table) in zip(turns, pairs, strict=True):
                its.append(
                    take_turn(server, table, connections=MAIN, seconds=LONG, most=plan.flat_turn)
                )
    return turns


def warm_up(servers: list[Server], table: Table, plan: Plan) -> None:
    """Until every thread has its connection and its prepared statements; then what PostgreSQL knows
    of the tables is brought up to date, so that no plan made for an empty one lives on."""
    for server in servers:
        take_turn(server, table, connections=WARM_UP, seconds=min(WARM_UP_SECONDS, plan.seconds))
    databases.analyze(table.url)
