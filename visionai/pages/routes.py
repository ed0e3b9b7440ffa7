"""The HTML pages, one shell each, and the switch of the language."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from flask import Blueprint, Response, current_app, redirect, render_template, request, send_from_directory, url_for

from ..errors import NotFound
from ..locale import COOKIE, LANGUAGES, choose_language
from ..services.audit.trail import AuditAction
from ..vision.emotions import ALIASES, EMOTIONS
from . import assets, reports
from .limits import of_server

THEMES = frozenset({"light", "dark"})
_DOTS = frozenset({".", ".."})
SAMPLES = ("astronaut", "officer", "group")
"""Pictures to try the home page with; `scripts/samples.py` writes them."""
REMEMBERED_FOR = timedelta(days=365)

blueprint = Blueprint("pages", __name__)


def frame() -> dict[str, Any]:
    """Return what the frame around every page reads."""
    theme = request.cookies.get("theme")
    query = f"?{request.query_string.decode(errors='replace')}" if request.query_string else ""
    return {
        "language": choose_language(),
        "theme": theme if theme in THEMES else None,
        "here": request.script_root + request.path + query,
        "next": request.args.get("next"),
        "limits": of_server(),
    }


@blueprint.get("/")
def home() -> str:
    """Show what this is, with a picture to try it on."""
    return render_template("home.html", samples=[name for name in SAMPLES if assets.has(f"samples/{name}.jpg")])


@blueprint.get("/live")
def live() -> str:
    """Show the camera, read frame by frame."""
    return render_template("live.html")


@blueprint.get("/dashboard")
def dashboard() -> str:
    """Show the figures."""
    return render_template("dashboard.html")


@blueprint.get("/history")
def history() -> str:
    """Show a user's own readings."""
    return render_template("history.html")


@blueprint.get("/history/report")
def report() -> str:
    """Show a period of a user's own readings, to print."""
    return render_template("report.html")


@blueprint.get("/sessions")
def sessions() -> str:
    """Show the recorded sessions of a user, or let a receipt open one."""
    return render_template("sessions.html")


@blueprint.get("/sessions/compare")
def compare() -> str:
    """Show several recorded sessions on one clock."""
    return render_template("compare.html")


@blueprint.get("/sessions/<uuid:uid>")
def session(uid: UUID) -> str:
    """Show one recorded session."""
    return render_template("session.html", uid=uid)


@blueprint.get("/sessions/<uuid:uid>/report")
def session_report(uid: UUID) -> str:
    """Show one recorded session on paper, to print or to keep as a file."""
    return render_template("session_report.html", uid=uid)


@blueprint.get("/model")
def model() -> str:
    """Show how good the weights are."""
    return render_template("model.html", measured=reports.tags(), emotions=EMOTIONS, aliases=ALIASES)


@blueprint.get("/admin")
def admin() -> str:
    """Show administrators the state of the server; the script says to everybody else that nothing is here."""
    return render_template("admin.html")


@blueprint.get("/admin/users")
def admin_users() -> str:
    """Show administrators the users."""
    return render_template("admin_users.html")


@blueprint.get("/admin/versions")
def admin_versions() -> str:
    """Show administrators the versions of the weights."""
    return render_template("admin_versions.html")


@blueprint.get("/admin/audit")
def admin_audit() -> str:
    """Show administrators the audit log."""
    return render_template("admin_audit.html", actions=list(AuditAction))


@blueprint.get("/privacy")
def privacy() -> str:
    """Show what is kept, and let who has a receipt delete their session."""
    return render_template("privacy.html")


@blueprint.get("/model/reports/<tag>")
def model_report(tag: str) -> dict[str, Any]:
    """Send the figures that were measured of the weights `tag`; raises NotFound where there are none."""
    found = reports.find(tag)
    if found is None:
        raise NotFound
    return found


@blueprint.get("/sign-in")
def sign_in() -> str:
    """Show the form to sign in."""
    return render_template("sign_in.html")


@blueprint.get("/register")
def register() -> str:
    """Show the form to create an account."""
    return render_template("register.html")


@blueprint.get("/profile")
def profile() -> str:
    """Show a user's account."""
    return render_template("profile.html")


@blueprint.get("/webhooks")
def webhooks() -> str:
    """Show a user's webhooks, their deliveries, and rules."""
    return render_template("webhooks.html", emotions=EMOTIONS)


@blueprint.post("/language")
def language() -> Response:
    """Remember the language that was chosen and go back to where it was."""
    response = redirect(own_path(request.form.get("next")))
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=REMEMBERED_FOR,
            path=f"{request.script_root}/",
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response  # type: ignore[return-value]


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Send the mark to programs that ask for it by its old name."""
    return send_from_directory(str(current_app.static_folder), "favicon.svg")


def own_path(target: str | None) -> str:
    """Return `target` if it is a path of this site that no browser reads as another host, else that of the home page.

    Browsers pass over tabs and line breaks, take "\\" for "/", and drop "." and ".." before they look for a host
    (https://url.spec.whatwg.org/#url-parsing), so a path with any of these, or with an empty segment, is not taken.
    """
    asked = target or ""
    root, *segments = re.split(r"[/\\]", re.split(r"[?#]", asked)[0])
    plain = segments and all(segments[:-1]) and not _DOTS & {*map(unquote, segments)}
    return asked if plain and not root and asked.isprintable() else url_for("pages.home")
