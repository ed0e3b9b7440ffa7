"""Swagger UI at /docs/api, from files of this server and without an inline script."""

from __future__ import annotations

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, render_template

blueprint = Blueprint(
    "swagger",
    __name__,
    url_prefix="/docs/api",
    static_folder=str(Path(flask_swagger_ui.__file__).parent / "dist"),
    static_url_path="/files",
)


@blueprint.get("/", strict_slashes=False)
def show() -> str:
    """Return the page; everything it needs comes from here."""
    return render_template("docs/api.html")
