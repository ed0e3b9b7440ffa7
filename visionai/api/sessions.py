"""Recorded sessions: started, looked at, written on, compared, exported and deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from flask import Response, jsonify, url_for

from .. import concurrency
from ..contract.schemas.sessions import (
    ComparisonSchema,
    MarkerSchema,
    SessionRowSchema,
    SessionSchema,
    SessionsSchema,
    SessionTimelineSchema,
    StartedSessionSchema,
)
from ..contract.session_fields import MAX_OFFSET_MS
from ..contract.sessions import Comparison, Timeline, comparison_body, marker_body, timeline_body
from ..errors import Forbidden, NotFound, TooManySessions, UserNotFound
from ..services.accounts import accounts
from ..services.audit import trail
from ..services.audit.trail import AuditAction, Target, TargetKind
from ..services.privacy import erasure
from ..services.sessions import comparison, editing, export, listing, markers, runs
from ..services.sessions.summary import summary
from ..services.sessions.timeline import timeline as timeline_of
from ..web.smorest import PREFIX, Blueprint
from .downloads import streamed
from .security import current_identity, identity, is_administrator, signed_in, signed_in_if_told
from .session_access import RecordedSession, limited, of_session, shown, with_receipt
from .session_arguments import (
    ComparisonQuerySchema,
    MarkerRequestSchema,
    NewSessionSchema,
    SessionEditSchema,
    SessionExportQuerySchema,
    SessionsQuerySchema,
    SessionTimelineQuerySchema,
)

SPAN = frozenset({"since_ms", "until_ms"})
FEW_POINTS = 2_000
"""As many points are written at once in some milliseconds: handing them to a thread and back would take as long."""

blueprint = Blueprint(
    "sessions",
    __name__,
    url_prefix=f"{PREFIX}/sessions",
    description="Recorded sessions: the apparent expressions of people over time. Nobody is recognised.",
)


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """Keep receipts and what was recorded of people out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("")
@blueprint.doc(operationId="startSession")
@limited
@signed_in_if_told
@blueprint.arguments(NewSessionSchema)
@blueprint.response(201, StartedSessionSchema, headers={"Location": "Location"})
@blueprint.raises(TooManySessions)
def start(body: dict[str, Any]) -> Any:
    """Start a session.

    With a token it is the user's. Without one the answer holds a `receipt`, this once: whoever shows it in the header
    `X-Session-Receipt` reads, exports and deletes the session later.
    """
    started = runs.start(identity(), **body)
    answer = SessionSchema().dump(summary(started.session))
    if started.receipt is not None:
        answer["receipt"] = started.receipt
    response = jsonify(answer)
    response.headers["Location"] = url_for("sessions.show", uid=started.session.uid)
    return response, 201


@blueprint.get("")
@blueprint.doc(operationId="listSessions")
@signed_in
@blueprint.arguments(SessionsQuerySchema, location="query")
@blueprint.response(200, SessionsSchema)
@blueprint.raises(Forbidden, NotFound)
def list_sessions(query: dict[str, Any]) -> Any:
    """List one's own sessions, newest first, a page at a time; an administrator sees all, or those of a `user`.

    A search by `q` looks through 10,000 sessions a page: one may be short, or empty, and still have a `next_cursor`.
    """
    wanted = listing.Wanted(
        _whose(query.get("user")), query.get("q"), query.get("participant"), query.get("since"), query.get("until")
    )
    page = listing.sessions_page(wanted, query["limit"], query.get("cursor"))
    return {"count": len(page.sessions), "sessions": page.sessions, "next_cursor": page.next_cursor}


@blueprint.get("/compare")
@blueprint.doc(operationId="compareSessions")
@with_receipt
@blueprint.arguments(ComparisonQuerySchema, location="query")
@blueprint.response(200, ComparisonSchema)
@blueprint.raises(NotFound)
def compare(query: dict[str, Any]) -> Any:
    """Show 2 to 8 sessions on one clock, from their start or from a marker that each of them has.

    Each must be one that the caller may see; `X-Session-Receipt` takes several receipts, separated by commas.
    """
    found = [shown(uid) for uid in query["uid"]]
    return _series(comparison_body, comparison.compare(found, query["align"], query["step"]))


@blueprint.get("/<uuid:uid>")
@blueprint.doc(operationId="getSession")
@of_session
@blueprint.response(200, SessionSchema)
def show(recorded: RecordedSession) -> Any:
    """Show a session: people with their seconds and shares by expression, gaps, markers, versions of the weights."""
    return summary(recorded)


