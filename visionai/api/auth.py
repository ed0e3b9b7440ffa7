"""Accounts and logins."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request

from ..contract.bearer import bearer_token
from ..contract.schemas.accounts import AccessSchema, ProfileSchema, TokensSchema, UserSchema
from ..contract.schemas.personal_data import PersonalDataSchema
from ..errors import BadCredentials, Busy, Forbidden, InvalidToken, RateLimited, TokenExpired, UsernameTaken
from ..services.accounts import accounts, tokens
from ..services.privacy import erasure
from ..services.privacy.export import export_user
from ..web.smorest import PREFIX, Blueprint
from . import refresh_cookie
from .arguments import CredentialsSchema, LoginQuerySchema, PasswordChangeSchema, RegistrationSchema
from .security import current_identity, signed_in

blueprint = Blueprint("auth", __name__, url_prefix=f"{PREFIX}/auth", description="Accounts and logins.")


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep tokens and personal data out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/register")
@blueprint.doc(operationId="registerUser")
@blueprint.arguments(RegistrationSchema)
@blueprint.response(201, UserSchema)
@blueprint.raises(Forbidden, UsernameTaken, Busy)
def register(body: dict[str, str]) -> Any:
    """Make an account.

    Refused with `forbidden` where the operator closed registration.
    """
    if current_app.config["REGISTRATION"] == "closed":
        raise Forbidden
    return accounts.register(body["username"], body["password"], request.remote_addr)


@blueprint.post("/login")
@blueprint.doc(operationId="login")
@blueprint.arguments(LoginQuerySchema, location="query")
@blueprint.arguments(CredentialsSchema)
@blueprint.response(200, TokensSchema)
@blueprint.raises(BadCredentials, RateLimited, Busy)
def login(query: dict[str, bool], body: dict[str, str]) -> Any:
    """Sign in.

    An unknown name, a wrong password and an inactive account are answered alike.
    """
    issued = tokens.issue(accounts.login(body["username"], body["password"], request.remote_addr))
    if not query["cookie"]:
        return issued
    response = jsonify(AccessSchema().dump(issued))
    refresh_cookie.put(response, issued.refresh_token)
    return response


@blueprint.post("/refresh")
@blueprint.response(200, AccessSchema)
@blueprint.doc(operationId="refreshToken", security=[{"refresh": []}])
@blueprint.raises(InvalidToken, TokenExpired)
def refresh() -> Any:
    """Exchange a refresh token for a fresh access token.

    The token comes as bearer, or in the cookie of `login?cookie=true` together with `X-VisionAI-Client: web`.
    """
    token = bearer_token(request.headers.get("Authorization")) or refresh_cookie.read()
    if token is None:
        raise InvalidToken
    return tokens.refreshed(token)


@blueprint.post("/logout")
@blueprint.doc(operationId="logout")
@signed_in
@blueprint.response(204)
def logout() -> Response:
    """End this login: its access and its refresh token stop working."""
    accounts.logout(current_identity().session_id)
    response = Response(status=204)
    refresh_cookie.clear(response)
    return response


@blueprint.get("/verify")
@blueprint.doc(operationId="verifyToken")
@signed_in
@blueprint.response(200, ProfileSchema)
def verify() -> Any:
    """Tell whether the token is valid, and whose it is."""
    return accounts.user(current_identity().user_id)


@blueprint.get("/users/me")
@blueprint.doc(operationId="getCurrentUser")
@signed_in
@blueprint.response(200, ProfileSchema)
def me() -> Any:
    """Show the user of the token."""
    return accounts.user(current_identity().user_id)


@blueprint.put("/users/me/password")
@blueprint.doc(operationId="changePassword")
@signed_in
@blueprint.arguments(PasswordChangeSchema)
@blueprint.response(204)
@blueprint.raises(BadCredentials, RateLimited, Busy)
def change_password(body: dict[str, str]) -> None:
    """Change the password; the user's other logins end."""
    who = current_identity()
    current, new = body["current_password"], body["new_password"]
    accounts.change_password(who.user_id, current, new, who.session_id, request.remote_addr)


@blueprint.get("/users/me/export")
@blueprint.doc(operationId="exportCurrentUser")
@signed_in
@blueprint.response(200, PersonalDataSchema)
def export() -> Response:
    """Show everything that is held on the user."""
    # As it was read: the schema documents it, and must not be what decides what somebody is told.
    return jsonify(export_user(current_identity().user_id))


@blueprint.delete("/users/me/predictions")
@blueprint.doc(operationId="deleteCurrentUserPredictions")
@signed_in
@blueprint.response(204)
def delete_predictions() -> None:
    """Delete the user's predictions and their share of the figures."""
    erasure.delete_predictions(current_identity().user_id)


@blueprint.delete("/users/me")
@blueprint.doc(operationId="deleteCurrentUser")
@signed_in
@blueprint.response(204)
def delete_user() -> Response:
    """Delete the user with everything that is held on them."""
    erasure.delete_user(current_identity().user_id)
    response = Response(status=204)
    refresh_cookie.clear(response)
    return response
