"""Who else plans in a brand's currency, and is asked before it changes: this package knows no campaigns."""

from collections.abc import Callable

Asked = Callable[[], bool]
"""Whether there are amounts that would mean another sum in another currency. Called in the brand's scope."""

_asked: list[Asked] = []


def ask(of: Asked) -> None:
    """Once, at the start of the process."""
    _asked.append(of)


def are_there() -> bool:
    """As many queries as there are to be asked, at most."""
    return any(asked() for asked in _asked)
