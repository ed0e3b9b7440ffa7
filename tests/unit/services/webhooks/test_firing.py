"""Rules: when they come to hold, how often they fire."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.support.readings import Reading, record
from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import an_identity
from visionai.database.sessions import reading
from visionai.extensions import db
from visionai.models import RecordedSession, Rule, RuleHold, Webhook, WebhookDelivery
from visionai.services.privacy import erasure
from visionai.services.sessions import runs
from visionai.services.webhooks import rules

pytestmark = pytest.mark.databases

Deliveries = Callable[[], list[WebhookDelivery]]


@pytest.fixture
def session(user_id: int) -> RecordedSession:
    return runs.start(an_identity(user_id), title="Lunch").session


def a_rule(user_id: int, **changes: Any) -> Rule:
    """Somebody was happy for half of the last four seconds."""
    fields = {"name": "Happy", "expression": "happy", "share": 0.5, "seconds": 4, "people": 1}
    return rules.create(user_id, **{**fields, **changes})


def seen(*expressions: str, since: int = 0, person: int = 1) -> Iterable[Reading]:
    """Readings of one person, one a second; "" is a second without one."""
    return [
        Reading(1000 * second, person, expression) for second, expression in enumerate(expressions, since) if expression
    ]


def holds() -> int:
    """How many rules hold in how many sessions."""
    with reading() as session:
        return len(session.scalars(select(RuleHold)).all())


def test_it_fires_once_the_share_is_reached(
    user_id: int, webhook: Webhook, session: RecordedSession, deliveries: Deliveries
) -> None:
    rule = a_rule(user_id)
    record(session, seen("sad", "happy"))
    assert deliveries() == []
    record(session, seen("sad", "happy", since=2))
    [delivery] = deliveries()
    assert (delivery.event, delivery.session_id) == ("rule.fired", session.session_id)
    assert json.loads(delivery.payload)["data"] == {
        "rule": {
            "id": str(rule.uid),
            "name": "Happy",
            "expression": "happy",
            "share": 0.5,
            "seconds": 4,
            "people": 1,
        },
        "session": {"uid": str(session.uid), "title": "Lunch", "participant": None, "source": "camera"},
        "offset_ms": 3000,
        "people": [{"person": 1, "seconds": 2}],
    }


def test_it_fires_again_only_after_it_did_not_hold(
    user_id: int, webhook: Webhook, session: RecordedSession, deliveries: Deliveries
) -> None:
    a_rule(user_id)
    record(session, seen("happy", "happy"))
    record(session, seen("happy", "happy", since=2))
    assert len(deliveries()) == 1
    record(session, seen("sad", "sad", "sad", since=4))
    record(session, seen("happy", since=7))
    assert len(deliveries()) == 1
    record(session, seen("happy", since=8))
    assert len(deliveries()) == 2


@pytest.mark.parametrize(
    ("changes", "readings", "fires"),
    [
        ({"share": 1.0}, seen("happy", "happy", "happy", "happy"), True),
        ({"share": 1.0}, seen("happy", "happy", "happy", "sad"), False),
        ({"share": 1.0}, seen("happy", "happy", "happy", since=10), False),
        ({"share": 0.3, "seconds": 10}, seen("happy", "happy", "happy"), True),
        ({"share": 0.31, "seconds": 10}, seen("happy", "happy", "happy"), False),
        ({"share": 0.01}, seen("sad"), False),
        ({"share": 0.01}, seen("happy", "sad", "sad", "sad"), True),
        ({"share": 0.01}, seen("happy", "sad", "sad", "sad", "sad"), False),
        ({"share": 0.5}, seen("happy", "happy", "", "", "", "", "sad"), False),
        ({}, seen("happy", "", "", "happy"), True),
        ({"people": 2}, seen("happy", "happy"), False),
        ({"people": 2}, [*seen("happy", "happy"), *seen("happy", "happy", person=2)], True),
        ({"people": 2}, [*seen("happy", "happy"), *seen("happy", "sad", person=2)], False),
        ({"expression": "sad"}, seen("happy", "happy"), False),
        ({"active": False}, seen("happy", "happy"), False),
    ],
)
def test_it_holds_where_enough_people_showed_it_for_long_enough(
    user_id: int,
    webhook: Webhook,
    session: RecordedSession,
    deliveries: Deliveries,
    changes: dict[str, Any],
    readings: list[Reading],
    fires: bool,
) -> None:
    a_rule(user_id, **changes)
    record(session, readings)
    assert [one.event for one in deliveries()] == ["rule.fired"] * fires


def test_a_second_that_came_in_two_rows_is_one(
    user_id: int, webhook: Webhook, session: RecordedSession, deliveries: Deliveries
) -> None:
    a_rule(user_id)
    record(session, [Reading(0), Reading(300), Reading(900)])
    assert deliveries() == []


def test_each_session_is_looked_at_by_itself(
    user_id: int, webhook: Webhook, session: RecordedSession, deliveries: Deliveries
) -> None:
    a_rule(user_id)
    other = runs.start(an_identity(user_id)).session
    record(session, seen("happy"))
    record(other, seen("happy"))
    assert deliveries() == []
    record(other, seen("happy", since=1))
    assert [one.session_id for one in deliveries()] == [other.session_id]


def test_sessions_of_others_are_not_looked_at(user_id: int, webhook: Webhook, deliveries: Deliveries) -> None:
    a_rule(user_id)
    record(runs.start(None).session, seen("happy", "happy"))
    record(runs.start(an_identity(make_user("otra"))).session, seen("happy", "happy"))
    assert deliveries() == []


def test_a_changed_rule_is_looked_at_anew(
    user_id: int, webhook: Webhook, session: RecordedSession, deliveries: Deliveries
) -> None:
    rule = a_rule(user_id)
    record(session, seen("happy", "happy"))
    rules.change(user_id, rule.uid, {"share": 0.75})
    record(session, seen("happy", since=2))
    assert len(deliveries()) == 2


def test_a_rule_and_a_session_may_go_while_it_holds(user_id: int, session: RecordedSession) -> None:
    rules_of_theirs = [a_rule(user_id), a_rule(user_id)]
    record(session, seen("happy", "happy"))
    assert holds() == 2
    rules.delete(user_id, rules_of_theirs[0].uid)
    erasure.delete_session(session)
    assert holds() == 0


def test_rows_of_who_has_no_rules_cost_one_query(session: RecordedSession) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    record(session, seen("happy", "happy"))
    assert sum("rules" in statement for statement in asked) == 1
    assert not any("rule_holds" in statement and "INSERT" in statement for statement in asked)
