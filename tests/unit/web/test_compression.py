from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator

from flask import Flask, Response
from flask.testing import FlaskClient

from visionai.web import compression
from visionai.web.compression import CompressedFiles

GZIP = {"Accept-Encoding": "gzip"}


def client_of(view: Response | Iterator[str]) -> FlaskClient:
    """Return the client of an application whose one answer is `view`."""
    app = Flask("compression")
    compression.init_app(app)
    answer = view if isinstance(view, Response) else Response(view, mimetype="text/csv")
    app.add_url_rule("/", view_func=lambda: answer)
    return app.test_client()


def test_the_file_that_was_not_asked_for_the_longest_goes_first() -> None:
    files = CompressedFiles(10)
    files.keep("a", b"aaaa")
    files.keep("b", b"bbbb")
    files.get("a")
    files.keep("c", b"cccc")
    assert [files.get(tag) for tag in "abc"] == [b"aaaa", None, b"cccc"]


def test_a_file_over_the_bound_is_not_kept() -> None:
    files = CompressedFiles(3)
    files.keep("a", b"aaaa")
    assert files.get("a") is None


def test_a_file_that_is_kept_again_counts_once() -> None:
    files = CompressedFiles(8)
    for _ in range(3):
        files.keep("a", b"aaaa")
    files.keep("b", b"bbbb")
    assert files.get("a") == b"aaaa"


def test_a_stream_is_handed_on_in_pieces_while_it_is_written() -> None:
    go_on = threading.Event()

    def rows() -> Iterator[str]:
        yield "x" * 100_000
        go_on.wait(30)
        yield "the end"

    with client_of(rows()).get("/", headers=GZIP, buffered=False) as answer:
        pieces = iter(answer.response)
        begun = next(pieces)
        assert begun
        go_on.set()
        assert gzip.decompress(begun + b"".join(pieces)).endswith(b"xthe end")


def test_a_stream_that_is_left_is_closed() -> None:
    closed = []

    def rows() -> Iterator[str]:
        try:
            while True:
                yield "x" * 100_000
        finally:
            closed.append(True)

    with client_of(rows()).get("/", headers=GZIP, buffered=False) as answer:
        next(iter(answer.response))
    assert closed


def test_what_is_compressed_already_is_not_compressed_again() -> None:
    whole = Response(gzip.compress(b"x" * 5000), mimetype="text/plain", headers={"Content-Encoding": "gzip"})
    assert gzip.decompress(client_of(whole).get("/", headers=GZIP).data) == b"x" * 5000


def test_a_large_answer_is_compressed_beside_the_hub_and_is_the_same() -> None:
    text = "".join(map(str, range(100_000)))
    assert gzip.decompress(client_of(Response(text, mimetype="application/json")).get("/", headers=GZIP).data) == (
        text.encode()
    )