@blueprint.patch("/<uuid:uid>")
@blueprint.doc(operationId="updateSession")
@of_session
@blueprint.arguments(SessionEditSchema)
@blueprint.response(200, SessionSchema)
def edit(body: dict[str, Any], recorded: RecordedSession) -> Any:
    """Change title, participant and notes, and label people; a field that is not given stays, null clears it.

    People with the same label are shown as one.
    """
    return summary(editing.edit(recorded, body, {one["person"]: one["label"] for one in body.get("people", ())}))


@blueprint.post("/<uuid:uid>/end")
@blueprint.doc(operationId="endSession")
@of_session
@blueprint.response(200, SessionSchema)
def end(recorded: RecordedSession) -> Any:
    """End a session; ending it twice changes nothing."""
    return summary(runs.end(recorded.session_id))


@blueprint.delete("/<uuid:uid>")
@blueprint.doc(operationId="deleteSession")
@of_session
@blueprint.response(204)
def delete(recorded: RecordedSession) -> None:
    """Delete a session with its rows and their share of all figures."""
    erasure.delete_session(recorded)


@blueprint.get("/<uuid:uid>/timeline")
@blueprint.doc(operationId="getSessionTimeline")
@of_session
@blueprint.arguments(SessionTimelineQuerySchema, location="query")
@blueprint.response(200, SessionTimelineSchema)
def timeline(query: dict[str, Any], recorded: RecordedSession) -> Any:
    """Show a session over time: for each person a point a step, the mean of the seconds in which they were seen."""
    span = (query.get("since_ms", 0), query.get("until_ms", MAX_OFFSET_MS)) if query.keys() & SPAN else None
    return _series(timeline_body, timeline_of(recorded, query["step"], query.get("person"), span))


@blueprint.post("/<uuid:uid>/markers")
@blueprint.doc(operationId="addSessionMarker")
@of_session
@blueprint.arguments(MarkerRequestSchema)
@blueprint.response(201, MarkerSchema)
def add_marker(body: dict[str, Any], recorded: RecordedSession) -> Any:
    """Name a moment of a session, by its offset or by an instant."""
    return marker_body(
        markers.add(recorded.session_id, body["label"], offset_ms=body.get("offset_ms"), at=body.get("at"))
    )


@blueprint.delete("/<uuid:uid>/markers/<int:marker_id>")
@blueprint.doc(operationId="deleteSessionMarker")
@of_session
@blueprint.response(204)
def delete_marker(marker_id: int, recorded: RecordedSession) -> None:
    """Delete a marker."""
    markers.remove(recorded, marker_id)


@blueprint.get("/<uuid:uid>/export")
@blueprint.doc(operationId="exportSession")
@of_session
@blueprint.arguments(SessionExportQuerySchema, location="query")
@blueprint.response(
    200,
    {"type": "string"},
    content_type="text/csv",
    example=",".join(export.COLUMNS),
    headers={"Content-Disposition": "Content-Disposition"},
)
@blueprint.alt_response(200, schema=SessionRowSchema(many=True), content_type="application/json", success=True)
def download(query: dict[str, Any], recorded: RecordedSession) -> Response:
    """Download a session as a long table: one row a person and second, columns as the data dictionary explains them."""
    kind = query["format"]
    response = streamed(export.records(recorded), *export.KINDS[kind], f"visionai-session-{recorded.uid}.{kind}")
    trail.note(AuditAction.SESSION_EXPORTED, Target(TargetKind.SESSION, str(recorded.uid)), {"format": kind})
    return response


def _series(body_of: Callable[[Any], dict[str, Any]], shown: Timeline | Comparison) -> Response:
    """Return series as JSON; tens of thousands of points take a good part of a second, so they are written beside."""
    sessions = shown.sessions if isinstance(shown, Comparison) else [shown]
    points = sum(len(series.points) for one in sessions for series in one.people)
    written = _written if points <= FEW_POINTS else partial(concurrency.call_native, _written)
    return Response(written(body_of, shown), mimetype="application/json")


def _written(body_of: Callable[[Any], dict[str, Any]], shown: Timeline | Comparison) -> bytes:
    return orjson.dumps(body_of(shown))


def _whose(name: str | None) -> int | None:
    """Return whose sessions are listed, None for everybody's; raises Forbidden, and UserNotFound to administrators."""
    who = current_identity()
    if not is_administrator():
        if name is not None and name.lower() != who.username.lower():
            raise Forbidden
        return who.user_id
    if name is None:
        return None
    account = accounts.user_named(name) if name.isprintable() else None
    if account is None:
        raise UserNotFound
    return account.user_id
