"""Figures, recent predictions and exports."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from flask import Response

from ..contract.emotions import emotion_body
from ..contract.schemas.statistics import (
    EmotionDetailSchema,
    ExportedSchema,
    RecentSchema,
    StatsSchema,
    TimelineSchema,
    UsersSchema,
    UserStatsSchema,
)
from ..errors import Forbidden, NotFound
from ..locale import choose_language
from ..services.accounts import accounts
from ..services.log.recent import recent_page
from ..services.statistics import queries
from ..services.statistics.filters import Filters
from ..vision.emotions import EMOTIONS, Emotion
from ..web.smorest import PREFIX, Blueprint
from .arguments import ExportQuerySchema, FilterSchema, RecentQuerySchema, TimelineQuerySchema
from .downloads import download
from .security import administrator, current_identity, dashboard_reader, identity, is_administrator, signed_in

blueprint = Blueprint("dashboard", __name__, url_prefix=f"{PREFIX}/dashboard", description="Figures of what was seen.")


@blueprint.get("/stats")
@dashboard_reader
@blueprint.arguments(FilterSchema, location="query")
@blueprint.response(200, StatsSchema)
def stats(query: dict[str, Any]) -> Any:
    """Show totals, the most common emotion and the average confidence."""
    return queries.stats(_filters(query))


@blueprint.get("/recent")
@dashboard_reader
@blueprint.arguments(RecentQuerySchema, location="query")
@blueprint.response(200, RecentSchema)
def recent(query: dict[str, Any]) -> Any:
    """List predictions, newest first, a page at a time."""
    page = recent_page(_filters(query), query["limit"], query.get("cursor"), identity())
    return {"count": len(page.predictions), "predictions": page.predictions, "next_cursor": page.next_cursor}


@blueprint.get("/timeline")
@dashboard_reader
@blueprint.arguments(TimelineQuerySchema, location="query")
@blueprint.response(200, TimelineSchema)
def timeline(query: dict[str, Any]) -> Any:
    """Count predictions day by day, or hour by hour; `since` and `until` override `days`."""
    return queries.timeline(_filters(query), query["days"], query["bucket"], query["tz"])


@blueprint.get("/emotion/<emotion_name>")
@dashboard_reader
@blueprint.arguments(FilterSchema, location="query")
@blueprint.response(200, EmotionDetailSchema)
@blueprint.raises(NotFound)
def emotion(query: dict[str, Any], emotion_name: str) -> Any:
    """Show the figures of one emotion."""
    if emotion_name not in EMOTIONS:
        raise NotFound
    asked = Emotion(emotion_name)
    described = emotion_body(asked, choose_language())
    detail = queries.emotion_detail(asked, _filters(query))
    return {"emotion": described, "statistics": detail, "period": detail.period}


@blueprint.get("/users")
@administrator
@blueprint.response(200, UsersSchema)
def users() -> Any:
    """List all users with their totals."""
    return {"users": queries.users_overview()}


@blueprint.get("/users/<username>")
@signed_in
@blueprint.arguments(FilterSchema, location="query")
@blueprint.response(200, UserStatsSchema)
@blueprint.raises(Forbidden, NotFound)
def user(query: dict[str, Any], username: str) -> Any:
    """Show the figures of one user, to that user or an administrator."""
    if not is_administrator() and username.lower() != current_identity().username.lower():
        raise Forbidden
    account = accounts.user_named(username) if username.isprintable() else None
    if account is None:
        raise NotFound
    figures = queries.stats(replace(_filters(query), user_id=account.user_id))
    return asdict(figures) | {"username": account.username}


@blueprint.get("/export")
@signed_in
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
@blueprint.alt_response(200, schema=ExportedSchema(many=True), content_type="application/json", success=True)
def export(query: dict[str, Any]) -> Response:
    """Download predictions: a user's own, or all of them for an administrator."""
    mine = {} if is_administrator() else {"user": "me"}
    return download(_filters(query | mine), query["format"])


def _filters(query: dict[str, Any]) -> Filters:
    """Return the filters of a query; raises InvalidToken where `user=me` asks without a token."""
    user_id = current_identity().user_id if query.get("user") else None
    return Filters(user_id, query.get("emotion"), query.get("since"), query.get("until"))
