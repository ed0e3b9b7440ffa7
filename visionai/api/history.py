"""The history of a user: sessions and pictures, page by page."""

from __future__ import annotations

from typing import Any

from ..contract.schemas.sessions import HistorySchema
from ..services.sessions.history import Picture, history_page
from ..web.smorest import PREFIX, Blueprint
from .security import current_identity, signed_in
from .session_arguments import PageQuerySchema

blueprint = Blueprint(
    "history", __name__, url_prefix=f"{PREFIX}/history", description="What was recorded of one's own readings."
)


@blueprint.get("")
@blueprint.doc(operationId="listHistory")
@signed_in
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, HistorySchema)
def show(query: dict[str, Any]) -> Any:
    """List one's own sessions and, between them, the pictures that were read alone, newest first.

    A page looks through 20,000 readings for pictures: it may be short, or empty, and still have a `next_cursor`.
    """
    page = history_page(current_identity().user_id, query["limit"], query.get("cursor"))
    entries = [
        {"session": None, "picture": entry} if isinstance(entry, Picture) else {"session": entry, "picture": None}
        for entry in page.entries
    ]
    return {"count": len(entries), "entries": entries, "next_cursor": page.next_cursor}
