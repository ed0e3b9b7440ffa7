"""By what callers are told apart where they are counted: their network, not the address of the moment."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

_IPV6_BITS = 64
"""What a provider gives to one customer at least (RFC 6177); within it a client takes any address it likes."""


def caller_key(address: str | None) -> str:
    """Return an IPv4 address as it is, the first 64 bits of an IPv6 address; "" where there is none."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, _IPV6_BITS), strict=False))


def current_caller() -> str:
    """Return the key of whoever sent the current request."""
    return caller_key(request.remote_addr)
