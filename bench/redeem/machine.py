"""Who used the processor: CPU time of process trees and of the machine, from /proc (Linux)."""

import os
from collections import defaultdict
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")
PPID, UTIME, CSTIME = 1, 11, 14
"""Places in /proc/<pid>/stat, counted after the name in brackets."""
IDLE, IOWAIT = 3, 4


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def cpu_seconds(*roots: int) -> list[float]:
    """CPU time of each process and all below it, threads too. A child that ended is counted by the
    parent that reaped it, so the difference of two readings loses nothing."""
    stats = {
        int(name): stat
        for name in os.listdir("/proc")
        if name.isdigit() and (stat := _stat(int(name)))
    }
    children = defaultdict(list)
    for pid, stat in stats.items():
        children[int(stat[PPID])].append(pid)

    def below(pid: int) -> int:
        own = sum(map(int, stats[pid][UTIME : CSTIME + 1])) if pid in stats else 0
        return own + sum(map(below, children[pid]))

    return [below(root) / TICKS for root in roots]


def busy_seconds() -> float:
    """CPU time that the whole machine spent on anything."""
    figures = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(figures) - figures[IDLE] - figures[IOWAIT]) / TICKS


def postmaster(url: str) -> int:
    """The process above every process of this PostgreSQL. Raises when it runs elsewhere."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        stat = _stat(row[0]) if row else None
        if (
            row is None
            or stat is None
            or "postgres" not in Path(f"/proc/{row[0]}/comm").read_text()
        ):
            raise RuntimeError("PostgreSQL runs on another machine: its CPU time cannot be read")
        return int(stat[PPID])
