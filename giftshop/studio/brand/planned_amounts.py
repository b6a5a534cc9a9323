"""Who else plans in a brand's currency, and is asked before it changes: this package knows no campaigns."""

from collections.abc import Callable

Asked = Callable[[], bool]
"""Whether there are amounts that would mean another sum in another currency. Called in the brand's scope."""

Forget = Callable[[], None]
"""Takes away what says an amount and stands in nobody's way."""

_asked: list[Asked] = []
_forget: list[Forget] = []


def ask(of: Asked, *, forget: Forget) -> None:
    """Once, at the start of the process."""
    _asked.append(of)
    _forget.append(forget)


def are_there() -> bool:
    """As many queries as there are to be asked, at most."""
    return any(asked() for asked in _asked)


def forget() -> None:
    """Where nothing was sold and the currency becomes another."""
    for each in _forget:
        each()
