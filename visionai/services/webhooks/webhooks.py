"""Webhooks of a user: made, looked at, changed, deleted, switched off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ...contract.webhooks import DeliveryStatus, DisabledReason
from ...database.sessions import reading, writing
from ...errors import InvalidToken, NotFound, TooManyWebhooks
from ...models import User, Webhook, WebhookDelivery
from ..audit import trail
from ..audit.trail import AuditAction, Target, TargetKind
from . import targets
from .outbox import new_secret
from .sending import Failure

MOST_WEBHOOKS = 20
"""The most webhooks of a user."""


def create(user_id: int, url: str, events: Sequence[str], description: str | None = None) -> Webhook:
    """Make a webhook and return it, its secret included; raises ValidationFailed, TooManyWebhooks, InvalidToken."""
    _check(url)
    made = Webhook(user_id=user_id, url=url, events=sorted(set(events)), description=description, secret=new_secret())
    with writing() as session:
        own_account(session, user_id)
        count = select(func.count()).select_from(Webhook).where(Webhook.user_id == user_id)
        if (session.scalar(count) or 0) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(limit=MOST_WEBHOOKS)
        session.add(made)
        session.flush()
        _note(session, AuditAction.WEBHOOK_CREATED, made, {"events": " ".join(made.events)})
    return made


def owned(user_id: int) -> list[Webhook]:
    """Return the webhooks of a user, the oldest first."""
    with reading() as session:
        theirs = select(Webhook).where(Webhook.user_id == user_id).order_by(Webhook.webhook_id)
        return list(session.scalars(theirs))


def find(user_id: int, uid: UUID) -> Webhook:
    """Return a webhook of a user; raises NotFound, for those of others as well."""
    with reading() as session:
        return one_of(session, user_id, uid)


def one_of(session: Session, user_id: int, uid: UUID, *, lock: bool = False) -> Webhook:
    """Return a webhook of a user, with `lock` unchanged by others until the transaction ends; raises NotFound."""
    wanted = select(Webhook).where(Webhook.uid == uid, Webhook.user_id == user_id)
    found = session.scalar(wanted.with_for_update(key_share=True) if lock else wanted)
    if found is None:
        raise NotFound
    return found


def change(user_id: int, uid: UUID, changes: Mapping[str, Any]) -> Webhook:
    """Change address, events, description, or whether it is on; raises NotFound, ValidationFailed.

    One that is turned off gets nothing: what was still to be sent fails, and may be retried once it is on.
    """
    if "url" in changes:
        _check(changes["url"])
    with writing() as session:
        found = one_of(session, user_id, uid, lock=True)
        for name in ("url", "description"):
            if name in changes:
                setattr(found, name, changes[name])
        if "events" in changes:
            found.events = sorted(set(changes["events"]))
        if changes.get("active") is True and not found.active:
            found.active, found.disabled_reason, found.failures = True, None, 0
        elif changes.get("active") is False and found.active:
            _turn_off(session, found, DisabledReason.OWNER)
        _note(session, AuditAction.WEBHOOK_CHANGED, found, {"changed": " ".join(sorted(changes))})
    return found


def delete(user_id: int, uid: UUID) -> None:
    """Delete a webhook with its deliveries; raises NotFound."""
    with writing() as session:
        found = one_of(session, user_id, uid, lock=True)
        _note(session, AuditAction.WEBHOOK_DELETED, found)
        session.delete(found)


def switch_off(session: Session, found: Webhook, reason: DisabledReason) -> None:
    """Switch off a webhook that deliveries do not come through to, and write that down."""
    _turn_off(session, found, reason)
    _note(session, AuditAction.WEBHOOK_SWITCHED_OFF, found, {"reason": str(reason)})


def own_account(session: Session, user_id: int) -> None:
    """Let nobody else add to what an account has until the transaction ends; raises InvalidToken where it is gone."""
    account = session.get(User, user_id, with_for_update={"key_share": True})
    if account is None or account.deletion_requested_at is not None:
        raise InvalidToken


def _turn_off(session: Session, found: Webhook, reason: DisabledReason) -> None:
    found.active, found.disabled_reason = False, reason.value
    delivery = WebhookDelivery
    waiting = (delivery.webhook_id == found.webhook_id, delivery.status == DeliveryStatus.PENDING.value)
    failed = {"status": DeliveryStatus.FAILED.value, "next_try_at": None, "error": Failure.INACTIVE.value}
    session.flush()
    session.execute(update(delivery).where(*waiting).values(failed).execution_options(synchronize_session=False))


def _check(url: str) -> None:
    targets.parse(url, private=current_app.config["WEBHOOK_PRIVATE_TARGETS"])


def _note(session: Session, action: AuditAction, webhook: Webhook, details: trail.Details = None) -> None:
    trail.record(session, action, Target(TargetKind.WEBHOOK, str(webhook.uid)), details)
