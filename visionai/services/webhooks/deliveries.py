"""Deliveries as the owner of a webhook sees them, tries again, and asks for to try it out."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, tuple_

from ... import concurrency
from ...contract.webhooks import TEST_EVENT, DeliveryStatus
from ...database.sessions import reading, unhurried, writing
from ...database.types import utc_now
from ...errors import NotFound, WebhookInactive
from ...models import WebhookDelivery
from . import outbox
from .webhooks import one_of

KEPT = timedelta(days=30)
"""How long deliveries are shown that nothing more is done with."""

_AT_ONCE = 5000
_PAUSE_SECONDS = 0.01

Place = tuple[datetime, int]


def page(user_id: int, uid: UUID, limit: int, after: Place | None = None) -> tuple[list[WebhookDelivery], Place | None]:
    """Return at most `limit` deliveries of a webhook, newest first, and the place of the last one if more follow.

    `after` is where the page before ended. Raises NotFound.
    """
    delivery = WebhookDelivery
    with reading() as session:
        conditions = [delivery.webhook_id == one_of(session, user_id, uid).webhook_id]
        if after is not None:
            conditions.append(tuple_(delivery.created_at, delivery.delivery_id) < tuple_(*after))
        newest = (delivery.created_at.desc(), delivery.delivery_id.desc())
        rows = list(session.scalars(select(delivery).where(*conditions).order_by(*newest).limit(limit + 1)))
    shown = rows[:limit]
    more = len(rows) > limit
    return shown, (shown[-1].created_at, shown[-1].delivery_id) if more else None


def test(user_id: int, uid: UUID) -> WebhookDelivery:
    """Write a delivery that tries a webhook out; raises NotFound, WebhookInactive."""
    with writing() as session:
        webhook = one_of(session, user_id, uid, lock=True)
        if not webhook.active:
            raise WebhookInactive
        body = outbox.payload(TEST_EVENT, {"webhook": str(uid)})
        now = utc_now()
        made = WebhookDelivery(
            webhook_id=webhook.webhook_id, event=TEST_EVENT, payload=body, created_at=now, next_try_at=now
        )
        session.add(made)
        session.flush()
    return made


def retry(user_id: int, uid: UUID, delivery_uid: UUID) -> WebhookDelivery:
    """Have a delivery tried at once, and from its first try on if it had failed or come through.

    Raises NotFound, WebhookInactive.
    """
    with writing() as session:
        webhook = one_of(session, user_id, uid, lock=True)
        if not webhook.active:
            raise WebhookInactive
        wanted = select(WebhookDelivery).where(
            WebhookDelivery.uid == delivery_uid, WebhookDelivery.webhook_id == webhook.webhook_id
        )
        found = session.scalar(wanted.with_for_update())
        if found is None:
            raise NotFound
        if found.status != DeliveryStatus.PENDING:
            found.status, found.tries, found.delivered_at = DeliveryStatus.PENDING.value, 0, None
        found.next_try_at = utc_now()
    return found


def forget_settled() -> int:
    """Delete deliveries that nothing more is done with after KEPT, and return how many those were."""
    count = 0
    while some := _forget_some(utc_now() - KEPT):
        count += some
        concurrency.sleep(_PAUSE_SECONDS)
    return count


def _forget_some(before: datetime) -> int:
    delivery = WebhookDelivery
    old = select(delivery.delivery_id).where(
        delivery.status != DeliveryStatus.PENDING.value, delivery.created_at < before
    )
    with reading() as session:
        if session.scalar(old.limit(1)) is None:
            return 0
    with writing() as session:
        unhurried(session.connection())
        return (
            session.connection().execute(delete(delivery).where(delivery.delivery_id.in_(old.limit(_AT_ONCE)))).rowcount
        )
