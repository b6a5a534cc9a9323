"""Which addresses count as one: those that one home, or one customer of a network, may have."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """What one home has of addresses: an IPv4 address, or the /64 that a home gets of IPv6."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return parsed.packed[:8].hex()
    return str(parsed)


@lru_cache(maxsize=4096)
def wide_network(address: str) -> str:
    """What one customer of a network may have of addresses: a /24, or a /48 of IPv6. Empty for no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return wide_network(str(parsed.ipv4_mapped))
        return parsed.packed[:6].hex()
    return parsed.packed[:3].hex()
