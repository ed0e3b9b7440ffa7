"""The timeline of a recorded session: points of one step each, for every lane."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Integer, Select, cast, func, literal, null, select
from sqlalchemy.orm import Session

from ...contract.sessions import Lane, Point, Series, Timeline
from ...database.functions import mean_scores
from ...database.sessions import browsing
from ...errors import N_, ValidationFailed
from ...models import RecordedSession
from ...vision.emotions import EMOTIONS
from . import markers
from .lanes import Span, chosen, cut, lanes_of
from .seconds import SECOND_MS, Clock, Part, parts_of

STEPS = {"1s": 1, "10s": 10, "1m": 60}
AUTO = "auto"
POINTS_A_LANE = 600
"""About how many points `auto` gives a lane, at most."""

MOST_POINTS = 20_000
"""The most points of an answer: some megabytes."""

_MOST_MARKED = 30
"""Seconds of a step that have a bit each in a whole number of the database."""

_LADDER = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


def timeline(
    recorded: RecordedSession, step: str = AUTO, person: str | None = None, span: Span | None = None
) -> Timeline:
    """Return the series of a session at a step of STEPS or AUTO, of all lanes or of one, by its number or label.

    A point is the mean over the seconds of its step in which the lane was seen. With a `span` the points are those of
    the steps that it meets. Raises ValidationFailed for a person who is not there, and where there would be more than
    MOST_POINTS.
    """
    with browsing() as session:
        every = lanes_of(session, recorded)
        lanes = chosen(every, person)
        counted = lanes if span is None else [cut(lane, span) for lane in lanes]
        clock = Clock(step_seconds(step, [counted]) * SECOND_MS)
        people = series(session, recorded, lanes, every, clock, span)
        return Timeline(clock.step_ms // SECOND_MS, people, markers.listed(session, recorded), recorded.gaps)


def step_seconds(step: str, sessions: Sequence[Sequence[Lane]]) -> int:
    """Return the seconds of a step for the lanes of each session; raises ValidationFailed for too many points."""
    lanes = [lane for session in sessions for lane in session]
    longest = max((_span(lane) for lane in lanes), default=0)
    steps = [*_LADDER, *(3600 * 2**power for power in range(1, 40))] if step == AUTO else [STEPS[step]]
    for seconds in steps:
        few_enough = step != AUTO or longest // seconds < POINTS_A_LANE
        if few_enough and sum(min(lane.seconds, _span(lane) // seconds + 1) for lane in lanes) <= MOST_POINTS:
            return seconds
    raise ValidationFailed(
        {"step": [N_("That would be more than 20,000 points. Choose a larger step or one person, or export it.")]}
    )


def series(
    session: Session,
    recorded: RecordedSession,
    lanes: Sequence[Lane],
    every: Sequence[Lane],
    clock: Clock,
    span: Span | None = None,
) -> list[Series]:
    """Return the series of `lanes`, which are some of `every` lane of a session, on a clock; see `timeline`."""
    points: dict[int, list[Point]] = {lane.person: [] for lane in lanes}
    for part in parts_of(recorded, lanes, every, clock, span):
        for lane, step, seconds, scores in _read(session, part, clock):
            points[lane].append(Point(clock.offset_of(step), seconds, scores))
    return [Series(lane, points[lane.person]) for lane in lanes]


def _read(session: Session, part: Part, clock: Clock) -> Iterable[tuple[int, int, int, Sequence[float]]]:
    """Return the lane, the step, the number of seconds and the seven means of each point."""
    if part.rows is not None:
        rows = part.rows.subquery("rows").c
        scores, marks = mean_scores(rows.scores, len(EMOTIONS)), _marks(rows.second, clock)
        found = session.execute(_by_step(rows, clock, scores, marks)).all()
        if _are_seconds(session, part, found, clock):
            return ((lane, step, seconds, means) for lane, step, seconds, means, _ in found)
    rows = part.means.subquery("seconds").c
    found = session.execute(_by_step(rows, clock, *(func.avg(rows[emotion.value]) for emotion in EMOTIONS))).all()
    return ((lane, step, seconds, means) for lane, step, seconds, *means in found)


def _by_step(rows: Any, clock: Clock, *columns: Any) -> Select[Any]:
    """Return a query for the lane, the step, the number of rows, and `columns` of each point."""
    step = clock.step_of(rows.second).label("step")
    return select(rows.lane, step, func.count(), *columns).group_by(rows.lane, step).order_by(rows.lane, step)


def _marks(second: Any, clock: Clock) -> Any:
    """Return an expression for the sum of one bit for each second of a step: of the same second twice it carries."""
    if not _is_marked(clock):
        return null()
    return func.sum(literal(1).bitwise_lshift(cast(second % (clock.step_ms // SECOND_MS), Integer)))


def _is_marked(clock: Clock) -> bool:
    return clock.step_ms <= _MOST_MARKED * SECOND_MS


def _are_seconds(session: Session, part: Part, found: Sequence[Any], clock: Clock) -> bool:
    """Whether each row that points were made of is a second of its own, by their marks where they have some."""
    if not _is_marked(clock):
        return not part.has_shared_seconds(session)
    return all(marks.bit_count() == rows for _, _, rows, _, marks in found)


def _span(lane: Lane) -> int:
    """Return the whole seconds from the first to the last of a lane."""
    return (lane.last_offset_ms - lane.first_offset_ms) // SECOND_MS
