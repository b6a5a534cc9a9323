"""Tills that press, look and undo on one gift after the other, and write down what they asked and heard."""

import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from tests.races.crowd import Deployment, at_once, spread
from tests.races.linearizability import NEVER, Act, Kind
from tests.races.tills import LOOKUPS, REDEMPTIONS, NoAnswer, NotSent, Reply, Till

TILLS_PER_GIFT = 8
GIFTS_AT_ONCE = 4
WORTH = 1000
AMOUNT_MAX = 200
SECONDS_TO_ANSWER = 10.0
MIX: dict[Kind, int] = {"redeem": 60, "reverse": 25, "look": 15}


@dataclass
class History:
    """Of one gift, by all its tills."""

    text: str
    name: str
    acts: list[Act] = field(default_factory=list)
    redeemed: list[str] = field(default_factory=list)
    """Ids of redemptions that somebody heard of, to be undone by anybody."""
    names: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, act: Act) -> None:
        with self.lock:
            self.acts.append(act)


@dataclass
class Recorder:
    deployment: Deployment
    token: str
    seed: int
    patient: float = 0.5
    """How many of the unanswered redemptions are asked again with their key."""
    done: int = 0
    turned_away: int = 0

    def record(self, texts: list[str], *, ops_per_gift: int) -> list[History]:
        """Four gifts at a time, eight tills at each."""
        histories = [History(text, f"gift-{self.seed}-{n}") for n, text in enumerate(texts)]
        waiting = iter(histories)
        lock = threading.Lock()

        def serve_gifts(_group: int) -> None:
            while True:
                with lock:
                    history = next(waiting, None)
                if history is None:
                    return
                self._crowd(history, ops_per_gift)

        at_once(serve_gifts, GIFTS_AT_ONCE)
        return histories

    def _crowd(self, history: History, ops: int) -> None:
        shares = list(spread(ops, TILLS_PER_GIFT))

        def press(n: int) -> None:
            shuffle = random.Random(f"{history.name}-{n}")
            with closing(Till(self.deployment, self.token, SECONDS_TO_ANSWER)) as till:
                for op in range(shares[n]):
                    self._act(history, till, shuffle, f"{history.name}-{n}-{op}")
                    self.done += 1  # only for waiting until there was some progress

        at_once(press, TILLS_PER_GIFT)

    def _act(self, history: History, till: Till, shuffle: random.Random, key: str) -> None:
        kind = shuffle.choices(list(MIX), list(MIX.values()))[0]
        if kind == "reverse" and not history.redeemed:
            kind = "redeem"
        body: dict[str, Any] = {"code": history.text}
        path, name, amount = LOOKUPS, "", 0
        if kind == "redeem":
            path, name, amount = REDEMPTIONS, key, shuffle.randrange(1, AMOUNT_MAX)
            body["amount"] = amount
        elif kind == "reverse":
            made = shuffle.choice(history.redeemed[-TILLS_PER_GIFT:])
            path, name = f"{REDEMPTIONS}{made}/reversal/", history.names[made]
            body = {"reason": "the recipient changed their mind"}
        again = kind == "redeem" and shuffle.random() < self.patient
        invoked, reply = self._ask(till, path, body, key if kind == "redeem" else "", again)
        if reply and reply.status == 503:  # nothing was done, nothing was kept
            self.turned_away += 1
            return
        if reply and reply.status >= 500:  # as good as no answer
            reply = None
        answered = time.monotonic() if reply else NEVER
        outcome, balance = _heard(kind, reply)
        history.add(Act(kind, name, invoked, answered, amount, outcome, balance))
        if kind == "redeem" and outcome == "ok" and reply:
            history.names[reply.json["id"]] = name
            history.redeemed.append(reply.json["id"])

    def _ask(
        self, till: Till, path: str, body: dict[str, Any], key: str, again: bool
    ) -> tuple[float, Reply | None]:
        """When it first left, and what came back in the end."""
        first: float | None = None
        while True:
            assert self.deployment.up.wait(120), "the server did not come back"
            invoked = time.monotonic()
            try:
                return first or invoked, till.ask(path, body, key)
            except NotSent:
                if first and not again:
                    return first, None
            except NoAnswer:
                first = first or invoked
                if not again:
                    return first, None


def _heard(kind: Kind, reply: Reply | None) -> tuple[str, int | None]:
    if reply is None:
        return "unknown", None
    said = reply.json
    if kind == "look":
        assert reply.status == 200, said
        return "ok", said["gift"]["balance"]["amount"]
    if reply.status == 201:
        return "ok", said["balance"]["amount"]
    assert reply.status == 409, said
    return said["reason"], said["balance"]["amount"] if "balance" in said else None
