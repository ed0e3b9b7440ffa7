"""Rules of a user: what makes the event `rule.fired` in their sessions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, jsonify, url_for

from ..contract.schemas.webhooks import SessionRuleSchema, SessionRulesSchema
from ..errors import NotFound, TooManyRules
from ..services.webhooks import rules
from ..web.smorest import PREFIX, Blueprint
from .security import current_identity, signed_in
from .webhook_arguments import NewRuleSchema, RuleEditSchema

blueprint = Blueprint(
    "rules",
    __name__,
    url_prefix=f"{PREFIX}/rules",
    description="What makes the event `rule.fired`: an apparent expression, shown for long enough by enough people.",
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep what people wrote out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
@blueprint.doc(operationId="createRule")
@signed_in
@blueprint.arguments(NewRuleSchema)
@blueprint.response(201, SessionRuleSchema)
@blueprint.raises(TooManyRules)
def create(body: dict[str, Any]) -> Any:
    """Make a rule.

    It fires in a session of one's own when at least `people` persons showed `expression` in at least `share` of the
    last `seconds` seconds, and again only after that was not so. Seconds in which a person was not seen count as ones
    in which they did not show it.
    """
    made = rules.create(current_identity().user_id, **body)
    response = jsonify(SessionRuleSchema().dump(made))
    response.headers["Location"] = url_for("rules.show", uid=made.uid)
    return response, 201


@blueprint.get("")
@blueprint.doc(operationId="listRules")
@signed_in
@blueprint.response(200, SessionRulesSchema)
def list_rules() -> Any:
    """List one's own rules, the oldest first."""
    found = rules.owned(current_identity().user_id)
    return {"count": len(found), "rules": found}


@blueprint.get("/<uuid:uid>")
@blueprint.doc(operationId="getRule")
@signed_in
@blueprint.response(200, SessionRuleSchema)
@blueprint.raises(NotFound)
def show(uid: UUID) -> Any:
    """Show a rule."""
    return rules.find(current_identity().user_id, uid)


@blueprint.patch("/<uuid:uid>")
@blueprint.doc(operationId="updateRule")
@signed_in
@blueprint.arguments(RuleEditSchema)
@blueprint.response(200, SessionRuleSchema)
@blueprint.raises(NotFound)
def edit(body: dict[str, Any], uid: UUID) -> Any:
    """Change a rule; in every session it is looked at anew and may fire again."""
    return rules.change(current_identity().user_id, uid, body)


@blueprint.delete("/<uuid:uid>")
@blueprint.doc(operationId="deleteRule")
@signed_in
@blueprint.response(204)
@blueprint.raises(NotFound)
def delete(uid: UUID) -> None:
    """Delete a rule."""
    rules.delete(current_identity().user_id, uid)
