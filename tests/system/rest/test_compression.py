"""Compression of what gunicorn serves, in both modes: text that is asked for, and nothing that holds a secret."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image
from skimage.data import astronaut

from tests.support.servers import Server, start_server
from tests.unit.api.images import encoded
from visionai import ROOT

ACCOUNT = {"username": "ana", "password": "una frase larga"}
PHOTO = encoded(Image.fromarray(astronaut()), "JPEG", quality=90)
SCRIPT = ROOT / "static" / "js" / "visionai-client.js"
GZIP = {"Accept-Encoding": "gzip"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def token(server: Server) -> str:
    """The token of a user who has a prediction in the log."""
    requests.post(f"{server.url}/api/v1/auth/register", json=ACCOUNT, timeout=30)
    token: str = requests.post(f"{server.url}/api/v1/auth/login", json=ACCOUNT, timeout=30).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
    assert requests.post(f"{server.url}/api/v1/predict", PHOTO, headers=headers, timeout=30).status_code == 200
    return token


def get(server: Server, path: str, **headers: str) -> tuple[requests.Response, bytes]:
    """Return an answer and the bytes of its body as they came."""
    with requests.get(server.url + path, headers=headers, stream=True, timeout=30) as answer:
        return answer, answer.raw.read(decode_content=False)


def asset(server: Server, name: str) -> str:
    """Return the address of a file of the pages, as the home page has it."""
    page = requests.get(server.url, headers={"Accept": "text/html"}, timeout=30).text
    found = re.search(rf'"(/static/~\w+/{re.escape(name)})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", ["/", "/model", "/api/v1/openapi.json", "/static/js/visionai-client.js"])
def test_text_is_compressed_for_who_takes_gzip_and_is_the_same(server: Server, path: str) -> None:
    plain, content = get(server, path, **PLAIN)
    answer, body = get(server, path, **GZIP)
    assert "Content-Encoding" not in plain.headers
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == content
    assert int(answer.headers["Content-Length"]) == len(body) < len(content) / 2
    for headers in (plain.headers, answer.headers):
        assert "Accept-Encoding" in headers["Vary"]


def test_a_file_that_is_served_again_is_served_from_memory_just_the_same(server: Server) -> None:
    path = asset(server, "css/home.css")
    first, second = get(server, path, **GZIP), get(server, path, **GZIP)
    assert first[1] == second[1]
    assert gzip.decompress(second[1]) == (ROOT / "static/css/home.css").read_bytes()
    assert second[0].headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("quality", ["gzip;q=0", "br", "identity", ""])
def test_who_takes_no_gzip_gets_none(server: Server, quality: str) -> None:
    answer, body = get(server, "/static/js/visionai-client.js", **{"Accept-Encoding": quality})
    assert "Content-Encoding" not in answer.headers
    assert body == SCRIPT.read_bytes()


@pytest.mark.parametrize("encoding", [GZIP, PLAIN], ids=["gzip", "plain"])
def test_asking_whether_a_file_has_changed_works_for_either_form(server: Server, encoding: dict[str, str]) -> None:
    tag = get(server, "/static/js/visionai-client.js", **encoding)[0].headers["ETag"]
    answer, body = get(server, "/static/js/visionai-client.js", **encoding, **{"If-None-Match": tag})
    assert (answer.status_code, body) == (304, b"")
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_part_is_one_of_the_file_as_it_is(server: Server) -> None:
    answer, body = get(server, "/static/js/visionai-client.js", **GZIP, Range="bytes=10-19")
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers
    assert body == SCRIPT.read_bytes()[10:20]
    assert "Accept-Ranges" not in get(server, "/static/js/visionai-client.js", **GZIP)[0].headers


def test_head_says_what_get_would(server: Server) -> None:
    for path in ("/model", "/static/js/visionai-client.js"):
        named = ("Content-Encoding", "Content-Length", "Content-Type", "ETag", "Vary")
        of_get, _ = get(server, path, **GZIP)
        of_head = requests.head(server.url + path, headers=GZIP, timeout=30)
        assert [of_head.headers.get(name) for name in named] == [of_get.headers.get(name) for name in named]


def test_small_answers_and_pictures_stay_as_they_are(server: Server) -> None:
    for path in ("/api/v1/health/live", asset(server, "vendor/figtree.woff2")):
        answer, _ = get(server, path, **GZIP)
        assert "Content-Encoding" not in answer.headers


def test_an_export_is_compressed_as_it_is_written(server: Server, token: str) -> None:
    path, headers = "/api/v1/dashboard/export?format=csv", {"Authorization": f"Bearer {token}"}
    _, content = get(server, path, **PLAIN, **headers)
    answer, body = get(server, path, **GZIP, **headers)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == content
    assert content.startswith(b"id,uid,")


LONG = "x" * 2000
SECRETS: dict[str, dict[str, Any]] = {
    "/auth/login": {"json": ACCOUNT},
    "/sessions": {"json": {"title": "x" * 60, "notes": LONG}},
    "/predict": {"data": PHOTO, "headers": {"Content-Type": "image/jpeg"}},
}


@pytest.mark.parametrize("path", SECRETS)
def test_tokens_receipts_and_predictions_are_never_compressed(server: Server, token: str, path: str) -> None:
    asked = SECRETS[path]
    headers = {**GZIP, **asked.get("headers", {})}
    answer = requests.post(f"{server.url}/api/v1{path}", **{**asked, "headers": headers}, timeout=30)
    assert answer.status_code in (200, 201)
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" not in answer.headers.get("Vary", "")
