"""Passwords: hashed and compared on native threads, for a hash costs a fifth of a second of processor."""

from __future__ import annotations

import bcrypt
from flask import current_app

from .. import concurrency
from ..errors import N_, ValidationFailed

LENGTHS = range(6, 73)
"""In bytes; bcrypt reads no more than 72."""

# The form of a hash that no password has, to be compared with where there is no user: it takes as long.
_NOBODYS = "N9qo8uLOickgx2ZMRZoMye" + "." * 31


def hashed(password: str) -> str:
    """Return the hash to keep; raises ValidationFailed for a length that does not fit, Busy under load."""
    raw = password.encode()
    if len(raw) not in LENGTHS:
        raise ValidationFailed({"password": [N_("Choose 6 to 72 bytes; a letter with an accent counts as two.")]})
    salt = bcrypt.gensalt(current_app.config["BCRYPT_ROUNDS"])
    kept: bytes = concurrency.call_native(bcrypt.hashpw, raw, salt)
    return kept.decode()


def matches(password: str, kept: str | None) -> bool:
    """Tell whether `password` is the one whose hash is `kept`; None, for no user, takes the same time. Raises Busy."""
    raw = password.encode()
    fits = kept is not None and len(raw) in LENGTHS
    against = kept or f"$2b${current_app.config['BCRYPT_ROUNDS']:02}${_NOBODYS}"
    same: bool = concurrency.call_native(bcrypt.checkpw, raw[: LENGTHS[-1]], against.encode())
    return same and fits
