"""The AsyncAPI document of the streams, beside that of REST."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..contract.asyncapi.document import document
from ..web.smorest import PREFIX
from ..web.written import json_response

blueprint = Blueprint("asyncapi", __name__, url_prefix=PREFIX)


@blueprint.get("/asyncapi.json")
def show() -> Response:
    """Answer the document of the server that was asked."""
    return json_response(document(request.host, request.script_root, secure=request.is_secure))
