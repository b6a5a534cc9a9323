"""`python -m bench.soak`."""

import argparse
import os
import signal
import sys
from collections import Counter

import bench.soak
from bench.soak.demo_copy import DemoCopy
from bench.soak.run import Run
from sandbox.processes.signals import leave_on

WORDS_MOST = 40


def main() -> int:
    leave_on(signal.SIGTERM, signal.SIGHUP)  # clear up first
    options = arguments()
    with DemoCopy(leaks=options.leak) as demo:
        run = Run(demo, options.minutes, calm=options.calm)
        wrong = run.do()
        demo.keep = bool(wrong)
        if wrong:
            print(listed(wrong))
            print(f"  Logs: {demo.logs}")
        print(run.line())
    return 1 if wrong else 0


def listed(wrong: list[str]) -> str:
    """What was wrong, each thing once with how often it was."""
    found = Counter(wrong).most_common()
    lines = [f"  {words}" + (f" ({n} times)" if n > 1 else "") for words, n in found[:WORDS_MOST]]
    more = len(found) - len(lines)
    return "\n".join([*lines, *([f"  and {more} more"] if more > 0 else [])])


def arguments() -> argparse.Namespace:
    words = argparse.ArgumentParser(
        prog="python -m bench.soak",
        description=bench.soak.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    minutes = float(os.environ.get("MINUTES") or "20")
    words.add_argument("--minutes", type=float, default=minutes)
    words.add_argument(
        "--leak", action="store_true", help="the control: threads that die keep their connection"
    )
    words.add_argument("--calm", action="store_true", help="traffic and rests without faults")
    return words.parse_args()


if __name__ == "__main__":
    sys.exit(main())
