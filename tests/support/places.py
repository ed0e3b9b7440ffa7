"""Every page there is, and how to tell that it shows what it has to show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page: its path, an element that is there once it can be used, and whether it is of a signed-in user."""

    name: str
    path: str
    ready: str
    own: bool = False

    def __str__(self) -> str:
        return self.name


PLACES = [
    Place("home", "/", "#choose:enabled"),
    Place("live", "/live", "#agree:enabled"),
    Place("sessions", "/sessions", "#empty:not([hidden])", own=True),
    Place("compare", "/sessions/compare", "#few:not([hidden])"),
    Place("dashboard", "/dashboard", "#latest time"),
    Place("history", "/history", "#rows time", own=True),
    Place("report", "/history/report", "#shares-table td", own=True),
    Place("model", "/model", "#confusion td, #unmeasured:not([hidden])"),
    Place("privacy", "/privacy", "#form [type=submit]:enabled"),
    Place("sign in", "/sign-in", "#form [type=submit]:enabled"),
    Place("register", "/register", "#form [type=submit]:enabled"),
    Place("profile", "/profile", "#since:not(:empty)", own=True),
    Place("webhooks", "/webhooks", "#hooks-none:not([hidden])", own=True),
    Place("admin", "/admin", "#nothing-here .status-number"),
    Place("developers", "/docs", "#guide .copy"),
    Place("stream guide", "/docs/live-stream", "#console-connect:enabled"),
    Place("stream reference", "/docs/stream", "#channels h2"),
    Place("invitation", "/history", "#sign-in-first"),
    Place("missing", "/nowhere", ".status-number"),
]
PATHS = sorted({place.path for place in PLACES})
