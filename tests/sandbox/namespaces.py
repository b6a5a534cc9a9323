"""Two machines in a network of their own: namespaces of the kernel's, joined by one cable."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.places import CHECKOUT


@dataclass(frozen=True)
class Machine:
    """One of them. Its way to everywhere else leads over the other one."""

    name: str
    address: str

    @property
    def within(self) -> tuple[str, ...]:
        """Words before a command that is to run there."""
        return ("ip", "netns", "exec", self.name)

    def run(self, *words: str) -> str:
        """What our Python says that runs there with these words."""
        done = subprocess.run(
            [*self.within, sys.executable, *words], cwd=CHECKOUT, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def cannot() -> str:
    """Why there are none here; empty if there can be."""
    if os.getuid() != 0 or not shutil.which("ip"):
        return "network namespaces need root and iproute2"
    name = f"giftshop-{os.getpid()}-try"
    tried = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if tried.returncode:
        return f"no network namespaces here: {tried.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return ""


@contextlib.contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """The demo's and the visitor's; both are gone at the end."""
    one = Machine(f"giftshop-{os.getpid()}-a", "10.77.7.1")
    other = Machine(f"giftshop-{os.getpid()}-b", "10.77.7.2")
    try:
        for each in (one, other):
            _ip("netns", "add", each.name)
        cable = ["type", "veth", "peer", "name", "lan", "netns", other.name]
        _ip("link", "add", "lan", "netns", one.name, *cable)
        for each in (one, other):
            _ip("-n", each.name, "addr", "add", f"{each.address}/24", "dev", "lan")
            for device in ("lo", "lan"):
                _ip("-n", each.name, "link", "set", device, "up")
        _ip("-n", one.name, "route", "add", "default", "via", other.address)
        yield one, other
    finally:
        for each in (one, other):
            subprocess.run(["ip", "netns", "del", each.name], check=False, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
