"""What a recorded session is: its people, how they shared it out among the expressions, its gaps and markers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from ...contract.sessions import Gap, Lane, Marker
from ...database.functions import greatest
from ...database.sessions import browsing
from ...errors import NotFound
from ...models import ModelVersion, RecordedSession, User
from ...vision.emotions import EMOTIONS
from ...vision.results import UNCERTAIN_BELOW
from . import markers
from .lanes import lanes_of
from .seconds import Clock, parts_of

_DIGITS = 10_000
"""Scores are compared as answers have them, with four digits: those of a REAL[] differ beyond."""


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A lane: the seconds in which it was seen, and of these the shares by best expression and of uncertain ones.

    Shares are null where no second has scores.
    """

    person: int
    persons: Sequence[int]
    label: str | None
    first_offset_ms: int
    last_offset_ms: int
    seconds: int
    shares: dict[str, float] | None
    uncertain_share: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A session as its owner sees it."""

    uid: UUID
    user: str | None
    title: str | None
    participant: str | None
    notes: str | None
    source: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    seconds: int
    frames: int
    people_count: int
    people: Sequence[PersonSummary]
    uncertain_share: float | None
    gaps: Sequence[Gap]
    markers: Sequence[Marker]
    model_versions: Sequence[str]


@dataclass(slots=True)
class _Tally:
    """The seconds of a lane by best expression (an id) and how many of them are uncertain."""

    by_emotion: Counter[int] = field(default_factory=Counter)
    uncertain: int = 0


def summary(recorded: RecordedSession) -> Summary:
    """Return what a session is now; raises NotFound where it is gone."""
    with browsing() as session:
        found = session.get(RecordedSession, recorded.session_id)
        if found is None:
            raise NotFound
        lanes = lanes_of(session, found)
        tallies, models = _tallied(session, found, lanes)
        return Summary(
            uid=found.uid,
            user=session.scalar(select(User.username).where(User.user_id == found.user_id)),
            title=found.title,
            participant=found.participant,
            notes=found.notes,
            source=found.source,
            status=found.status,
            started_at=found.started_at,
            ended_at=found.ended_at,
            seconds=found.seconds,
            frames=found.frames,
            people_count=found.people,
            people=[_person(lane, tallies[lane.person]) for lane in lanes],
            uncertain_share=_uncertain_share(tallies.values()),
            gaps=found.gaps,
            markers=markers.listed(session, found),
            model_versions=_tags(session, models),
        )


def _tallied(session: Session, recorded: RecordedSession, lanes: Sequence[Lane]) -> tuple[dict[int, _Tally], set[int]]:
    """Return the seconds of each lane, counted, and the ids of the versions that read them."""
    tallies, models = {lane.person: _Tally() for lane in lanes}, set[int]()
    for part in parts_of(recorded, lanes, lanes, Clock()):
        if part.rows is None or part.has_shared_seconds(session):
            counted = _counted(part.means)
        else:
            counted = _counted_rows(part.rows)
        for lane, emotion_id, uncertain, first_model, last_model, seconds in session.execute(counted):
            tallies[lane].by_emotion[emotion_id] += seconds
            tallies[lane].uncertain += seconds if uncertain else 0
            models |= {first_model, last_model}
    return tallies, models


def _counted_rows(by_second: Any) -> Any:
    """Return a query that counts rows, each of which knows its best expression, by the same as `_counted`."""
    rows = by_second.subquery("rows")
    keys = (rows.c.lane, rows.c.emotion_id, rows.c.uncertain, rows.c.first_model, rows.c.last_model)
    return select(*keys, func.count()).group_by(*keys)


def _counted(by_second: Any) -> Any:
    """Return a query that counts seconds by lane, best expression, whether that is uncertain, and versions."""
    means = by_second.subquery("means")
    scores = [func.round(means.c[emotion.value] * _DIGITS).label(emotion.value) for emotion in EMOTIONS]
    rows = select(means.c.lane, means.c.first_model, means.c.last_model, *scores).subquery("seconds")
    best = greatest(*(rows.c[emotion.value] for emotion in EMOTIONS))
    # Of equal scores the first wins, as everywhere.
    emotion_id = case(*((rows.c[emotion.value] == best, emotion.id) for emotion in EMOTIONS))
    keys = (rows.c.lane, emotion_id, best < UNCERTAIN_BELOW * _DIGITS, rows.c.first_model, rows.c.last_model)
    named = select(*(key.label(f"key_{number}") for number, key in enumerate(keys))).subquery("counted")
    return select(*named.c, func.count()).group_by(*named.c)


def _person(lane: Lane, tally: _Tally) -> PersonSummary:
    seconds = tally.by_emotion.total()
    shares = {emotion.value: _share(tally.by_emotion[emotion.id], seconds) for emotion in EMOTIONS}
    return PersonSummary(
        person=lane.person,
        persons=lane.persons,
        label=lane.label,
        first_offset_ms=lane.first_offset_ms,
        last_offset_ms=lane.last_offset_ms,
        seconds=seconds,
        shares=shares if seconds else None,
        uncertain_share=_uncertain_share([tally]),
    )


def _uncertain_share(tallies: Any) -> float | None:
    seconds = uncertain = 0
    for tally in tallies:
        seconds += tally.by_emotion.total()
        uncertain += tally.uncertain
    return _share(uncertain, seconds) if seconds else None


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _tags(session: Session, models: set[int]) -> list[str]:
    """Return the tags of versions in the order in which this database met them."""
    version = ModelVersion
    tags = select(version.model_version_tag).where(version.model_id.in_(models)).order_by(version.model_id)
    return list(session.scalars(tags))
