"""Addresses of clients: the network that a client is counted by, and how much of an address is kept."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV6_BITS = 64
"""What a provider gives to one customer at least (RFC 6177); within it a client takes any of 2^64 addresses."""

_KEPT_BITS = {4: 24, 6: 48}


def network_of(address: str | None) -> str:
    """Return an IPv4 address as it is, the /64 of an IPv6 address; "" for what is none, as that of a Unix socket."""
    parsed = parse(address)
    if parsed is None:
        return ""
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, _IPV6_BITS), strict=False))


def parse(address: str | None) -> IPv4Address | IPv6Address | None:
    """Return an address without its zone, IPv4 in IPv6 as IPv4; None for what is none."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


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
