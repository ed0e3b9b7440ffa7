"""Writing the audit log: a row in the transaction of what it speaks of, so that there is both or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from ...database.sessions import writing
from ...models import AuditAction as AuditAction
from ...models import AuditEntry, User
from ...models import TargetKind as TargetKind
from . import acting
from .acting import Actor

Fact = str | int | float | bool | None
"""What may stand in the details of a row: never a secret, a picture, or a text of a user's."""

Details = Mapping[str, Fact] | None

MOST_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Target:
    """What something was done on; `name` is a user's."""

    kind: TargetKind
    id: str
    name: str | None = None

    @classmethod
    def of_user(cls, user: User) -> Target:
        """Return a user as a target."""
        return cls(TargetKind.USER, str(user.user_id), user.username)

    @classmethod
    def of_version(cls, tag: str) -> Target:
        """Return a version, or VERSION+CALIBRATION, as a target."""
        return cls(TargetKind.VERSION, tag)


def record(
    session: Session, action: AuditAction, on: Target | None = None, details: Details = None, by: Actor | None = None
) -> None:
    """Write down what was done, within the transaction of `session`; `by` is who acts now unless it is said."""
    actor = by or acting.current()
    session.add(
        AuditEntry(
            action=action,
            actor=actor.kind,
            actor_id=actor.user_id,
            actor_name=actor.name,
            target=on.kind if on else None,
            target_id=on.id[:MOST_CHARACTERS] if on else None,
            target_name=on.name if on else None,
            source_ip=actor.address,
            details={name: _bounded(value) for name, value in (details or {}).items()},
        )
    )


def note(action: AuditAction, on: Target | None = None, details: Details = None) -> None:
    """Write down what was done in a transaction of its own, for what changes nothing else."""
    with writing() as session:
        record(session, action, on, details)


def blank_names(session: Session, user_id: int) -> None:
    """Blank the name and the addresses of a user who is being erased, within the transaction that says so.

    The triggers of the table let this through for users who are gone, or whose deletion was requested.
    """
    entry = AuditEntry
    session.flush()
    session.execute(update(entry).where(entry.actor_id == user_id).values(actor_name=None, source_ip=None))
    theirs = (entry.target == TargetKind.USER, entry.target_id == str(user_id))
    session.execute(update(entry).where(*theirs).values(target_name=None))


def _bounded(value: Fact) -> Fact:
    return value[:MOST_CHARACTERS] if isinstance(value, str) else value
