"""Filters by user, emotion, period, session, version and source, shared by statistics, lists and exports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from ...models import ModelVersion, PredictionLog, RecordedSession
from ...vision.emotions import Emotion
from .counters import hour_of


class ReadingSource(StrEnum):
    """Where readings came from: a picture or a stream outside of sessions, or a session of one of its sources."""

    PICTURE = "picture"
    STREAM = "stream"
    CAMERA = "camera"
    VIDEO = "video"
    API = "api"


@dataclass(frozen=True, slots=True)
class Period:
    """From `since`, inclusive, to `until`, exclusive; None is open."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Filters:
    """Predictions of a user, an emotion, a period; None lets all through. Instants are aware, in UTC.

    `session_id`, `version` (a tag) and `source` are known to the log alone, and so is a period `by_minute`: what such
    filters let through is counted row by row (see `log_sums`).
    """

    user_id: int | None = None
    emotion: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    session_id: int | None = None
    version: str | None = None
    source: ReadingSource | None = None
    by_minute: bool = False

    @property
    def emotion_id(self) -> int | None:
        """The id of the emotion; raises ValueError for a name that is none."""
        return None if self.emotion is None else Emotion(self.emotion).id

    @property
    def picks_rows(self) -> bool:
        """Whether these are rows that no counter tells from others."""
        return self.session_id is not None or self.version is not None or self.source is not None

    @property
    def needs_log(self) -> bool:
        """Whether the kept counters cannot say how many these are."""
        return self.by_minute or self.picks_rows

    @property
    def rounded(self) -> Period:
        """The period that is counted, both ends rounded down to the hour, or to the minute where that is asked for."""
        return Period(*(None if end is None else self._floor(end) for end in (self.since, self.until)))

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
        if self.session_id is not None:
            chosen.append(log.session_id == self.session_id)
        if self.version is not None:
            version = select(ModelVersion.model_id).where(ModelVersion.model_version_tag == self.version)
            chosen.append(log.model_id == version.scalar_subquery())
        return chosen + self._source_conditions()

    def _floor(self, moment: datetime) -> datetime:
        return moment.replace(second=0, microsecond=0) if self.by_minute else hour_of(moment)

    def _source_conditions(self) -> list[Any]:
        """Return what tells a source: rows of before frames were counted are of none."""
        log = PredictionLog
        match self.source:
            case None:
                return []
            case ReadingSource.PICTURE:
                return [log.session_id.is_(None), log.frames == 1]
            case ReadingSource.STREAM:
                return [log.session_id.is_(None), log.frames > 1]
        recorded = RecordedSession
        # Looked up from the row: from the sessions of a source, rows of all time would be found.
        of_source = select(1).where(recorded.session_id == log.session_id, recorded.source == self.source)
        return [of_source.correlate(log).exists()]
