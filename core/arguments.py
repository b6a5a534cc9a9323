"""Types for the arguments of commands: what cannot be is answered with a sentence, never with a traceback."""

import math
import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

SECONDS_MAX = 86_400
PATH_LENGTH_MAX = 4096
SHOWN_MAX = 40

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")


def text(most: int) -> Callable[[str], str]:
    """One line of so many characters at most, all of which can be printed."""

    def read(given: str) -> str:
        if len(given) > most:
            raise ArgumentTypeError(f"{_shown(given)} is longer than {most} characters")
        if not given.isprintable():
            raise ArgumentTypeError(f"{_shown(given)} has characters that cannot be printed")
        return given

    return read


def whole(most: int, least: int = 1) -> Callable[[str], int]:
    """`least` to `most`."""

    def read(given: str) -> int:
        if not _WHOLE.fullmatch(given):
            raise ArgumentTypeError(f"{_shown(given)} is not a whole number")
        number = int(given)
        if not least <= number <= most:
            raise ArgumentTypeError(f"{number} is not between {least} and {most}")
        return number

    return read


def seconds(given: str) -> float:
    """More than none, a day at most."""
    try:
        number = float(given)
    except ValueError:
        raise ArgumentTypeError(f"{_shown(given)} is not a number of seconds") from None
    if not (math.isfinite(number) and 0 < number <= SECONDS_MAX):
        raise ArgumentTypeError(f"{_shown(given)} is not between 0 and {SECONDS_MAX} seconds")
    return number


def day(given: str) -> date:
    """As 2030-12-31. What days make sense is for the command to say."""
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ArgumentTypeError(f"{_shown(given)} is not a date like 2030-12-31") from None


def path(given: str) -> Path:
    """The name of a file; whether it can be used, shows when it is."""
    if not given or not given.isprintable() or len(given) > PATH_LENGTH_MAX:
        raise ArgumentTypeError(f"{_shown(given)} is not the name of a file")
    return Path(given)


def _shown(given: str) -> str:
    """Its beginning, in quotes, in signs that any terminal takes."""
    return ascii(given if len(given) <= SHOWN_MAX else given[:SHOWN_MAX] + "...")
