"""What the queries for the dashboard return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .filters import Period

Counts = Mapping[str, int]
"""How many of each emotion, all seven, by its name."""


@dataclass(frozen=True, slots=True)
class MostCommon:
    """The emotion that was seen most often; ties go to the lower id."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class OfEmotion:
    """The counters of one emotion; None is for counters of nothing."""

    name: str
    count: int
    average_confidence: float | None
    last_prediction: datetime | None


@dataclass(frozen=True, slots=True)
class Stats:
    """Totals; None is for counters of nothing. `uncertain_share` is None too where nobody counted the uncertain ones.

    `emotions` are all seven that have any, in their order.
    """

    total_predictions: int
    most_common_emotion: MostCommon | None
    average_confidence: float | None
    predictions_by_emotion: Counts
    period: Period
    emotions: list[OfEmotion]
    uncertain_share: float | None = None


@dataclass(frozen=True, slots=True)
class EmotionDetail:
    """The counters of one emotion; `percentage` is its share of all emotions, 0 to 100."""

    total_predictions: int
    average_confidence: float | None
    last_prediction: datetime | None
    percentage: float
    period: Period


@dataclass(frozen=True, slots=True)
class TimelineBucket:
    """What was seen in a step of time; `date` is ISO 8601, local to the time zone that was asked for."""

    date: str
    count: int
    by_emotion: Counts


@dataclass(frozen=True, slots=True)
class VersionChange:
    """From when on, within a period, a version of the weights read; `since` is the instant of a reading."""

    model_version_tag: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Timeline:
    """What was seen step by step, empty ones included; `bucket` is how long a step is."""

    period_days: int
    timeline: list[TimelineBucket]
    period: Period
    bucket: str
    versions: list[VersionChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class UserTotals:
    """A user and what was seen for them in all."""

    user_id: int
    username: str
    role: str
    is_active: bool
    total_predictions: int
    average_confidence: float | None


@dataclass(frozen=True, slots=True)
class Sum:
    """What was seen of an emotion: how many, their confidences added up, and the last of them."""

    count: int = 0
    confidence_sum: float = 0.0
    last_timestamp: datetime | None = None
