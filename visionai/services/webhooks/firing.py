"""Firing of rules, in the transaction that commits readings.

A rule holds in a session when at least `people` persons showed `expression` (as their best one, uncertain or not) in
at least `share` of the last `seconds` seconds. These are whole seconds of the session's clock and end with the latest
one that is recorded of anybody; a second in which a person was not seen is one in which they did not show it. A rule
fires when it comes to hold, and again only after it did not.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal, select

from ...contract.webhooks import WebhookEvent
from ...models import PredictionLog, RecordedSession, Rule, RuleHold, SessionPerson
from ...vision.emotions import Emotion
from . import outbox

SECOND_MS = 1000

_SLACK = timedelta(hours=1)
"""How long before the start of a session a row of its may be, by another server's clock."""


def evaluate(connection: Connection, session_ids: Collection[int]) -> None:
    """Evaluate the rules of the owners of sessions that have new readings; one query where they have none."""
    if not session_ids:
        return
    for found in connection.execute(_rules_of(session_ids)).all():
        shown = _shown(connection, found)
        holds, held = len(shown) >= found.people, found.held is not None
        if holds and not held:
            connection.execute(insert(RuleHold).values(rule_id=found.rule_id, session_id=found.session_id))
            _fire(connection, found, shown)
        elif held and not holds:
            connection.execute(_hold(found))


def _rules_of(session_ids: Collection[int]) -> Any:
    rule, recorded, hold = Rule, RecordedSession, RuleHold
    latest = select(func.max(SessionPerson.last_offset_ms)).where(SessionPerson.session_id == recorded.session_id)
    return (
        select(
            *(rule.rule_id, rule.user_id, rule.uid.label("rule_uid"), rule.name),
            *(rule.expression, rule.share, rule.seconds, rule.people),
            *(recorded.session_id, recorded.uid, recorded.title, recorded.participant, recorded.source),
            recorded.started_at,
            latest.scalar_subquery().label("latest"),
            hold.rule_id.label("held"),
        )
        .join(recorded, recorded.user_id == rule.user_id)
        .outerjoin(hold, (hold.rule_id == rule.rule_id) & (hold.session_id == recorded.session_id))
        .where(rule.active, recorded.session_id.in_(session_ids))
        .order_by(recorded.session_id, rule.rule_id)
        # FOR KEY SHARE: a rule is not deleted before its firing is there.
        .with_for_update(read=True, key_share=True, of=rule)
    )


def _shown(connection: Connection, found: Any) -> dict[int, int]:
    """Return the persons who showed the expression of a rule for long enough, and in how many seconds."""
    log = PredictionLog
    last = (found.latest or 0) // SECOND_MS
    second = func.coalesce(log.offset_ms, 0) // literal(SECOND_MS, literal_execute=True)
    seconds = func.count(func.distinct(second))
    enough = max(1, math.ceil(found.share * found.seconds - 1e-9))
    counted = (
        select(log.person, seconds)
        .where(
            log.session_id == found.session_id,
            log.timestamp >= found.started_at - _SLACK,
            log.offset_ms >= (last - found.seconds + 1) * SECOND_MS,
            log.emotion_id == Emotion(found.expression).id,
            log.person.is_not(None),
        )
        .group_by(log.person)
        .having(seconds >= enough)
        .order_by(log.person)
    )
    return {person: count for person, count in connection.execute(counted) if person is not None}


def _hold(found: Any) -> Any:
    return delete(RuleHold).where(RuleHold.rule_id == found.rule_id, RuleHold.session_id == found.session_id)


def _fire(connection: Connection, found: Any, shown: dict[int, int]) -> None:
    rule = {
        "id": str(found.rule_uid),
        "name": found.name,
        "expression": found.expression,
        "share": found.share,
        "seconds": found.seconds,
        "people": found.people,
    }
    data = {
        "rule": rule,
        "session": outbox.session_facts(found),
        "offset_ms": found.latest,
        "people": [{"person": person, "seconds": seconds} for person, seconds in shown.items()],
    }
    outbox.put(connection, found.user_id, WebhookEvent.RULE_FIRED, data, found.session_id)
