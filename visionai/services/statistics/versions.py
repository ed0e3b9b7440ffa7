"""Which versions of the weights read when: changes within a period, found by a few looks into the log's index of time.

The version of a stretch is that of the first reading in it, that of the end the last reading's. Where two stretches
beside each other differ, the first is cut into smaller ones and looked at again, so that a year takes some hundred
looks and no row is read but these. A version that came and went within one stretch is not found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import CTE, ScalarSelect, column, select, values
from sqlalchemy.orm import Session

from ...database.sessions import browsing
from ...database.types import UtcDateTime
from ...models import ModelVersion, PredictionLog
from .buckets import Buckets
from .results import VersionChange

MAX_CHANGES = 20
"""Changes that are looked at closely; beyond, the timeline would be all marks."""

_PARTS = 24
_FINEST = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Look:
    """The first reading of a stretch: when it was, and of which version."""

    found: datetime
    model_id: int


def all_tags() -> list[str]:
    """Return the tags of all versions there are, the newest first."""
    version = ModelVersion
    with browsing() as session:
        return list(session.scalars(select(version.model_version_tag).order_by(version.creation_date.desc())))


def changes(buckets: Buckets) -> list[VersionChange]:
    """Return the versions of a timeline's period, each from its first reading there on, about to the second."""
    if not buckets.starts or buckets.period.until is None:
        return []
    with browsing() as session:
        looks = _looks(session, buckets.starts, buckets.period.until)
        looks += _last(session, buckets.starts[0], buckets.period.until)
        found = looks[:1] + [_closer(session, *pair) for pair in _different(looks)][:MAX_CHANGES]
        tags = {version.model_id: version.model_version_tag for version in session.scalars(select(ModelVersion))}
    return [VersionChange(tags[look.model_id], look.found) for look in found]


def _different(looks: Iterable[_Look]) -> list[tuple[_Look, _Look]]:
    return [(one, other) for one, other in pairwise(looks) if one.model_id != other.model_id][:MAX_CHANGES]


def _closer(session: Session, before: _Look, after: _Look) -> _Look:
    """Return the first reading of the version that came between two looks, about to the second."""
    end = after.found
    while end - before.found > _FINEST:
        length = (end - before.found) / _PARTS
        starts = [before.found + number * length for number in range(1, _PARTS)]
        pair = _different([before, *_looks(session, starts, end), after])[0]
        if pair == (before, after):  # What there is between them follows at once.
            end = before.found + length
        else:
            before, after = pair
            end = after.found
    return after


def _looks(session: Session, starts: Sequence[datetime], until: datetime) -> list[_Look]:
    """Return the first reading of each stretch that has any; a stretch ends where the next begins."""
    stretches = values(column("start", UtcDateTime), column("until", UtcDateTime), name="stretches")
    within = stretches.data(list(zip(starts, [*starts[1:], until], strict=True))).cte("stretches")
    found, model_id = _first(within, PredictionLog.timestamp), _first(within, PredictionLog.model_id)
    rows = session.execute(select(found, model_id).select_from(within)).all()
    return [_Look(*row) for row in rows if row[0] is not None]


def _last(session: Session, since: datetime, until: datetime) -> list[_Look]:
    """Return the last reading of a period, if there is any: the version of now, which may have begun a minute ago."""
    log = PredictionLog
    within = select(log.timestamp, log.model_id).where(log.timestamp >= since, log.timestamp < until)
    rows = session.execute(within.order_by(log.timestamp.desc(), log.predic_id.desc()).limit(1)).all()
    return [_Look(*row) for row in rows]


def _first(within: CTE, wanted: Any) -> ScalarSelect[Any]:
    """Return a column of the first row of a stretch."""
    log = PredictionLog
    return (
        select(wanted)
        .where(log.timestamp >= within.c.start, log.timestamp < within.c.until)
        .order_by(log.timestamp, log.predic_id)
        .limit(1)
        .correlate(within)
        .scalar_subquery()
    )
