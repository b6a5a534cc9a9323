"""The processes of a running demo by kind, and what each holds: memory, files, threads."""

import contextlib
import re
import statistics
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

WATCH_SECONDS = 5.0
REST_SAMPLES = 5

KINDS = (
    ("proxy", re.compile(r"\bcaddy\b")),
    ("web", re.compile(r"\bgranian\b")),
    ("celery", re.compile(r"\bcelery\b.*\bworker\b")),
    ("beat", re.compile(r"\bcelery\b.*\bbeat\b")),
    ("status watch", re.compile(r"\bwatch_status\b")),
    ("session", re.compile(r"^postgres: \S+ giftshop ")),
    ("postgres helper", re.compile(r"^postgres: ")),
    ("postgres", re.compile(r"/postgres -D ")),
    ("valkey", re.compile(r"\bvalkey-server\b")),
    ("mail tray", re.compile(r"\bsandbox\.mail_tray\b")),
    ("stripe double", re.compile(r"\bsandbox\.stripe_double\b")),
    ("demo", re.compile(r"-m sandbox demo\b")),
    ("guardian", re.compile(r"\bguardian\.py\b")),
)
WITH_CHILDREN = {"web", "celery"}
PASSING = {"postgres helper"}
"""Come and go as PostgreSQL likes: autovacuum's workers."""


@dataclass(frozen=True)
class Held:
    """What one process held at one moment."""

    pid: int
    kind: str
    age: float
    """Seconds since it was started."""
    memory: int
    """Bytes that are its own: resident, without files and shared memory, for PostgreSQL's buffers and
    Python's libraries fill up by design."""
    files: int
    threads: int


Rest = list[Held]
"""All processes at one moment without work."""


def processes(folder: Path) -> dict[str, list[psutil.Process]]:
    """What runs for the demo in this folder, by kind: "web main", "web worker" and so on."""
    found: dict[str, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        try:
            if not _belongs(process, folder):
                continue
            found.setdefault(_kind(process), []).append(process)
        except psutil.Error:
            continue
    return found


def _belongs(process: psutil.Process, folder: Path) -> bool:
    if process.status() == psutil.STATUS_ZOMBIE:
        return False
    words = " ".join(process.cmdline())
    return str(folder) in words or Path(process.cwd()).is_relative_to(folder)


def _kind(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    name = next((name for name, pattern in KINDS if pattern.search(words)), words[:60])
    if name not in WITH_CHILDREN:
        return name
    parent = process.parent()
    is_child = parent is not None and parent.cmdline() == process.cmdline()
    return f"{name} {'worker' if is_child else 'main'}"


def alive(fallen: Iterable[psutil.Process]) -> list[str]:
    """Which of those live on, in words. One that ended and was not collected yet does not."""
    found = []
    for process in fallen:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"process {process.pid} lives on")
    return found


def held(folder: Path) -> Rest:
    """What every process holds now."""
    now, found = time.time(), []
    for kind, each in processes(folder).items():
        for process in each if kind not in PASSING else ():
            try:
                with process.oneshot():
                    memory = process.memory_info()
                    shared = getattr(memory, "shared", 0)
                    found.append(
                        Held(
                            pid=process.pid,
                            kind=kind,
                            age=now - process.create_time(),
                            memory=memory.rss - shared,
                            files=process.num_fds(),
                            threads=process.num_threads(),
                        )
                    )
            except psutil.Error:
                continue
    return found


def at_rest(folder: Path) -> Rest:
    """The same without work: the median of some samples, for beat kicks every second."""
    samples: dict[int, list[Held]] = {}
    for _ in range(REST_SAMPLES):
        for one in held(folder):
            samples.setdefault(one.pid, []).append(one)
        time.sleep(0.7)
    lasting = [each for each in samples.values() if len(each) > REST_SAMPLES // 2]
    return [_median(each) for each in lasting]


def _median(each: list[Held]) -> Held:
    last = each[-1]
    return Held(
        pid=last.pid,
        kind=last.kind,
        age=last.age,
        memory=int(statistics.median(one.memory for one in each)),
        files=int(statistics.median_low(one.files for one in each)),
        threads=int(statistics.median_low(one.threads for one in each)),
    )


@dataclass
class Watch:
    """Looks at all processes every few seconds, so that one that was started anew can be compared with
    an earlier one of its kind at the same age."""

    folder: Path
    seen: list[Held] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while not self.over.wait(WATCH_SECONDS):
            self.seen += held(self.folder)


def count(rest: Iterable[Held], kind: str) -> int:
    """How many processes of a kind there are."""
    return sum(1 for one in rest if one.kind == kind)


def told(rest: Rest) -> str:
    """A line for each kind, for people."""
    lines = []
    for kind in sorted({one.kind for one in rest}):
        each = [one for one in rest if one.kind == kind]
        memory = "+".join(f"{one.memory / 1e6:.0f}" for one in each)
        files, threads = sum(one.files for one in each), sum(one.threads for one in each)
        lines.append(f"         {kind:<14} {memory} MB, {files} files, {threads} threads")
    return "\n".join(lines)
