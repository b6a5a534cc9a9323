"""Addresses as support sees them, whoever answers a gift, and whoever opens one on another phone: enough to
compare, too little to write to."""

DOTS = "\N{BULLET}" * 3


def mask(address: str) -> str:
    """anna@gmail.com -> a•••@g•••.com; an empty text stays empty. However long they are, they look alike."""
    person, at, host = address.rpartition("@")
    if not at:
        return f"{address[:1]}{DOTS}" if address else ""
    _name, dot, land = host.rpartition(".")
    return f"{person[:1]}{DOTS}@{host[:1]}{DOTS}{dot}{land if dot else ''}"
