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
    VersionsSchema,
)
from ..errors import Forbidden, NotFound
from ..locale import choose_language
from ..services.log.export import COLUMNS
from ..services.log.recent import recent_page
from ..services.statistics import queries, versions
from ..vision.emotions import EMOTIONS, Emotion
from ..web.smorest import PREFIX, Blueprint
from ..web.written import json_response
from .dashboard_arguments import (
    ExportQuerySchema,
    FiguresQuerySchema,
    RecentQuerySchema,
    StatsQuerySchema,
    TimelineQuerySchema,
)
from .dashboard_filters import filters_of, named_user
from .downloads import download
from .security import administrator, dashboard_reader, identity, is_administrator, signed_in

blueprint = Blueprint("dashboard", __name__, url_prefix=f"{PREFIX}/dashboard", description="Figures of what was seen.")


@blueprint.get("/stats")
@blueprint.doc(operationId="getStats")
@dashboard_reader
@blueprint.arguments(StatsQuerySchema, location="query")
@blueprint.response(200, StatsSchema)
@blueprint.raises(Forbidden, NotFound)
def stats(query: dict[str, Any]) -> Any:
    """Show totals, the most common emotion and the average confidence."""
    return queries.stats(filters_of(query), query["uncertain"])


@blueprint.get("/recent")
@blueprint.doc(operationId="listRecentPredictions")
@dashboard_reader
@blueprint.arguments(RecentQuerySchema, location="query")
@blueprint.response(200, RecentSchema)
@blueprint.raises(Forbidden, NotFound)
def recent(query: dict[str, Any]) -> Response:
    """List predictions, newest first, a page at a time."""
    page = recent_page(filters_of(query), query["limit"], query.get("cursor"), identity())
    return json_response(
        {"count": len(page.predictions), "predictions": page.predictions, "next_cursor": page.next_cursor}
    )


@blueprint.get("/timeline")
@blueprint.doc(operationId="getTimeline")
@dashboard_reader
@blueprint.arguments(TimelineQuerySchema, location="query")
@blueprint.response(200, TimelineSchema)
@blueprint.raises(Forbidden, NotFound)
def timeline(query: dict[str, Any]) -> Response:
    """Count predictions by the day, the hour or the minute; `since` and `until` override `days`."""
    return json_response(
        queries.timeline(filters_of(query), query["days"], query["bucket"], query["tz"], query["versions"])
    )


@blueprint.get("/emotion/<emotion_name>")
@blueprint.doc(operationId="getEmotionStats")
@dashboard_reader
@blueprint.arguments(FiguresQuerySchema, location="query")
@blueprint.response(200, EmotionDetailSchema)
@blueprint.raises(Forbidden, NotFound)
def emotion(query: dict[str, Any], emotion_name: str) -> Any:
    """Show the figures of one emotion."""
    if emotion_name not in EMOTIONS:
        raise NotFound
    asked = Emotion(emotion_name)
    described = emotion_body(asked, choose_language())
    detail = queries.emotion_detail(asked, filters_of(query))
    return {"emotion": described, "statistics": detail, "period": detail.period}


@blueprint.get("/versions")
@blueprint.doc(operationId="listModelVersions")
@dashboard_reader
@blueprint.response(200, VersionsSchema)
def known_versions() -> Any:
    """List the versions of the weights that `version` may name, the newest first."""
    return {"versions": versions.all_tags()}


@blueprint.get("/users")
@blueprint.doc(operationId="listUserStats")
@administrator
@blueprint.response(200, UsersSchema)
def users() -> Any:
    """List all users with their totals."""
    return {"users": queries.users_overview()}


@blueprint.get("/users/<username>")
@blueprint.doc(operationId="getUserStats")
@signed_in
@blueprint.arguments(StatsQuerySchema(exclude=("user",)), location="query")
@blueprint.response(200, UserStatsSchema)
@blueprint.raises(Forbidden, NotFound)
def user(query: dict[str, Any], username: str) -> Any:
    """Show the figures of one user, to that user or an administrator."""
    account = named_user(username)
    figures = queries.stats(replace(filters_of(query), user_id=account.user_id), query["uncertain"])
    return asdict(figures) | {"username": account.username}


@blueprint.get("/export")
@blueprint.doc(operationId="exportPredictions")
@signed_in
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(
    200,
    {"type": "string"},
    content_type="text/csv",
    example=",".join(COLUMNS),
    headers={"Content-Disposition": "Content-Disposition"},
)
@blueprint.alt_response(200, schema=ExportedSchema(many=True), content_type="application/json", success=True)
@blueprint.raises(Forbidden, NotFound)
def export(query: dict[str, Any]) -> Response:
    """Download predictions: a user's own, or all of them for an administrator."""
    mine = {} if is_administrator() else {"user": "me"}
    return download(filters_of(mine | query), query["format"])
