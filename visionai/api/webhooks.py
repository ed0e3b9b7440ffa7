"""Webhooks of a user: who is told of what, and what became of each delivery."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for

from ..contract.schemas.webhooks import (
    DeliveriesSchema,
    DeliverySchema,
    NewWebhookSchema,
    WebhookSchema,
    WebhooksSchema,
)
from ..errors import NotFound, TooManyWebhooks, WebhookInactive
from ..services.log.cursors import cursor_of, place_of
from ..services.webhooks import deliveries, webhooks
from ..web.smorest import PREFIX, Blueprint
from .security import current_identity, signed_in
from .session_arguments import PageQuerySchema
from .webhook_arguments import NewWebhookRequestSchema, WebhookEditSchema

blueprint = Blueprint(
    "webhooks",
    __name__,
    url_prefix=f"{PREFIX}/webhooks",
    description="Events told to an address of one's own by requests that are signed as Standard Webhooks.",
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep secrets and addresses out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
@blueprint.doc(operationId="createWebhook")
@signed_in
@blueprint.arguments(NewWebhookRequestSchema)
@blueprint.response(201, NewWebhookSchema)
@blueprint.raises(TooManyWebhooks)
def create(body: dict[str, Any]) -> Any:
    """Make a webhook.

    The answer holds its `secret`, this once: deliveries are signed with it. The address must be public and begin with
    https, unless the server allows others.
    """
    made = webhooks.create(current_identity().user_id, **body)
    response = jsonify(NewWebhookSchema().dump(made))
    response.headers["Location"] = url_for("webhooks.show", uid=made.uid)
    return response, 201


@blueprint.get("")
@blueprint.doc(operationId="listWebhooks")
@signed_in
@blueprint.response(200, WebhooksSchema)
def list_webhooks() -> Any:
    """List one's own webhooks, the oldest first."""
    found = webhooks.owned(current_identity().user_id)
    return {"count": len(found), "webhooks": found}


@blueprint.get("/<uuid:uid>")
@blueprint.doc(operationId="getWebhook")
@signed_in
@blueprint.response(200, WebhookSchema)
@blueprint.raises(NotFound)
def show(uid: UUID) -> Any:
    """Show a webhook."""
    return webhooks.find(current_identity().user_id, uid)


@blueprint.patch("/<uuid:uid>")
@blueprint.doc(operationId="updateWebhook")
@signed_in
@blueprint.arguments(WebhookEditSchema)
@blueprint.response(200, WebhookSchema)
@blueprint.raises(NotFound)
def edit(body: dict[str, Any], uid: UUID) -> Any:
    """Change a webhook, or turn it off and on; what waits for one that is turned off fails and may be retried."""
    return webhooks.change(current_identity().user_id, uid, body)


@blueprint.delete("/<uuid:uid>")
@blueprint.doc(operationId="deleteWebhook")
@signed_in
@blueprint.response(204)
@blueprint.raises(NotFound)
def delete(uid: UUID) -> None:
    """Delete a webhook with its deliveries."""
    webhooks.delete(current_identity().user_id, uid)


@blueprint.post("/<uuid:uid>/test")
@blueprint.doc(operationId="testWebhook")
@signed_in
@blueprint.response(202, DeliverySchema)
@blueprint.raises(NotFound, WebhookInactive)
def test(uid: UUID) -> Any:
    """Send the event `webhook.test`; what becomes of it is among the deliveries."""
    return deliveries.test(current_identity().user_id, uid)


@blueprint.get("/<uuid:uid>/deliveries")
@blueprint.doc(operationId="listWebhookDeliveries")
@signed_in
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, DeliveriesSchema)
@blueprint.raises(NotFound)
def list_deliveries(query: dict[str, Any], uid: UUID) -> Any:
    """List the deliveries of a webhook, newest first, a page at a time; they are kept for 30 days."""
    cursor = query.get("cursor")
    place = place_of(cursor) if cursor is not None else None
    page, last = deliveries.page(current_identity().user_id, uid, query["limit"], place)
    return {"count": len(page), "deliveries": page, "next_cursor": cursor_of(*last) if last else None}


@blueprint.post("/<uuid:uid>/deliveries/<uuid:delivery>/retry")
@blueprint.doc(operationId="retryWebhookDelivery")
@signed_in
@blueprint.response(202, DeliverySchema)
@blueprint.raises(NotFound, WebhookInactive)
def retry(uid: UUID, delivery: UUID) -> Any:
    """Try a delivery again, at once; one that had failed has all its tries again."""
    return deliveries.retry(current_identity().user_id, uid, delivery)
