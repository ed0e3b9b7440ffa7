"""The people of a recorded session: those with the same label are one lane."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...contract.sessions import Lane
from ...errors import N_, ValidationFailed
from ...models import RecordedSession, SessionPerson

Span = tuple[int, int]
"""A stretch of a session, in milliseconds since its start: the first of them inclusive, the last exclusive."""


def lanes_of(session: Session, recorded: RecordedSession) -> list[Lane]:
    """Return the lanes of a session by their lowest number."""
    people = select(SessionPerson).where(SessionPerson.session_id == recorded.session_id)
    lanes: dict[object, list[SessionPerson]] = {}
    for person in session.scalars(people.order_by(SessionPerson.person)):
        lanes.setdefault(person.person if person.label is None else person.label, []).append(person)
    return [_lane(people) for people in lanes.values()]


def chosen(lanes: Sequence[Lane], person: str | None) -> list[Lane]:
    """Return the lane that a number or, where there is none of that number, a label names; all where it is None.

    Raises ValidationFailed where there is no such lane.
    """
    if person is None:
        return list(lanes)
    number = int(person) if person.isascii() and person.isdigit() and len(person) < 10 else None
    named = [lane for lane in lanes if number in lane.persons] or [lane for lane in lanes if lane.label == person]
    if not named:
        raise ValidationFailed({"person": [N_("This session has nobody of that number or label.")]})
    return named


def end_of(lanes: Iterable[Lane]) -> int:
    """Return the offset at which somebody was seen last, in milliseconds; 0 where nobody was."""
    return max((lane.last_offset_ms for lane in lanes), default=0)


def cut(lane: Lane, span: Span) -> Lane:
    """Return a lane with at most the seconds that it may have in a stretch."""
    first, last = max(lane.first_offset_ms, span[0]), min(lane.last_offset_ms, span[1] - 1)
    seconds = min(lane.seconds, last // 1000 - first // 1000 + 1) if first <= last else 0
    return replace(lane, first_offset_ms=first, last_offset_ms=max(first, last), seconds=seconds)


def _lane(people: Sequence[SessionPerson]) -> Lane:
    return Lane(
        person=people[0].person,
        persons=tuple(person.person for person in people),
        label=people[0].label,
        first_offset_ms=min(person.first_offset_ms for person in people),
        last_offset_ms=max(person.last_offset_ms for person in people),
        seconds=sum(person.seconds for person in people),
    )
