"""The pages for people: HTML shells that plain ES modules fill from the API."""

from __future__ import annotations

from flask import Flask

from ..web import headers
from . import assets, examples, routes


def init_app(app: Flask) -> None:
    """Give `app` its pages, the values that every template reads, and the headers that guard every answer.

    Reads REGISTRATION and DASHBOARD_PUBLIC.
    """
    app.register_blueprint(routes.blueprint)
    app.register_blueprint(examples.blueprint)
    app.register_blueprint(assets.blueprint)
    app.add_template_global(assets.address_of)
    app.add_template_global(assets.modules_of)
    app.context_processor(routes.frame)
    app.after_request(headers.guard)
