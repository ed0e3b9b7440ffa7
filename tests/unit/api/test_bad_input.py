"""Everything that people and programs send wrongly: a clear error, nothing lost, the next request unharmed."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.unit.api.conftest import PASSWORD, Login
from tests.unit.api.images import blank_png, bomb, encoded, form, noise, png
from visionai.extensions import db
from visionai.models import PredictionLog

MIB = 1024 * 1024
GOOD = png(64, 48)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def as_file(data: bytes, name: str = "photo.jpg", field_name: str = "file") -> dict[str, Any]:
    return form((field_name, name, data))


def as_body(data: bytes, kind: str = "image/jpeg") -> dict[str, Any]:
    return {"data": data, "content_type": kind}


def as_json(image: object) -> dict[str, Any]:
    return {"json": {"image": image}}


JPEG = encoded(noise(64, 48), "JPEG")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>'
PSD = b"8BPS\x00\x01" + b"\x00" * 200
HTML = b"<!doctype html><title>photo.jpg</title><p>404"

PICTURES: list[tuple[str, dict[str, Any], int, str]] = [
    ("no body", {}, 400, "missing_image"),
    ("a form without a file", {"data": {"other": "1"}, "content_type": "multipart/form-data"}, 400, "missing_image"),
    ("a file under another name", as_file(GOOD, field_name="picture"), 400, "missing_image"),
    ("an empty file", as_file(b""), 400, "missing_image"),
    ("an empty body", as_body(b""), 400, "missing_image"),
    ("a form of another kind", as_body(b"file=x", "application/x-www-form-urlencoded"), 400, "missing_image"),
    ("a form without a boundary", as_body(b"file", "multipart/form-data"), 400, "missing_image"),
    ("JSON without image", {"json": {}}, 400, "missing_image"),
    ("JSON with an empty image", as_json(""), 400, "missing_image"),
    ("JSON with null", as_json(None), 400, "missing_image"),
    ("a data URL with nothing in it", as_json("data:image/png;base64,"), 400, "missing_image"),
    ("broken JSON", as_body(b'{"image": ', "application/json"), 400, "invalid_json"),
    ("JSON that is no object", {"json": ["image"]}, 400, "invalid_json"),
    ("JSON 10,000 deep", as_body(b'{"image":' + b"[" * 10_000 + b"]" * 10_000 + b"}", "application/json"), 400, "*"),
    ("JSON 1,000,000 deep", as_body(b"[" * 1_000_000, "application/json"), 400, "invalid_json"),
    (
        "a number of a million digits",
        as_body(b'{"image":' + b"9" * 10**6 + b"}", "application/json"),
        400,
        "invalid_json",
    ),
    ("bytes that are no UTF-8", as_body(b'{"image": "\xff\xfe"}', "application/json"), 400, "invalid_json"),
    ("a number as image", as_json(7), 422, "validation_failed"),
    ("a list as image", as_json([1, 2]), 422, "validation_failed"),
    ("broken base64", as_json("@@@ no base64 @@@"), 400, "invalid_base64"),
    ("half a surrogate as image", as_body(b'{"image": "\\ud800"}', "application/json"), 400, "invalid_base64"),
    ("a path as image", as_json("/etc/passwd"), 400, "invalid_base64"),
    ("a path above as image", as_json("../../config.py"), 400, "invalid_base64"),
    ("a file URL as image", as_json("file:///etc/passwd"), 400, "invalid_base64"),
    ("a URL as image", as_json("http://127.0.0.1:9/photo.jpg"), 400, "invalid_base64"),
    ("a data URL without base64", as_json("data:image/png,abc"), 400, "invalid_base64"),
    ("base64 of no picture", as_json(base64_of(b"just words")), 415, "unsupported_format"),
    ("a body of another kind", as_body(GOOD, "text/plain"), 415, "unsupported_format"),
    ("an SVG", as_body(SVG, "image/svg+xml"), 415, "unsupported_format"),
    ("an SVG under a .jpg name", as_file(SVG), 415, "unsupported_format"),
    ("a TIFF", as_file(encoded(noise(64, 48), "TIFF")), 415, "unsupported_format"),
    ("a PSD", as_file(PSD), 415, "unsupported_format"),
    ("HTML under a .jpg name", as_file(HTML), 415, "unsupported_format"),
    ("a truncated JPEG", as_file(JPEG[: len(JPEG) // 2]), 422, "broken_image"),
    ("a JPEG of two bytes and the rest zero", as_file(b"\xff\xd8\xff" + b"\0" * 500), 422, "broken_image"),
    ("a truncated PNG", as_body(GOOD[:200]), 422, "broken_image"),
    ("30,000 x 30,000 in a small file", as_file(bomb(30_000, 30_000)), 422, "image_too_large"),
    ("1 x 1", as_file(png(1, 1)), 422, "image_too_small"),
    ("1 x 20,000", as_file(png(1, 20_000)), 422, "image_too_small"),
    ("a picture without a face", as_file(blank_png()), 422, "no_face"),
    ("a file of over 10 MB", as_file(b"\xff\xd8\xff" + b"\0" * 10 * MIB), 413, "too_large"),
    ("a body of over 10 MB", as_body(b"\0" * (10 * MIB + 1)), 413, "too_large"),
    ("JSON of over 10 MB", as_json("A" * 15 * MIB), 413, "too_large"),
    ("base64 of a little over 10 MB", as_json("A" * (14 * MIB)), 413, "too_large"),
    ("10,000 parts", form(*[("file", "p.png", b"x")] * 10_000), 413, "too_large"),
]

QUERIES: list[tuple[str, int, str]] = [
    ("/dashboard/recent?limit=0", 422, "limit"),
    ("/dashboard/recent?limit=101", 422, "limit"),
    ("/dashboard/recent?limit=ten", 422, "limit"),
    ("/dashboard/recent?limit=1e400", 422, "limit"),
    ("/dashboard/recent?cursor=nonsense", 422, "cursor"),
    ("/dashboard/recent?cursor=%00", 422, "cursor"),
    ("/dashboard/timeline?days=abc", 422, "days"),
    ("/dashboard/timeline?days=0", 422, "days"),
    ("/dashboard/timeline?days=366", 422, "days"),
    ("/dashboard/timeline?days=8&bucket=hour", 422, "days"),
    ("/dashboard/timeline?bucket=second", 422, "bucket"),
    ("/dashboard/timeline?bucket=minute", 422, "since"),
    ("/dashboard/timeline?tz=Atlantis", 422, "tz"),
    ("/dashboard/timeline?tz=../../etc/passwd", 422, "tz"),
    ("/dashboard/timeline?tz=America", 422, "tz"),
    ("/dashboard/stats?emotion=bored", 422, "emotion"),
    ("/dashboard/stats?session=mine", 422, "session"),
    ("/dashboard/stats?source=radio", 422, "source"),
    ("/dashboard/stats?version=" + "v" * 101, 422, "version"),
    ("/dashboard/stats?round=day", 422, "round"),
    ("/dashboard/stats?since=yesterday", 422, "since"),
    ("/dashboard/stats?until=2026-13-01", 422, "until"),
    ("/dashboard/stats?since=0001-01-01T00:00:00%2B14:00", 422, "since"),
    ("/dashboard/stats?since=2026-02-01&until=2026-01-01", 422, "until"),
]

REGISTRATIONS: list[tuple[object, str]] = [
    ({}, "username"),
    ({"username": "usuario"}, "password"),
    ({"username": "ab", "password": PASSWORD}, "username"),
    ({"username": "a" * 51, "password": PASSWORD}, "username"),
    ({"username": "con espacio", "password": PASSWORD}, "username"),
    ({"username": "<img src=x onerror=alert(1)>", "password": PASSWORD}, "username"),
    ({"username": "=HYPERLINK(1)", "password": PASSWORD}, "username"),
    ({"username": "usuario\n", "password": PASSWORD}, "username"),
    ({"username": "usuario\0", "password": PASSWORD}, "username"),
    ({"username": "пользователь", "password": PASSWORD}, "username"),
    ({"username": 7, "password": PASSWORD}, "username"),
    ({"username": None, "password": PASSWORD}, "username"),
    ({"username": "usuario", "password": "corta"}, "password"),
    ({"username": "usuario", "password": "ñ" * 37}, "password"),
    ({"username": "usuario", "password": "\ud800 half a pair"}, "password"),
    ({"username": "usuario", "password": ["a", "b"]}, "password"),
]


@dataclass
class CountingStream(io.RawIOBase):
    """A body without end that counts what is read of it."""

    read_bytes: int = field(default=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.read_bytes += len(buffer)
        buffer[:] = b"\0" * len(buffer)
        return len(buffer)


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(PredictionLog)) or 0


@pytest.mark.parametrize(
    ("request_options", "status", "code"), [case[1:] for case in PICTURES], ids=[c[0] for c in PICTURES]
)
def test_a_bad_picture_is_one_clear_error_and_leaves_no_row(
    client: FlaskClient, request_options: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post("/api/v1/predict", **request_options)
    assert answer.status_code == status
    error = answer.json["error"]
    assert code in ("*", error["code"])
    assert error.keys() == {"code", "message", "details"}
    assert error["message"]
    assert client.post("/api/v1/predict", **as_body(GOOD)).status_code == 200
    assert rows() == 1


@pytest.mark.parametrize("path", ["/api/v1/predict", "/api/v1/predict/batch", "/api/v1/auth/login"])
@pytest.mark.parametrize("kind", ["image/jpeg", "application/json", "multipart/form-data; boundary=B"])
def test_a_body_that_announces_too_much_is_refused_before_a_byte_is_read(
    client: FlaskClient, path: str, kind: str
) -> None:
    stream = CountingStream()
    announced = {"wsgi.input": stream, "CONTENT_LENGTH": str(10**9)}
    answer = client.post(path, content_type=kind, environ_overrides=announced)
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"
    assert stream.read_bytes == 0


@pytest.mark.parametrize("kind", ["image/jpeg", "application/json", "multipart/form-data; boundary=B"])
def test_a_body_without_end_is_cut_off_at_the_limit(client: FlaskClient, kind: str) -> None:
    stream = CountingStream()
    answer = client.post(
        "/api/v1/predict",
        content_type=kind,
        headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input": stream, "wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )
    assert answer.status_code == 413
    assert answer.json["error"]["code"] == "too_large"
    assert answer.json["error"]["details"] == {"limit": 10 * MIB}
    assert stream.read_bytes < 17 * MIB


@pytest.mark.parametrize(
    "text",
    [base64_of(GOOD), f"data:image/png;base64,{base64_of(GOOD)}", base64_of(GOOD).rstrip("=")],
    ids=["base64", "data URL", "without padding"],
)
def test_base64_is_read_with_and_without_a_prefix(client: FlaskClient, text: str) -> None:
    assert client.post("/api/v1/predict", json={"image": text}).status_code == 200


@pytest.mark.parametrize(("path", "status", "name"), QUERIES)
def test_a_query_that_does_not_fit_names_its_field(client: FlaskClient, path: str, status: int, name: str) -> None:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == status
    assert answer.json["error"]["code"] == "validation_failed"
    assert list(answer.json["error"]["details"]) == [name]


@pytest.mark.parametrize(("body", "name"), REGISTRATIONS)
def test_an_account_that_does_not_fit_names_its_field(client: FlaskClient, body: object, name: str) -> None:
    answer = client.post("/api/v1/auth/register", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert name in answer.json["error"]["details"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"[" * 60_000])
def test_a_body_that_is_no_json_object_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/v1/auth/login", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) in [(400, "invalid_json"), (422, "validation_failed")]


@pytest.mark.parametrize("query", ["detect=perhaps", "record=2"])
def test_a_flag_that_is_none_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.post(f"/api/v1/predict?{query}", **as_body(GOOD))
    assert answer.status_code == 422


def test_an_unknown_emotion_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/api/v1/dashboard/emotion/bored")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/api/v1/nothing", "application/json", "application/json"),
        ("/api/v1/nothing", "text/html", "application/json"),
        ("/api/nothing", "*/*", "application/json"),
        ("/nothing", "application/json", "application/json"),
        ("/nothing", "*/*", "application/json"),
        ("/nothing", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
    ],
)
def test_an_unknown_address_is_json_for_programs_and_a_page_for_browsers(
    client: FlaskClient, path: str, accept: str, kind: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.mimetype == kind


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_does(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/predict")
    assert (answer.status_code, answer.json["error"]["code"]) == (405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


# Tokens -------------------------------------------------------------------------------------------------------------

Change = Callable[[Flask, str, str], str]


def _claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


def _signed(app: Flask, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, app.config["JWT_SECRET_KEY"], "HS256")


TOKENS: list[tuple[str, Change, str]] = [
    ("nonsense", lambda app, access, refresh: "Bearer nonsense", "invalid_token"),
    ("empty", lambda app, access, refresh: "Bearer ", "invalid_token"),
    ("two of them", lambda app, access, refresh: f"Bearer {access} {access}", "invalid_token"),
    ("another scheme", lambda app, access, refresh: f"Basic {access}", "invalid_token"),
    ("no scheme", lambda app, access, refresh: access, "invalid_token"),
    ("of another key", lambda app, access, refresh: f"Bearer {jwt.encode(_claims(access), 'k' * 32)}", "invalid_token"),
    ("cut short", lambda app, access, refresh: f"Bearer {access[:-4]}", "invalid_token"),
    ("alg none", lambda app, access, refresh: f"Bearer {jwt.encode(_claims(access), '', 'none')}", "invalid_token"),
    ("refresh as access", lambda app, access, refresh: f"Bearer {refresh}", "invalid_token"),
    ("expired", lambda app, access, refresh: f"Bearer {_signed(app, _claims(access) | {'exp': 1})}", "token_expired"),
    (
        "no user",
        lambda app, access, refresh: f"Bearer {_signed(app, _claims(access) | {'sub': '987'})}",
        "invalid_token",
    ),
    (
        "odd user",
        lambda app, access, refresh: f"Bearer {_signed(app, _claims(access) | {'sub': 'x'})}",
        "invalid_token",
    ),
    (
        "no session",
        lambda app, access, refresh: f"Bearer {_signed(app, _claims(access) | {'sid': 'x'})}",
        "invalid_token",
    ),
    ("bytes", lambda app, access, refresh: "Bearer \u00ff\u00fe", "invalid_token"),
]


@pytest.mark.parametrize("path", ["/api/v1/auth/users/me", "/api/v1/dashboard/stats"], ids=["required", "optional"])
@pytest.mark.parametrize(("change", "code"), [case[1:] for case in TOKENS], ids=[case[0] for case in TOKENS])
def test_a_token_that_is_not_valid_is_refused_wherever_it_is_sent(
    app: Flask, client: FlaskClient, login: Login, path: str, change: Change, code: str
) -> None:
    login()
    tokens = client.post("/api/v1/auth/login", json={"username": "usuario", "password": PASSWORD}).json
    header = change(app, tokens["access_token"], tokens["refresh_token"])
    answer = client.get(path, headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/api/v1/auth/users/me", "/api/v1/dashboard/stats"], ids=["required", "optional"])
def test_a_token_of_a_login_that_ended_is_refused(client: FlaskClient, login: Login, path: str) -> None:
    headers = login()
    assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
    answer = client.get(path, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "invalid_token")


def test_a_bad_token_keeps_a_picture_from_being_read(client: FlaskClient) -> None:
    answer = client.post("/api/v1/predict", **as_body(GOOD), headers={"Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert rows() == 0


# Languages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("header", "words"), [("en", "No face was found"), ("en-US,en;q=0.9", "No face was found")])
def test_an_error_speaks_the_language_that_was_asked_for(client: FlaskClient, header: str, words: str) -> None:
    answer = client.post("/api/v1/predict", **as_file(blank_png()), headers={"Accept-Language": header})
    assert words in answer.json["error"]["message"]


def test_an_error_and_its_details_are_spanish_by_default(client: FlaskClient) -> None:
    answer = client.post("/api/v1/auth/register", json={"username": "ab"})
    english = client.post("/api/v1/auth/register", json={"username": "ab"}, headers={"Accept-Language": "en"})
    spanish_error, english_error = answer.json["error"], english.json["error"]
    assert spanish_error["message"] != english_error["message"]
    assert spanish_error["details"].keys() == english_error["details"].keys()
    assert all(spanish_error["details"][name] != english_error["details"][name] for name in spanish_error["details"])


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "That form has too many parts. Pictures at once: 1 at most."),
        ("es", "El formulario tiene demasiadas partes. Imágenes de una vez: 1 como máximo."),
    ],
)
def test_too_many_parts_are_not_called_bytes(client: FlaskClient, language: str, message: str) -> None:
    pictures = {"file": [(io.BytesIO(b"x"), f"{number}.png") for number in range(40)]}
    answer = client.post("/api/v1/predict", data=pictures, headers={"Accept-Language": language})
    assert (answer.status_code, answer.json["error"]["message"]) == (413, message)
