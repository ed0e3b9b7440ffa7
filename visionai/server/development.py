"""The development server's request handler: refuses what it cannot read in our shape, and logs nothing of it."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.serving import WSGIRequestHandler

from ..contract.errors import error_body
from ..errors import MalformedRequest
from ..locale import SPANISH


class RequestHandler(WSGIRequestHandler):
    """Werkzeug's handler without its log lines, which hold request lines and with them whatever was sent as one."""

    error_content_type = "application/json"

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        """Answer a request that is no HTTP."""
        # Python's handler would take what has no version for HTTP/0.9, and answer it without a head.
        self.request_version = self.protocol_version
        body = json.dumps(error_body(MalformedRequest(), SPANISH), ensure_ascii=False)
        self.error_message_format = body.replace("%", "%%")
        super().send_error(code, "", "")

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: the application logs requests itself, without tokens."""
