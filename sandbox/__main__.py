"""The sandbox's command line."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from sandbox.demo import demo
from sandbox.environment import without_proxy
from sandbox.machine.os_errors import sentence
from sandbox.processes.children import ChildError, follow_parent
from sandbox.processes.signals import leave_on
from sandbox.run import run


def main(words: list[str]) -> int:
    """Do what the words say; return the exit status."""
    # Split by hand: argparse would take the command's own options for ours.
    cut = words.index("--") if "--" in words else len(words)
    options, command = parser().parse_args(words[:cut]), words[cut + 1 :]
    # A polite SIGTERM unwinds the `with` blocks; SIGKILL is what the guardian is for.
    leave_on(signal.SIGTERM)
    os.environ.update(without_proxy(os.environ))
    if options.follow_parent:
        follow_parent()
    try:
        if options.act == "demo":
            return demo(
                reset=options.reset,
                weeks=options.weeks,
                external=options.external,
                lan=options.lan,
            )
        if not command:
            raise SystemExit("usage: python -m sandbox run [--durable] -- COMMAND ...")
        return run(command, durable=options.durable)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except ChildError as failure:
        print(f"sandbox: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"sandbox: {sentence(error)}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The sub-commands and their options."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="What a machine lacks.")
    commands = parser.add_subparsers(dest="act", required=True)
    whole = commands.add_parser("demo", help="the whole product; PORT in the environment")
    whole.add_argument("--reset", action="store_true", help="begin anew: forget all earlier data")
    whole.add_argument(
        "--external", choices=("yes", "no"), help="whether services that the shell names are used"
    )
    whole.add_argument(
        "--lan",
        metavar="ADDRESS",
        help="open it to the local network: 1, or this machine's address",
    )
    whole.add_argument("--weeks", type=int, default=8, help="how much history to play")
    one = commands.add_parser("run", help="throwaway services for one command: run -- CMD")
    one.add_argument("--durable", action="store_true", help="writes wait for the disk, for benches")
    for each in (whole, one):
        each.add_argument("--follow-parent", action="store_true", help="end when our parent ends")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
