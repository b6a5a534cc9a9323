"""How much memory the program takes that opens a stranger's picture."""

import resource
from pathlib import Path
from typing import Any

from giftshop.pictures import child


def peak_of_program(picture: Path, asked: dict[str, Any]) -> int:
    """Kilobytes. In a process whose only child is the program."""
    with picture.open("rb") as file:
        assert "files" in child.ask(file, **asked)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
