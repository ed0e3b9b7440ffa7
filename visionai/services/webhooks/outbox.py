"""The outbox: deliveries of an event, written in the transaction of its cause, so that there are both or neither."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select

from ...contract.webhooks import DeliveryStatus, WebhookEvent
from ...database.types import utc_now
from ...models import RecordedSession, Webhook, WebhookDelivery
from .sending import Failure

MOST_PENDING = 10_000
"""The most deliveries of a webhook that wait; what comes then is written down as failed, and may be retried."""


def new_secret() -> str:
    """Return a secret in the form of Standard Webhooks, of 256 random bits."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


def session_ended(connection: Connection, recorded: RecordedSession) -> None:
    """Tell the owner's webhooks that a session ended, or was lost, as it stands in this transaction."""
    if recorded.user_id is None:
        return
    ended_at = recorded.ended_at.isoformat() if recorded.ended_at else None
    data = session_facts(recorded) | {
        "status": str(recorded.status),
        "started_at": recorded.started_at.isoformat(),
        "ended_at": ended_at,
        "seconds": recorded.seconds,
        "frames": recorded.frames,
        "people_count": recorded.people,
    }
    put(connection, recorded.user_id, WebhookEvent.SESSION_ENDED, {"session": data}, recorded.session_id)


def session_facts(recorded: Any) -> dict[str, Any]:
    """Return what every event says of its session."""
    return {
        "uid": str(recorded.uid),
        "title": recorded.title,
        "participant": recorded.participant,
        "source": recorded.source,
    }


def put(
    connection: Connection, user_id: int, event: WebhookEvent, data: Mapping[str, Any], session_id: int | None = None
) -> None:
    """Write a delivery of an event for each active webhook of a user that wants it."""
    hook = Webhook
    # FOR KEY SHARE: they are not deleted before the deliveries are there, and may be counted on meanwhile.
    theirs = select(hook.webhook_id, hook.events).where(hook.user_id == user_id, hook.active)
    found = connection.execute(theirs.order_by(hook.webhook_id).with_for_update(read=True, key_share=True))
    wanted = [webhook_id for webhook_id, events in found if event in events]
    if wanted:
        _write(connection, wanted, event, data, session_id)


def _write(
    connection: Connection, webhooks: Sequence[int], event: str, data: Mapping[str, Any], session_id: int | None
) -> None:
    now = utc_now()
    body = payload(event, data)
    rows = [
        {
            "uid": uuid4(),
            "webhook_id": webhook_id,
            "session_id": session_id,
            "event": str(event),
            "payload": body,
            "created_at": now,
            **_beginning(full=_is_full(connection, webhook_id)),
        }
        for webhook_id in webhooks
    ]
    connection.execute(insert(WebhookDelivery), rows)


def payload(event: str, data: Mapping[str, Any]) -> str:
    """Return the body of an event."""
    content = {"type": str(event), "timestamp": utc_now().isoformat(), "data": data}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _beginning(*, full: bool) -> dict[str, Any]:
    """Return how a delivery begins: due at once, or failed where too many wait."""
    if full:
        return {"status": DeliveryStatus.FAILED.value, "tries": 0, "next_try_at": None, "error": Failure.BACKLOG.value}
    return {"status": DeliveryStatus.PENDING.value, "tries": 0, "next_try_at": utc_now(), "error": None}


def _is_full(connection: Connection, webhook_id: int) -> bool:
    delivery = WebhookDelivery
    some = select(delivery.delivery_id).where(
        delivery.webhook_id == webhook_id, delivery.status == DeliveryStatus.PENDING.value
    )
    count = connection.scalar(select(func.count()).select_from(some.limit(MOST_PENDING).subquery()))
    return count == MOST_PENDING
