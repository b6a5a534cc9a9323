"""Asks a program of ours about a file of a stranger's, in a process of its own: what it opens may have been
made to harm. The program bounds its memory and its share of the processor itself."""

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

TOO_HEAVY = "too_heavy"


def ask(program: Path, file: IO[bytes], *, seconds_max: float, **asked: Any) -> dict[str, Any]:
    """What the program answers on stdout to one JSON object on stdin, whose `source` is the number of the
    open file. It has no setting, no key and no variable of ours. One that was ended, by a limit or by its
    own fault, found the file too heavy. Raises CalledProcessError when the program itself is at fault.
    `seconds_max`: by the clock, however busy the machine is."""
    source = file.fileno()
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program)],
            input=json.dumps({**asked, "source": source}),
            pass_fds=[source],
            env={},
            capture_output=True,
            text=True,
            timeout=seconds_max,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": TOO_HEAVY}
    if done.returncode < 0:
        return {"refused": TOO_HEAVY}
    done.check_returncode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
