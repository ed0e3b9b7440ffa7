"""The pages for people: HTML shells that plain ES modules fill from the API."""

from __future__ import annotations

from flask import Flask

from ..web import headers
from . import assets, examples, kept, routes, texts
from .docs.routes import blueprint as docs


def init_app(app: Flask) -> None:
    """Give `app` its pages, the values that every template reads, and the headers that guard every answer.

    Reads REGISTRATION, DASHBOARD_PUBLIC, SOURCE_IP, RETENTION_DAYS, STREAM_LOG_INTERVAL_MS and the limits that
    `docs/tables.py` names.
    """
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(docs)
    app.register_blueprint(examples.blueprint)
    app.register_blueprint(assets.blueprint)
    app.add_template_global(assets.address_of)
    app.add_template_global(assets.modules_of)
    app.add_template_global(texts.texts_of)
    app.add_template_global(kept.of_server, "what_is_kept")
    app.context_processor(routes.frame)
    app.after_request(headers.guard)
