"""HTTP compression (gzip): text that is asked for by GET; files once, and from memory from then on.

Answers to other methods stay as they are: tokens and receipts come of a POST, and secrets beside what a client chose
must not be compressed with it (BREACH, CVE-2013-3587); predictions come of a POST too, and cost nothing here.
"""

from __future__ import annotations

import contextlib
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from flask import Flask, Request, Response, request
from werkzeug.wsgi import ClosingIterator

from ..concurrency import Guard, NativeThreads, sleep
from ..errors import Busy

TYPES = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "image/svg+xml",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
LEAST_BYTES = 1024
"""What is smaller fits into a packet or two either way."""
MOST_KEPT_BYTES = 8 * 1024 * 1024
"""All files of the pages and of Swagger UI take a tenth of it."""

_BEST, _QUICK = 9, 5
_GZIP = 16 + zlib.MAX_WBITS
_APART_BYTES = 64 * 1024
"""More than this is compressed on a native thread, and a stream is handed on in pieces made of as much."""
_threads = NativeThreads(1, waiting=32, name="compression")


def init_app(app: Flask) -> None:
    """Compress what `app` answers, for clients that take gzip."""
    files = CompressedFiles(MOST_KEPT_BYTES)

    def compress(response: Response) -> Response:
        if request.method in ("GET", "HEAD") and response.mimetype in TYPES:
            response.vary.add("Accept-Encoding")
            if _is_worth_it(response) and _takes_gzip(request):
                _compress(response, files)
        return response

    app.after_request(compress)


class CompressedFiles:
    """Compressed files by entity tag, bounded by their bytes; those that were not asked for the longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._guard = Guard()

    def get(self, tag: str) -> bytes | None:
        """Return the compressed file of an entity tag where it is kept."""
        with self._guard:
            found = self._kept.get(tag)
            if found is not None:
                self._kept.move_to_end(tag)
            return found

    def keep(self, tag: str, content: bytes) -> None:
        """Keep a compressed file, unless it alone is over the bound."""
        if len(content) > self._most_bytes:
            return
        with self._guard:
            self._bytes += len(content) - len(self._kept.pop(tag, b""))
            self._kept[tag] = content
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._kept.popitem(last=False)[1])


def _is_worth_it(response: Response) -> bool:
    """Whether the answer has a whole body, of a size that pays, that nobody compressed yet."""
    length = response.content_length
    return (
        response.status_code not in (204, 206, 304)
        and "Content-Encoding" not in response.headers
        and (length is None or length >= LEAST_BYTES)
    )


def _takes_gzip(asked: Request) -> bool:
    """Whether the client takes gzip, and asks for no part: ranges are those of the file as it is."""
    return asked.accept_encodings.quality("gzip") > 0 and "Range" not in asked.headers


def _compress(response: Response, files: CompressedFiles) -> None:
    """Replace the body by its gzip; while too many wait for that already, the answer goes out as it is."""
    with contextlib.suppress(Busy):
        if response.is_streamed and not response.direct_passthrough:
            _compress_stream(response)
        else:
            _compress_whole(response, files)
        response.headers["Content-Encoding"] = "gzip"
        response.headers.pop("Accept-Ranges", None)
        tag, _ = response.get_etag()
        if tag is not None:
            # Other bytes of the same content (RFC 9110, 8.8.1): asking whether it has changed goes on to work.
            response.set_etag(tag, weak=True)


def _compress_whole(response: Response, files: CompressedFiles) -> None:
    is_file = response.direct_passthrough
    tag = response.get_etag()[0] if is_file else None
    content = files.get(tag) if tag else None
    if content is None:
        response.direct_passthrough = False
        content = _gzip(response.get_data(), _BEST if is_file else _QUICK)
        if tag:
            files.keep(tag, content)
    else:
        response.response.close()  # type: ignore[union-attr]
        response.direct_passthrough = False
    response.set_data(content)


def _compress_stream(response: Response) -> None:
    close = getattr(response.response, "close", None)
    response.response = ClosingIterator(_gzip_stream(response.iter_encoded()), close)
    response.headers.pop("Content-Length", None)


def _gzip(content: bytes, level: int) -> bytes:
    if len(content) <= _APART_BYTES:
        return zlib.compress(content, level, _GZIP)
    compressed: bytes = _threads.run(zlib.compress, content, level, _GZIP)
    return compressed


def _gzip_stream(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Compress a stream, and let others run between its pieces."""
    compressor = zlib.compressobj(_QUICK, zlib.DEFLATED, _GZIP)
    since = 0
    for piece in pieces:
        compressed = compressor.compress(piece)
        since += len(piece)
        if since >= _APART_BYTES:
            compressed += compressor.flush(zlib.Z_SYNC_FLUSH)
            since = 0
            sleep(0)
        if compressed:
            yield compressed
    yield compressor.flush()
