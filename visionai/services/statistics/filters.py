"""Filters by user, emotion and period, shared by statistics, lists and exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...models import PredictionLog
from ...vision.emotions import Emotion
from .counters import hour_of


@dataclass(frozen=True, slots=True)
class Period:
    """From `since`, inclusive, to `until`, exclusive; None is open."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Predictions of a user, of an emotion, of a period; None lets all through. Instants are aware, in UTC."""

    user_id: int | None = None
    emotion: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def emotion_id(self) -> int | None:
        """The id of the emotion; raises ValueError for a name that is none."""
        return None if self.emotion is None else Emotion(self.emotion).id

    @property
    def hours(self) -> Period:
        """The period in whole hours, both ends rounded down: counters know nothing finer."""
        return Period(*(None if end is None else hour_of(end) for end in (self.since, self.until)))

    def conditions(self) -> list[Any]:
        """Return what a row of the log must fulfil, to the microsecond."""
        log, chosen = PredictionLog, []
        if self.user_id is not None:
            chosen.append(log.user_id == self.user_id)
        if self.emotion is not None:
            chosen.append(log.emotion_id == self.emotion_id)
        if self.since is not None:
            chosen.append(log.timestamp >= self.since)
        if self.until is not None:
            chosen.append(log.timestamp < self.until)
        return chosen
