"""Who may read `/metrics`: this very machine, or whoever shows the token."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import current_app, request

from ..errors import InvalidToken, NotFound

# A proxy adds at least one of these; a scrape from this machine carries none.
_FORWARDING = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded")


def require_operator() -> None:
    """Let the current request pass or raise.

    Raises InvalidToken where `METRICS_TOKEN` is set and another or none was shown from elsewhere, NotFound where
    none is set: whoever may not read the figures need not learn that they exist.
    """
    expected = str(current_app.config["METRICS_TOKEN"])
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if expected and scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), expected.encode()):
        return
    if "Authorization" not in request.headers and came_from_this_machine():
        return
    raise InvalidToken if expected else NotFound


def came_from_this_machine() -> bool:
    """Tell whether every hop of the current request was on loopback.

    A proxy on this machine makes everybody's peer loopback, so an address it forwards for counts as well. Where no
    proxy is trusted nothing says which of these headers are true, so that any of them refuses.
    """
    if not current_app.config["TRUSTED_PROXIES"]:
        return is_loopback(request.remote_addr) and not any(name in request.headers for name in _FORWARDING)
    peer = request.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR", request.remote_addr)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    return all(is_loopback(address) for address in (peer, request.remote_addr, *hops))


def is_loopback(address: str | None) -> bool:
    """Tell whether `address` is one of this machine's own; a unix socket has none and does not count."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)
