"""Requests whose bodies are bounded before they are read, and are kept in memory alone."""

from __future__ import annotations

import io
from typing import IO, Any

import flask

from ..errors import TooLarge


class Request(flask.Request):
    """A request that never writes what was uploaded to a disk.

    Werkzeug spools large files to a temporary one; pictures must not touch a disk, and `accept` bounds the memory.
    """

    # A form's fields count towards the limit of the whole body, not towards one of their own.
    max_form_memory_size = None

    def accept(self, max_bytes: int, max_parts: int = 1) -> None:
        """Take a body of up to `max_bytes` in up to `max_parts` parts; raises TooLarge where it announces more.

        A body that does not announce its length is cut off, with TooLarge, when reading it goes over.
        """
        self.max_content_length = max_bytes
        self.max_form_parts = max_parts
        if (self.content_length or 0) > max_bytes:
            raise TooLarge(limit=max_bytes)

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """Return the body as Flask does; raises TooLarge where one of unknown length reached the limit.

        Werkzeug would hand over what it read up to there as if that were all.
        """
        data = super().get_data(*args, **kwargs)
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(data) >= limit:
            raise TooLarge(limit=limit)
        return data

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()
