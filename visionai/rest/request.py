"""Requests whose bodies are bounded before they are read, and are kept in memory alone."""

from __future__ import annotations

import io
from typing import IO, Any, cast

import flask

from ..errors import TooLarge, TooManyParts


class Request(flask.Request):
    """A request that never writes what was uploaded to a disk.

    Werkzeug spools large files to a temporary one; pictures must not touch a disk, and `accept` bounds the memory.
    """

    # A form's fields count towards the limit of the whole body, not towards one of their own.
    max_form_memory_size = None

    limit: int | None = None
    """The most bytes of content that `accept` was told to take."""

    parts_limit: int | None = None
    """The most parts of content that `accept` was told to take."""

    def accept(self, max_bytes: int, max_parts: int = 1, *, wrapping: int = 0, spare_parts: int = 0) -> None:
        """Take up to `max_bytes` of content in up to `max_parts` parts; raises TooLarge where more is announced.

        `wrapping` bytes and `spare_parts` may come on top, for what a form or base64 adds. A body that does not
        announce its length is cut off, with TooLarge, when reading it goes over.
        """
        self.limit, self.parts_limit = max_bytes, max_parts
        self.max_content_length = max_bytes + wrapping
        self.max_form_parts = max_parts + spare_parts
        if (self.content_length or 0) > self.max_content_length:
            raise TooLarge(limit=max_bytes)

    def too_large(self) -> TooLarge:
        """Return the error for the limit that this request went over: bytes if it may have, else parts."""
        length, limit = self.content_length, self.max_content_length
        if length is not None and limit is not None and length <= limit:
            return TooManyParts(limit=self.parts_limit or self.max_form_parts)
        return TooLarge(limit=self.limit or limit)

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """Return the body as Flask does; raises TooLarge where one of unknown length reached the limit.

        Werkzeug would hand over what it read up to there as if that were all.
        """
        data = super().get_data(*args, **kwargs)
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(data) >= limit:
            raise self.too_large()
        return data

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return io.BytesIO()


def current_request() -> Request:
    """Return the current request; Flask's proxy does not say that it is one of ours."""
    return cast(Request, flask.request._get_current_object())  # type: ignore[attr-defined]
