"""The audit log, for administrators."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..contract.audit import audit_body
from ..contract.schemas.audit import AuditSchema
from ..services.administration.audit_log import Wanted, audit_page
from ..web.smorest import PREFIX, Blueprint
from .admin_arguments import AuditQuerySchema
from .security import administrator

blueprint = Blueprint(
    "audit", __name__, url_prefix=f"{PREFIX}/audit", description="Who did what, on what, from where, when."
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep personal data out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("")
@blueprint.doc(operationId="listAuditEntries")
@administrator
@blueprint.arguments(AuditQuerySchema, location="query")
@blueprint.response(200, AuditSchema)
def show(query: dict[str, Any]) -> Any:
    """List the audit log, newest first, a page at a time.

    Rows are never changed; names and addresses of users who were erased are blanked.
    """
    wanted = Wanted(query.get("actor"), query.get("action"), query.get("since"), query.get("until"))
    page = audit_page(wanted, query["limit"], query.get("cursor"))
    entries = [audit_body(entry) for entry in page.entries]
    return {"count": len(entries), "entries": entries, "next_cursor": page.next_cursor}
