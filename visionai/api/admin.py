"""The server as administrators see it: its state, versions of the weights, retention. Nobody else learns of it."""

from __future__ import annotations

from typing import Any

from flask import Response

from .. import errors
from ..contract.schemas.administration import ChoicesSchema, RetentionSchema, StatusSchema
from ..services import lifecycle
from ..services.administration import retention, status, versions
from ..web.smorest import PREFIX, Blueprint
from .admin_arguments import RetentionQuerySchema, TagSchema
from .security import hidden_administrator

blueprint = Blueprint(
    "admin",
    __name__,
    url_prefix=f"{PREFIX}/admin",
    description="The server, its users and versions; for administrators.",
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep what only administrators may see out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/status")
@blueprint.doc(operationId="getServerStatus")
@hidden_administrator
@blueprint.response(200, StatusSchema)
def show_status() -> Any:
    """Tell how the server is, and what the process that answers has to do."""
    return status.status()


@blueprint.get("/retention")
@blueprint.doc(operationId="getRetention")
@hidden_administrator
@blueprint.arguments(RetentionQuerySchema, location="query")
@blueprint.response(200, RetentionSchema)
def show_retention(query: dict[str, Any]) -> Any:
    """Tell what is kept for how long, and what the next pruning deletes; nothing is deleted by this."""
    return retention.retention(query["days"])


@blueprint.get("/versions")
@blueprint.doc(operationId="listInstalledVersions")
@hidden_administrator
@blueprint.response(200, ChoicesSchema)
def list_versions() -> Any:
    """List the versions of the weights and their calibrations, with who put each into force and when."""
    return versions.choices()


@blueprint.put("/versions/active")
@blueprint.doc(operationId="activateVersion")
@hidden_administrator
@blueprint.arguments(TagSchema)
@blueprint.response(200, ChoicesSchema)
@blueprint.raises(errors.ModelUnavailable, errors.Busy)
def activate(body: dict[str, str]) -> Any:
    """Put a version, or VERSION+CALIBRATION, into force; every process takes over within seconds."""
    versions.activate(body["tag"])
    lifecycle.follow_active_version()
    return versions.choices()


@blueprint.post("/versions/rollback")
@blueprint.doc(operationId="rollBackVersion")
@hidden_administrator
@blueprint.response(200, ChoicesSchema)
@blueprint.raises(errors.ModelUnavailable, errors.Busy)
def roll_back() -> Any:
    """Put into force what was before the last activation, as the audit log has it; 404 where it knows of none."""
    versions.roll_back()
    lifecycle.follow_active_version()
    return versions.choices()
