"""Who a client of a stream is: its token or key, looked at again and again, and what a key lets it do."""

from __future__ import annotations

import time
from typing import Any

from ...contract.scopes import Scope, of_command
from ...errors import InvalidToken, TokenExpired
from ...services.accounts.identity import Identity
from .payload import token_of
from .shared import Shared

CHECK_SECONDS = 18.0
"""With the beat of who looks, and the query, what was revoked is lost within 20 seconds."""


class Credentials:
    """The token or key of a connection, None for a stranger; `address` is the client's, as it may be kept.

    Raises InvalidToken, TokenExpired and OutOfScope for one that opens no stream.
    """

    def __init__(self, shared: Shared, token: str | None, address: str | None) -> None:
        self.identity: Identity | None = shared.connecting(token) if token else None
        self._shared = shared
        self._token = token
        self._address = address
        self._check_at = time.monotonic() + CHECK_SECONDS

    def who(self, payload: Any) -> Identity | None:
        """Return whom a payload speaks for: its own token's user, else the connection's; raises InvalidToken."""
        token = token_of(payload)
        return self._shared.identify(token) if token else self.identity

    def admitted(self, command: str, payload: Any) -> Identity | None:
        """Return whom a command speaks for, counted and held to its scopes where that is by a key.

        Raises InvalidToken, TokenExpired, Forbidden, RateLimited, QuotaExceeded.
        """
        who = self.who(payload)
        self._shared.admit(who, command, self._address)
        return who

    def admit(self, command: Any, payload: Any) -> None:
        """Hold a command to the scopes of a key, where it takes one; raises what `admitted` raises."""
        if isinstance(command, str) and isinstance(of_command(command), Scope):
            self.admitted(command, payload)

    def lost(self, now: float) -> str | None:
        """Return "expired" or "revoked" once the token holds no longer, if it is time to look; it is forgotten then."""
        if self._token is None or now < self._check_at:
            return None
        self._check_at = now + CHECK_SECONDS
        try:
            self.identity = self._shared.identify(self._token)
        except (InvalidToken, TokenExpired) as error:
            self._token = self.identity = None
            return "expired" if isinstance(error, TokenExpired) else "revoked"
        return None
