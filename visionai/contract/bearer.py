"""Bearer tokens in a header (RFC 6750, section 2.1)."""

from __future__ import annotations

from ..errors import InvalidToken


def bearer_token(header: str | None) -> str | None:
    """Return the token of an `Authorization` header, None without one; raises InvalidToken for any other scheme."""
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken
    return token.strip()
