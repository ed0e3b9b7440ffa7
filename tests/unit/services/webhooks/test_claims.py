"""Claims on due deliveries, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.unit.services.sessions.conftest import Clock
from tests.unit.services.webhooks.conftest import refreshed
from visionai.database.sessions import reading
from visionai.errors import WebhookInactive
from visionai.models import AuditEntry, Webhook, WebhookDelivery
from visionai.services.webhooks import claims, deliveries, outbox, webhooks
from visionai.services.webhooks.sending import Failure, Outcome, Parcel

pytestmark = pytest.mark.databases

Deliveries = Callable[[], list[WebhookDelivery]]
LEASE = timedelta(seconds=35)
DELIVERED = Outcome(200, None, 12)
FAILED = Outcome(500, Failure.STATUS, 12)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (claims, deliveries, outbox):
        monkeypatch.setattr(module, "utc_now", clock)
    return clock


def claimed() -> list[Parcel]:
    """Claim all that is due."""
    return claims.claim([one.delivery_id for one in claims.due(100)], LEASE)


def test_a_delivery_is_claimed_once(user_id: int, webhook: Webhook, clock: Clock) -> None:
    made = deliveries.test(user_id, webhook.uid)
    ids = [one.delivery_id for one in claims.due(100)]
    [parcel] = claims.claim(ids, LEASE)
    assert (parcel.uid, parcel.tries, parcel.url, parcel.secret) == (made.uid, 1, webhook.url, webhook.secret)
    assert claims.claim(ids, LEASE) == []
    assert claims.due(100) == []


def test_what_a_killed_process_had_claimed_comes_back(user_id: int, webhook: Webhook, clock: Clock) -> None:
    deliveries.test(user_id, webhook.uid)
    claimed()
    clock.pass_by(seconds=LEASE.total_seconds() + 1)
    [parcel] = claimed()
    assert parcel.tries == 2


def test_who_settles_too_late_changes_nothing(user_id: int, webhook: Webhook, clock: Clock, told: Deliveries) -> None:
    deliveries.test(user_id, webhook.uid)
    [late] = claimed()
    clock.pass_by(seconds=LEASE.total_seconds() + 1)
    [parcel] = claimed()
    claims.settle([(late, FAILED)])
    claims.settle([(parcel, DELIVERED)])
    [delivery] = told()
    assert (delivery.status, delivery.tries, delivery.last_status, delivery.took_ms) == ("delivered", 2, 200, 12)
    assert (delivery.error, delivery.next_try_at, delivery.delivered_at) == (None, None, clock.now)


def test_the_tries_are_eight_within_a_day(user_id: int, webhook: Webhook, clock: Clock, told: Deliveries) -> None:
    deliveries.test(user_id, webhook.uid)
    began, moments = clock.now, list[datetime]()
    while (due_at := told()[0].next_try_at) is not None:
        clock.now = due_at
        moments.append(due_at)
        claims.settle([(parcel, FAILED) for parcel in claimed()])
    assert len(moments) == 8
    assert moments == sorted(moments)
    assert timedelta(hours=18) < moments[-1] - began <= timedelta(hours=24)
    [delivery] = told()
    assert (delivery.status, delivery.last_status, delivery.error) == ("failed", 500, "status")


def spend(clock: Clock, told: Deliveries, outcome: Outcome = FAILED) -> None:
    """Fail every try of the newest delivery."""
    while (due_at := told()[-1].next_try_at) is not None:
        clock.now = max(clock.now, due_at)
        claims.settle([(parcel, outcome) for parcel in claimed()])


def test_a_webhook_to_which_nothing_comes_through_is_switched_off_and_that_is_written_down(
    user_id: int, webhook: Webhook, clock: Clock, told: Deliveries
) -> None:
    deliveries.test(user_id, webhook.uid)
    spend(clock, told)
    found = refreshed(webhook)
    assert (found.active, found.disabled_reason, found.failures) == (False, "failing", 8)
    with reading() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.audit_id.desc()).limit(1)).one()
    assert (entry.action, entry.actor, entry.target_id) == ("webhook.switched_off", "server", str(webhook.uid))
    assert entry.details == {"reason": "failing"}


def test_one_to_which_something_came_through_meanwhile_stays_on(
    user_id: int, webhook: Webhook, clock: Clock, told: Deliveries
) -> None:
    deliveries.test(user_id, webhook.uid)
    claims.settle([(parcel, FAILED) for parcel in claimed()])
    clock.pass_by(seconds=1)
    deliveries.test(user_id, webhook.uid)
    claims.settle([(parcel, DELIVERED) for parcel in claimed()])
    assert refreshed(webhook).failures == 0
    while (due_at := told()[0].next_try_at) is not None:
        clock.now = due_at
        claims.settle([(parcel, FAILED) for parcel in claimed()])
    assert refreshed(webhook).active is True


def test_a_receiver_that_is_gone_is_switched_off_at_once_and_what_waits_fails(
    user_id: int, webhook: Webhook, clock: Clock, told: Deliveries
) -> None:
    for _ in range(2):
        deliveries.test(user_id, webhook.uid)
    first, second = claimed()
    claims.settle([(first, Outcome(410, Failure.STATUS, 3))])
    assert (refreshed(webhook).active, refreshed(webhook).disabled_reason) == (False, "gone")
    assert [(one.status, one.error) for one in told()] == [("failed", "status"), ("failed", "webhook_inactive")]
    claims.settle([(second, DELIVERED)])
    assert told()[1].status == "failed"
    with pytest.raises(WebhookInactive):
        deliveries.retry(user_id, webhook.uid, first.uid)


def test_a_failed_delivery_may_be_tried_again_from_its_first_try_on(
    user_id: int, webhook: Webhook, clock: Clock, told: Deliveries
) -> None:
    made = deliveries.test(user_id, webhook.uid)
    spend(clock, told)
    assert webhooks.change(user_id, webhook.uid, {"active": True}).failures == 0
    again = deliveries.retry(user_id, webhook.uid, made.uid)
    assert (again.status, again.tries, again.next_try_at) == ("pending", 0, clock.now)
    [parcel] = claimed()
    assert (parcel.uid, parcel.tries) == (made.uid, 1)


def test_webhooks_take_turns(user_id: int, webhook: Webhook, clock: Clock) -> None:
    for _ in range(6):
        deliveries.test(user_id, webhook.uid)
    other = webhooks.create(user_id, "https://example.org/other", ["session.ended"])
    deliveries.test(user_id, other.uid)
    found = [one.webhook_id for one in claims.due(100)]
    assert found[:2] == [webhook.webhook_id, other.webhook_id]
    assert found[2:] == [webhook.webhook_id] * (claims.PER_WEBHOOK - 1)


def test_what_is_done_with_is_forgotten_after_a_month(
    user_id: int, webhook: Webhook, clock: Clock, told: Deliveries
) -> None:
    deliveries.test(user_id, webhook.uid)
    claims.settle([(parcel, DELIVERED) for parcel in claimed()])
    waiting = deliveries.test(user_id, webhook.uid)
    clock.pass_by(days=31)
    assert deliveries.forget_settled() == 1
    assert [one.uid for one in told()] == [waiting.uid]


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Deliveries:
    found: Deliveries = request.getfixturevalue("deliveries")
    return found
