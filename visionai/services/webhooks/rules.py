"""Rules of a user: made, looked at, changed, deleted. What they mean is in `firing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import delete as delete_rows
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...database.sessions import reading, writing
from ...errors import NotFound, TooManyRules
from ...models import Rule, RuleHold
from ..audit import trail
from ..audit.trail import AuditAction, Target, TargetKind
from .webhooks import own_account

MOST_RULES = 20
"""The most rules of a user, each of which is evaluated with every second that is recorded of their sessions."""


def create(user_id: int, **fields: Any) -> Rule:
    """Make a rule and return it; raises TooManyRules, InvalidToken."""
    made = Rule(user_id=user_id, **fields)
    with writing() as session:
        own_account(session, user_id)
        count = select(func.count()).select_from(Rule).where(Rule.user_id == user_id)
        if (session.scalar(count) or 0) >= MOST_RULES:
            raise TooManyRules(limit=MOST_RULES)
        session.add(made)
        session.flush()
        _note(session, AuditAction.RULE_CREATED, made)
    return made


def owned(user_id: int) -> list[Rule]:
    """Return the rules of a user, the oldest first."""
    with reading() as session:
        return list(session.scalars(select(Rule).where(Rule.user_id == user_id).order_by(Rule.rule_id)))


def find(user_id: int, uid: UUID) -> Rule:
    """Return a rule of a user; raises NotFound, for those of others as well."""
    with reading() as session:
        return _one_of(session, user_id, uid)


def change(user_id: int, uid: UUID, changes: Mapping[str, Any]) -> Rule:
    """Change a rule, which is then evaluated anew in every session; raises NotFound."""
    with writing() as session:
        found = _one_of(session, user_id, uid, lock=True)
        for name, value in changes.items():
            setattr(found, name, value)
        session.execute(delete_rows(RuleHold).where(RuleHold.rule_id == found.rule_id))
        _note(session, AuditAction.RULE_CHANGED, found, {"changed": " ".join(sorted(changes))})
    return found


def delete(user_id: int, uid: UUID) -> None:
    """Delete a rule; raises NotFound."""
    with writing() as session:
        found = _one_of(session, user_id, uid, lock=True)
        _note(session, AuditAction.RULE_DELETED, found)
        session.delete(found)


def _one_of(session: Session, user_id: int, uid: UUID, *, lock: bool = False) -> Rule:
    wanted = select(Rule).where(Rule.uid == uid, Rule.user_id == user_id)
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found


def _note(session: Session, action: AuditAction, rule: Rule, details: trail.Details = None) -> None:
    trail.record(session, action, Target(TargetKind.RULE, str(rule.uid)), details)
