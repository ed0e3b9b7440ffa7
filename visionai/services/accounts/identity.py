"""The authenticated caller of a request or stream."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ...contract.scopes import Scope

IDENTITY = "visionai.identity"
"""Where a request's WSGI environment holds its caller once the token was checked.

Not in `g`, which outlives the request where an application context was there before."""


@dataclass(frozen=True, slots=True)
class KeyGrant:
    """What a key allows: `rate` are calls a minute, `daily_quota` calls a day; `used` were so on the day `used_on`."""

    key_id: str
    scopes: Set[Scope]
    rate: int | None = None
    daily_quota: int | None = None
    used_on: date | None = None
    used: int = 0

    @property
    def is_limited(self) -> bool:
        """Whether calls with the key are counted."""
        return self.rate is not None or self.daily_quota is not None


@dataclass(frozen=True, slots=True)
class Identity:
    """The authenticated caller, by a login that still stands (`session_id`) or by a `key` of theirs.

    With a key that does not have the scope `admin`, `role` is a user's whoever its user is.
    """

    user_id: int
    username: str
    role: str
    is_active: bool
    session_id: UUID | None
    key: KeyGrant | None = None
