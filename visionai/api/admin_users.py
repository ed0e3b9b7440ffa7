"""Users as administrators see and change them. Nobody else learns that this exists."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..contract.schemas.administration import IssuedSchema, ListedUserSchema, ListedUsersSchema
from ..errors import LastAdministrator, UsernameTaken
from ..services.administration import users
from ..web.smorest import PREFIX, Blueprint
from .admin_arguments import NewUserSchema, UserChangeSchema, UsersQuerySchema
from .security import hidden_administrator

blueprint = Blueprint(
    "admin users", __name__, url_prefix=f"{PREFIX}/admin/users", description="The accounts; for administrators."
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep passwords and personal data out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@blueprint.doc(operationId="listUsers")
@hidden_administrator
@blueprint.arguments(UsersQuerySchema, location="query")
@blueprint.response(200, ListedUsersSchema)
def list_users(query: dict[str, Any]) -> Any:
    """List the users, newest first, a page at a time, with what they have recorded and when they were last seen."""
    page = users.users_page(query.get("q"), query["limit"], query.get("cursor"))
    return {"count": len(page.users), "users": page.users, "next_cursor": page.next_cursor}


@blueprint.post("")
@blueprint.doc(operationId="createUser")
@hidden_administrator
@blueprint.arguments(NewUserSchema)
@blueprint.response(201, IssuedSchema)
@blueprint.raises(UsernameTaken)
def create(body: dict[str, Any]) -> Any:
    """Make an account; the answer holds its password, this once. Also while registration is closed."""
    return _body(users.create(body["username"], body["role"]))


@blueprint.patch("/<int(max=2147483647):user_id>")
@blueprint.doc(operationId="updateUser")
@hidden_administrator
@blueprint.arguments(UserChangeSchema)
@blueprint.response(200, ListedUserSchema)
@blueprint.raises(LastAdministrator)
def change(body: dict[str, Any], user_id: int) -> Any:
    """Make a user an administrator or not, let them sign in or not; what takes something away ends their logins.

    The last active administrator stays one: `last_administrator`.
    """
    users.change(user_id, body.get("role"), body.get("is_active"))
    return users.user(user_id)


@blueprint.post("/<int(max=2147483647):user_id>/password")
@blueprint.doc(operationId="resetUserPassword")
@hidden_administrator
@blueprint.response(200, IssuedSchema)
def reset_password(user_id: int) -> Any:
    """Give a user another password and end their logins; the answer holds it, this once."""
    return _body(users.reset_password(user_id))


def _body(issued: users.Issued) -> dict[str, Any]:
    user = issued.user
    return {"user_id": user.user_id, "username": user.username, "role": user.role, "password": issued.password}
