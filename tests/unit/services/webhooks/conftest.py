"""Webhooks and what is sent to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from visionai.database.sessions import reading
from visionai.models import Webhook, WebhookDelivery
from visionai.services.webhooks import webhooks
from visionai.services.webhooks.outbox import new_secret
from visionai.services.webhooks.sending import Parcel

ALL = ["session.ended", "rule.fired"]


@pytest.fixture
def webhook(user_id: int) -> Webhook:
    """A webhook of "usuario" for everything."""
    return webhooks.create(user_id, "https://example.org/hook", ALL)


@pytest.fixture
def deliveries(app: Flask) -> Callable[[], list[WebhookDelivery]]:
    """Return all deliveries there are, the oldest first."""

    def found() -> list[WebhookDelivery]:
        with reading() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.delivery_id)))

    return found


def a_parcel(url: str, **changes: Any) -> Parcel:
    """A parcel to that address."""
    fields = {"delivery_id": 1, "webhook_id": 1, "tries": 1, "uid": uuid4(), "secret": new_secret(), "payload": "{}"}
    return Parcel(**{**fields, "url": url, **changes})


def refreshed(webhook: Webhook) -> Webhook:
    with reading() as session:
        return session.get_one(Webhook, webhook.webhook_id)
