"""Who acts in a request, for the audit log: somebody at an address, until a token says who."""

from __future__ import annotations

from flask import Flask, current_app, request

from ..addresses import reduced
from ..services.audit import acting


def init_app(app: Flask) -> None:
    """Name the actor of every request; reads SOURCE_IP."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    acting.begin_anonymous(reduced(request.remote_addr, current_app.config["SOURCE_IP"]))


def _end(_: BaseException | None) -> None:
    acting.end()
