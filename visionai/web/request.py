"""Requests with bounded bodies, kept in memory alone."""

from __future__ import annotations

import io
from typing import IO, Any, cast

import flask
from werkzeug.utils import cached_property

from ..body_memory import LARGE_BYTES, body_memory
from ..concurrency import Share, trim_memory
from ..errors import TooLarge, TooManyParts

_JSON_COPIES, _PLAIN_COPIES = 4, 2
"""How many times the bytes of a body are held at its peak: JSON's text, its base64 and what that decodes to; a plain
body while its pieces are joined. A form's parts are held once."""


class Request(flask.Request):
    """A request that never writes what was uploaded to a disk.

    Werkzeug spools large files to a temporary one; images must not touch a disk, and `accept` bounds the memory.
    """

    # A form's fields count towards the limit of the whole body, not towards one of their own.
    max_form_memory_size = None

    limit: int | None = None
    """The most bytes of content that `accept` was told to take."""

    parts_limit: int | None = None
    """The most parts of content that `accept` was told to take."""

    _share: Share | None = None

    @cached_property
    def stream(self) -> IO[bytes]:
        """The body, once there is memory for it; raises Busy before any of it is read where there is none."""
        if self._share is None and (size := self._expected_bytes()):
            self._share = body_memory().hold(size)
        return super().stream

    def close(self) -> None:
        """Let go of the body, and of the memory that was held for it."""
        super().close()
        if self._share is not None:
            large = self._share.amount > LARGE_BYTES
            self._share.close()
            if large:
                self.__dict__.pop("files", None)
                trim_memory()

    def _expected_bytes(self) -> int:
        """Return how many bytes of memory the body may take; 0 where there is none, or it is refused for its length."""
        length, most = self.content_length, self.max_content_length
        if length is None:
            length = (most or 0) if self.environ.get("wsgi.input_terminated") else 0
        elif most is not None and length > most:
            return 0
        if self.is_json:
            return length * _JSON_COPIES
        return length if self.mimetype == "multipart/form-data" else length * _PLAIN_COPIES

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
