"""The authenticated caller of a request or stream."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

IDENTITY = "visionai.identity"
"""Where a request's WSGI environment holds its caller once the token was checked.

Not in `g`, which outlives the request where an application context was there before."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The authenticated caller, by a login that still stands."""

    user_id: int
    username: str
    role: str
    is_active: bool
    session_id: UUID
