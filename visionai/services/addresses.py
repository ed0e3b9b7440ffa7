"""How much of a client's address is kept."""

from __future__ import annotations

from ipaddress import ip_network

from ..networks import parse

_KEPT_BITS = {4: 24, 6: 48}


def reduced(address: str | None, mode: str) -> str | None:
    """Return what of `address` may be kept under `mode`, a value of SOURCE_IP.

    "full" keeps all of it, "truncated" the first 24 bits of IPv4 and 48 of IPv6 (the rest is zero), "off" nothing.
    What is no address, such as the empty one of a Unix socket, is None.
    """
    if not address or mode == "off":
        return None
    parsed = parse(address)
    if parsed is None:
        return None
    if mode == "full":
        return str(parsed)
    return str(ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False).network_address)


def is_local(address: str | None) -> bool:
    """Tell whether a client is on this machine, or a proxy is that nobody told us to trust: that may be anybody."""
    parsed = parse(address)
    return parsed is None or parsed.is_loopback
