"""Keys for programs, made and revoked by their user, who is signed in."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from ..contract.schemas.keys import IssuedKeySchema, KeySchema, KeysSchema
from ..errors import NotFound, TooManyKeys
from ..services.keys import keys
from ..web.smorest import PREFIX, Blueprint
from .key_arguments import NewKeySchema
from .security import current_identity, signed_in

blueprint = Blueprint(
    "keys", __name__, url_prefix=f"{PREFIX}/keys", description="Keys for programs, in the place of a token."
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep keys out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
@blueprint.doc(operationId="createKey")
@signed_in
@blueprint.arguments(NewKeySchema)
@blueprint.response(201, IssuedKeySchema)
@blueprint.raises(TooManyKeys)
def create(body: dict[str, Any]) -> Any:
    """Make a key; the answer holds it, this once.

    A key stands wherever an access token does, for the operations that its scopes name. It does not end with a login or
    a change of the password; it ends when it is revoked or expires, and with the account. A picture of a batch and a
    frame of a stream count as a call each. Where a key has limits, `RateLimit-Limit`, `RateLimit-Remaining` and
    `RateLimit-Reset` (seconds) on every answer tell of the one that is reached first.
    """
    issued = keys.create(current_identity().user_id, keys.NewKey(**body))
    return jsonify({**KeySchema().dump(issued.key), "key": issued.text}), 201


@blueprint.get("")
@blueprint.doc(operationId="listKeys")
@signed_in
@blueprint.response(200, KeysSchema)
def list_keys() -> Any:
    """List one's own keys, the newest first, and the latest revoked ones among them."""
    found = keys.keys_of(current_identity().user_id)
    return {"count": len(found), "keys": found}


@blueprint.delete("/<key_id>")
@blueprint.doc(operationId="revokeKey")
@signed_in
@blueprint.response(204)
@blueprint.raises(NotFound)
def revoke(key_id: str) -> None:
    """Revoke a key; open streams lose it within 20 seconds. Revoking it twice changes nothing."""
    keys.revoke(key_id, current_identity().user_id)
