"""Parameters that several calls take."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from .answers import EmotionName

Instant = datetime | str
"""An instant; a text is ISO 8601."""


class Filters(TypedDict, total=False):
    """Which predictions count: `user` is "me" or, for administrators, a name; `until` is exclusive."""

    user: str
    emotion: EmotionName
    since: Instant
    until: Instant
    session: str
    version: str


class Label(TypedDict):
    """A person of a session and their label; None clears it."""

    person: int
    label: str | None


class SessionTexts(TypedDict, total=False):
    """What people write about a session; None clears a text."""

    title: str | None
    participant: str | None
    notes: str | None
