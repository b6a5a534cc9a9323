"""Asks convert.py about a picture, in a process of its own: what it opens may have been made to harm."""

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

PROGRAM = Path(__file__).with_name("convert.py")
SECONDS_MAX = 25
"""By the clock, however busy the machine is; convert.py has fewer of the processor's."""
TOO_HEAVY = "too_heavy"


def ask(file: IO[bytes], **asked: Any) -> dict[str, Any]:
    """What convert.py answers. A process that was ended, by a limit or by its own fault, found the picture
    too heavy. Raises CalledProcessError when the program itself is at fault."""
    source = file.fileno()
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM)],
            input=json.dumps({**asked, "source": source}),
            pass_fds=[source],
            env={},
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": TOO_HEAVY}
    if done.returncode < 0:
        return {"refused": TOO_HEAVY}
    done.check_returncode()
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
