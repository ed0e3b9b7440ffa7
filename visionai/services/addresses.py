"""How much of a client's address is kept."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_KEPT_BITS = {4: 24, 6: 48}
# One customer has a whole /64 of IPv6, and often one IPv4 address for many people (RFC 6177).
_HOUSEHOLD_BITS = {4: 32, 6: 64}


def reduced(address: str | None, mode: str) -> str | None:
    """Return what of `address` may be kept under `mode`, a value of SOURCE_IP.

    "full" keeps all of it, "truncated" the first 24 bits of IPv4 and 48 of IPv6 (the rest is zero), "off" nothing.
    What is no address, such as the empty one of a Unix socket, is None.
    """
    if not address or mode == "off":
        return None
    parsed = _parsed(address)
    if parsed is None:
        return None
    if mode == "full":
        return str(parsed)
    return str(ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False).network_address)


def household(address: str | None) -> str:
    """Return what attempts of one client are counted by: its IPv4 address, or the /64 of its IPv6 one.

    What is no address, such as the empty one of a Unix socket, is itself.
    """
    parsed = _parsed(address or "")
    if parsed is None:
        return address or ""
    return str(ip_network((parsed, _HOUSEHOLD_BITS[parsed.version]), strict=False).network_address)


def is_local(address: str | None) -> bool:
    """Tell whether a client is on this machine, or a proxy is that nobody told us to trust: that may be anybody."""
    parsed = _parsed(address or "")
    return parsed is None or parsed.is_loopback


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed
