"""What people write about a recorded session: its texts, and the labels of its people."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from ...database.sessions import writing
from ...errors import N_, ValidationFailed
from ...models import RecordedSession, SessionPerson
from .runs import locked

TEXTS = ("title", "participant", "notes")


def edit(
    recorded: RecordedSession, texts: Mapping[str, str | None], labels: Mapping[int, str | None] | None = None
) -> RecordedSession:
    """Set the TEXTS that are given and the labels of people by their number, and return the session; None clears one.

    All of it or nothing: raises ValidationFailed where the session has nobody of a number, NotFound where it is gone.
    """
    with writing() as session:
        found = locked(session, recorded.session_id)
        for name in TEXTS:
            if name in texts:
                setattr(found, name, texts[name])
        for person, label in (labels or {}).items():
            _label(session, found, person, label)
    return found


def _label(session: Session, found: RecordedSession, person: int, label: str | None) -> None:
    named = update(SessionPerson).where(SessionPerson.session_id == found.session_id, SessionPerson.person == person)
    if session.connection().execute(named.values(label=label)).rowcount == 0:
        raise ValidationFailed({"people": [N_("This session has nobody of that number.")]})
