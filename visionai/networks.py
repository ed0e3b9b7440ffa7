"""The network of a client's address: what clients are counted by, since an IPv6 client has 2^64 addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_IPV6_BITS = 64
"""What a provider gives to one customer at least (RFC 6177); within it a client takes any address it likes."""


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
