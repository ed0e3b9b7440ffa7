"""Claims on due deliveries, and what becomes of them: delivered, tried again later, or failed.

A claim counts the try and makes the next one due behind it, so that what a killed process had claimed comes back by
itself: at least once. Whoever settles names the try, so that a claim that took too long changes nothing any more.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from ...contract.webhooks import DeliveryStatus, DisabledReason
from ...database.sessions import reading, writing
from ...database.types import utc_now
from ...models import Webhook, WebhookDelivery
from .sending import GONE, Failure, Outcome, Parcel
from .webhooks import switch_off

DELAYS = (10, 60, 600, 3600, 4 * 3600, 8 * 3600, 10 * 3600)
"""Seconds from each failed try to the next: 8 tries within 24 hours."""

MOST_TRIES = len(DELAYS) + 1
JITTER = 0.8
"""A pause is from this share of its length to all of it, so that what failed together does not come back together."""

PER_WEBHOOK = 4
"""How many deliveries of one webhook are candidates at once."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A delivery that is due, and whether its webhook's last try failed."""

    delivery_id: int
    webhook_id: int
    failing: bool


def due(limit: int) -> list[Candidate]:
    """Return deliveries that are due, a few of each webhook, those of each webhook in turns."""
    delivery = WebhookDelivery
    order = (delivery.next_try_at, delivery.delivery_id)
    turn = func.row_number().over(partition_by=delivery.webhook_id, order_by=order)
    ranked = (
        select(*order, delivery.webhook_id, (Webhook.failures > 0).label("failing"), turn.label("turn"))
        .join(Webhook, Webhook.webhook_id == delivery.webhook_id)
        .where(*_due(), Webhook.active)
        .subquery()
    )
    with reading() as session:
        if session.scalar(select(delivery.delivery_id).where(*_due()).limit(1)) is None:
            return []
        found = session.execute(
            select(ranked.c.delivery_id, ranked.c.webhook_id, ranked.c.failing)
            .where(ranked.c.turn <= PER_WEBHOOK)
            .order_by(ranked.c.turn, ranked.c.next_try_at)
            .limit(limit)
        )
        return [Candidate(*row) for row in found]


def claim(delivery_ids: Collection[int], lease: timedelta) -> list[Parcel]:
    """Claim those of the deliveries that nobody else has claimed, and return what to send.

    They are due again after `lease`, unless it was settled before what came of them.
    """
    delivery, now = WebhookDelivery, utc_now()
    free = select(delivery.delivery_id).where(delivery.delivery_id.in_(delivery_ids), *_due())
    claimed = (
        update(delivery)
        .where(delivery.delivery_id.in_(free.with_for_update(skip_locked=True)))
        .values(tries=delivery.tries + 1, next_try_at=now + lease)
        .returning(delivery.delivery_id, delivery.webhook_id, delivery.tries, delivery.uid, delivery.payload)
        .execution_options(synchronize_session=False)
    )
    with writing() as session:
        rows = session.execute(claimed).all()
        ids = {row.webhook_id for row in rows}
        hooks = {hook.webhook_id: hook for hook in session.scalars(select(Webhook).where(Webhook.webhook_id.in_(ids)))}
    return [
        Parcel(*row[:4], hook.url, hook.secret, row.payload, hook.failures > 0)
        for row in rows
        if (hook := hooks.get(row.webhook_id)) is not None
    ]


def settle(results: Iterable[tuple[Parcel, Outcome]]) -> None:
    """Write down what came of tries."""
    by_webhook = sorted(results, key=lambda result: (result[0].webhook_id, result[0].delivery_id))
    ids = sorted({parcel.webhook_id for parcel, _ in by_webhook})
    if not ids:
        return
    # Webhooks first and in one order, so that those who settle wait for each other and never in a circle.
    locked = select(Webhook).where(Webhook.webhook_id.in_(ids)).order_by(Webhook.webhook_id)
    with writing() as session:
        hooks = {hook.webhook_id: hook for hook in session.scalars(locked.with_for_update(key_share=True))}
        for parcel, outcome in by_webhook:
            if hook := hooks.get(parcel.webhook_id):
                _settle(session, hook, parcel, outcome)


def _settle(session: Session, hook: Webhook, parcel: Parcel, outcome: Outcome) -> None:
    delivery = WebhookDelivery
    mine = (delivery.delivery_id == parcel.delivery_id, delivery.tries == parcel.tries)
    found = session.scalar(
        select(delivery).where(*mine, delivery.status == DeliveryStatus.PENDING.value).with_for_update()
    )
    if found is None:
        return
    found.last_status, found.took_ms, found.error = outcome.status, outcome.took_ms, outcome.failure
    if outcome.failure is None:
        found.status, found.next_try_at = DeliveryStatus.DELIVERED.value, None
        found.delivered_at = hook.last_delivered_at = utc_now()
        hook.failures = 0
    else:
        hook.failures += 1
        _fail(session, hook, found, outcome)


def _fail(session: Session, hook: Webhook, found: WebhookDelivery, outcome: Outcome) -> None:
    """Have a delivery tried again, or give it up, and its webhook with it where nothing else came through either."""
    if outcome.status != GONE and found.tries < MOST_TRIES:
        pause = DELAYS[found.tries - 1] * random.uniform(JITTER, 1.0)  # noqa: S311 - nobody gains by guessing it
        found.next_try_at = utc_now() + timedelta(seconds=pause)
        return
    found.status, found.next_try_at = DeliveryStatus.FAILED.value, None
    if outcome.status == GONE:
        switch_off(session, hook, DisabledReason.GONE)
    elif hook.last_delivered_at is None or hook.last_delivered_at < found.created_at:
        switch_off(session, hook, DisabledReason.FAILING)


def _due() -> Sequence[ColumnElement[bool]]:
    delivery = WebhookDelivery
    return (delivery.status == DeliveryStatus.PENDING.value, delivery.next_try_at <= utc_now())


def internal() -> Outcome:
    """Return the outcome of a try that broke in our own hands."""
    return Outcome(failure=Failure.INTERNAL)
