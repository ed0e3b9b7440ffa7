"""The outbox: deliveries in the transaction of their cause."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.unit.services.conftest import make_user
from tests.unit.services.sessions.conftest import Clock, an_identity
from visionai.database.sessions import writing
from visionai.extensions import db
from visionai.models import Webhook, WebhookDelivery
from visionai.services.privacy import erasure
from visionai.services.sessions import runs
from visionai.services.webhooks import outbox, webhooks

pytestmark = pytest.mark.databases

Deliveries = Callable[[], list[WebhookDelivery]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(runs, "utc_now", clock)
    return clock


def test_the_end_of_a_session_is_told(user_id: int, webhook: Webhook, deliveries: Deliveries) -> None:
    session = runs.start(an_identity(user_id), title="=1+1 <b>", participant="P1", notes="private").session
    runs.end(session.session_id)
    runs.end(session.session_id)
    [delivery] = deliveries()
    assert (delivery.webhook_id, delivery.event, delivery.status) == (webhook.webhook_id, "session.ended", "pending")
    payload = json.loads(delivery.payload)
    assert payload.keys() == {"type", "timestamp", "data"}
    assert payload["type"] == "session.ended"
    told = payload["data"]["session"]
    assert told["uid"] == str(session.uid)
    assert (told["title"], told["participant"], told["status"]) == ("=1+1 <b>", "P1", "ended")
    assert (told["seconds"], told["frames"], told["people_count"]) == (0, 0, 0)
    assert told["started_at"] < told["ended_at"]
    assert "private" not in delivery.payload


def test_a_lost_session_is_told_too(user_id: int, webhook: Webhook, deliveries: Deliveries, clock: Clock) -> None:
    for _ in range(2):
        runs.start(an_identity(user_id))
    runs.start(None)
    clock.pass_by(seconds=71)
    assert runs.sweep() == 3
    told = [json.loads(delivery.payload)["data"]["session"] for delivery in deliveries()]
    assert [one["status"] for one in told] == ["lost", "lost"]


def test_a_cause_that_is_taken_back_takes_its_deliveries_with_it(
    user_id: int, webhook: Webhook, deliveries: Deliveries
) -> None:
    session = runs.start(an_identity(user_id)).session

    def end_and_fail() -> None:
        with writing() as changes:
            outbox.session_ended(changes.connection(), runs.locked(changes, session.session_id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        end_and_fail()
    assert deliveries() == []


def test_only_who_wants_an_event_is_told(user_id: int, webhook: Webhook, deliveries: Deliveries) -> None:
    webhooks.create(user_id, "https://example.org/rules", ["rule.fired"])
    webhooks.create(make_user("otra"), "https://example.org/other", ["session.ended"])
    off = webhooks.create(user_id, "https://example.org/off", ["session.ended"])
    webhooks.change(user_id, off.uid, {"active": False})
    runs.end(runs.start(an_identity(user_id)).session.session_id)
    runs.end(runs.start(None).session.session_id)
    assert [delivery.webhook_id for delivery in deliveries()] == [webhook.webhook_id]


def test_what_is_too_many_is_written_down_as_failed(
    user_id: int, webhook: Webhook, deliveries: Deliveries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "MOST_PENDING", 2)
    for _ in range(3):
        runs.end(runs.start(an_identity(user_id)).session.session_id)
    assert [(one.status, one.error) for one in deliveries()] == [
        ("pending", None),
        ("pending", None),
        ("failed", "backlog_full"),
    ]


def test_what_was_told_of_a_session_goes_with_it(user_id: int, webhook: Webhook, deliveries: Deliveries) -> None:
    session = runs.start(an_identity(user_id)).session
    runs.end(session.session_id)
    erasure.delete_session(session)
    assert deliveries() == []


def test_a_deleted_user_leaves_no_webhook(user_id: int, webhook: Webhook, deliveries: Deliveries) -> None:
    runs.end(runs.start(an_identity(user_id)).session.session_id)
    erasure.delete_user(user_id)
    assert deliveries() == []
    assert db.session.query(Webhook).count() == 0
