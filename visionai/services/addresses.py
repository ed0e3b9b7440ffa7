"""How much of a client's address is kept."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

_KEPT_BITS = {4: 24, 6: 48}


def reduced(address: str | None, mode: str) -> str | None:
    """Return what of `address` may be kept under `mode`, a value of SOURCE_IP.

    "full" keeps all of it, "truncated" the first 24 bits of IPv4 and 48 of IPv6 (the rest is zero), "off" nothing.
    What is no address, such as the empty one of a Unix socket, is None.
    """
    if not address or mode == "off":
        return None
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if mode == "full":
        return str(parsed)
    return str(ip_network((parsed, _KEPT_BITS[parsed.version]), strict=False).network_address)
