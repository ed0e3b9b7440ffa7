"""The pages of `examples/`, served as they lie there, so that they can be tried where VisionAI runs."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, Response, current_app, send_from_directory

from ..errors import NotFound

blueprint = Blueprint("examples", __name__, url_prefix="/examples")

# What a browser runs; programs and guides are read where they lie.
_SERVED = frozenset({".html", ".js", ".css"})


@blueprint.get("/", defaults={"name": "index.html"})
@blueprint.get("/<name>")
def example(name: str) -> Response:
    """Send a file of `examples/`; raises NotFound for what is none of its pages."""
    if PurePosixPath(name).suffix not in _SERVED:
        raise NotFound
    return send_from_directory(f"{current_app.root_path}/../examples", name)
