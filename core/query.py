"""What an address of ours says behind its question mark."""

from collections.abc import Mapping
from urllib.parse import urlencode


def with_query(address: str, said: Mapping[str, str]) -> str:
    """The address, perhaps with a ?query and a #place, with this besides."""
    path, sharp, place = address.partition("#")
    mark = "&" if "?" in path else "?"
    return f"{path}{mark}{urlencode(said)}{sharp}{place}" if said else address
