"""Password hashing (bcrypt) on native threads, since a hash costs a fifth of a second of processor.

Who sends many does not keep others waiting: each address has a line of its own, and the lines are served in turns.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import bcrypt
from flask import current_app

from ... import concurrency
from ...addresses import network_of
from ...errors import N_, ValidationFailed

MIN_BYTES, MAX_BYTES = 6, 72
"""bcrypt reads no more than 72 bytes."""

RULE = N_("Use at least 6 characters (72 at most, fewer with accents).")
"""What is said of a password that does not fit."""

# The form of a hash that no password has, to be compared with where there is no user: it takes as long.
_NOBODYS = "N9qo8uLOickgx2ZMRZoMye" + "." * 31

THREADS = 2
PATIENCE_SECONDS = 30.0
"""How long a password waits for its turn. Sixty people who share an address and sign in at once are done within 6 s
on two idle cores; a machine that also reads images may take four times as long."""

WAITING_PER_ADDRESS = 64
"""Passwords of one address that wait: a school class behind one router, and its teachers."""

WAITING = 512

_threads = concurrency.NativeThreads(THREADS, waiting=64, name="hashing")
_slots = concurrency.FairSlots(THREADS, waiting=WAITING, waiting_per_key=WAITING_PER_ADDRESS, patience=PATIENCE_SECONDS)


def turn(address: str | None) -> AbstractContextManager[None]:
    """Wait until it is the turn of somebody at `address` to hash, for the block that does; raises Busy."""
    return _slots.taken(network_of(address))


def fits(password: str) -> bool:
    """Tell whether a password is neither too short nor longer than what is hashed of it."""
    return MIN_BYTES <= len(password.encode()) <= MAX_BYTES


def hashed(password: str) -> str:
    """Return the hash to keep; raises ValidationFailed for a length that does not fit, Busy under load."""
    if not fits(password):
        raise ValidationFailed({"password": [RULE]})
    salt = bcrypt.gensalt(current_app.config["BCRYPT_ROUNDS"])
    kept: bytes = _threads.run(bcrypt.hashpw, password.encode(), salt)
    return kept.decode()


def matches(password: str, kept: str | None) -> bool:
    """Tell whether `password` is the one whose hash is `kept`; None, for no user, takes the same time. Raises Busy."""
    against = kept or f"$2b${current_app.config['BCRYPT_ROUNDS']:02}${_NOBODYS}"
    same: bool = _threads.run(bcrypt.checkpw, password.encode()[:MAX_BYTES], against.encode())
    return same and kept is not None and fits(password)
