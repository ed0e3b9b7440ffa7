"""Calibrating over the API: pictures in, figures out, kept and put into force, for administrators alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests.unit.api.conftest import FakeAnalyzer, FakeWeights, Login
from tests.unit.api.images import blank_png, form
from tests.unit.vision.test_fitting import readings
from tests.unit.vision.test_trial import OFF
from visionai.extensions import db
from visionai.models import ModelCalibration, PredictionLog
from visionai.services.weights import labelled as service
from visionai.vision.emotions import EMOTIONS
from visionai.vision.images.decoding import decode
from visionai.vision.weights import WeightsManifest

URL = "/api/v1/admin/calibrations"
Read = Callable[..., list[str]]


def numbered(number: int) -> tuple[str, str, bytes]:
    """Return a picture that the network below knows by its number."""
    image = Image.new("RGB", (16, 16), (number // 256, number % 256, 0))
    image.putpixel((15, 15), (255, 255, 255))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "files", f"{number}.png", buffer.getvalue()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Callable[[tuple[float, ...]], None]:
    """Let a network serve whose scores are off by a shift; call it to change the shift."""

    def serve(shift: tuple[float, ...]) -> None:
        odds, _ = readings(20, shift)
        powers = np.exp(odds - odds.max(axis=1, keepdims=True))
        table = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)

        def probabilities(_: FakeAnalyzer, data: bytes, limits: Any) -> Any:
            image = decode(data, limits).image
            red, green, _ = image.getpixel((0, 0))
            return None if image.getcolors(1) is not None else table[red * 256 + green]

        monkeypatch.setattr(FakeAnalyzer, "probabilities", probabilities)

    serve(OFF)
    return serve


@pytest.fixture
def admin(login: Login) -> dict[str, str]:
    return login("boss", "admin")


@pytest.fixture
def read(client: FlaskClient, admin: dict[str, str], network: object) -> Read:
    """Send twenty pictures of every emotion, and return the signed readings."""

    def send(headers: dict[str, str] = admin) -> list[str]:
        return [
            read_one(client, emotion, [20 * index + row for row in range(20)], headers).json["readings"]
            for index, emotion in enumerate(EMOTIONS)
        ]

    return send


def read_one(client: FlaskClient, emotion: str, numbers: list[int], headers: dict[str, str]) -> Any:
    body = form(*(numbered(number) for number in numbers))
    return client.post(f"{URL}/readings?emotion={emotion}", headers=headers, **body)


CALLS = [
    ("get", "", None),
    ("post", "/readings?emotion=happy", None),
    ("post", "/trial", {"readings": ["x"]}),
    ("post", "", {"readings": ["x"], "name": "office"}),
    ("put", "/active", {"name": None}),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_other_users_do_not_find_it(client: FlaskClient, login: Login, method: str, path: str, body: object) -> None:
    answer = client.open(URL + path, method=method.upper(), json=body, headers=login())
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_nobody_reaches_it_without_a_token(client: FlaskClient, method: str, path: str, body: object) -> None:
    assert client.open(URL + path, method=method.upper(), json=body).status_code == 401


def test_a_token_that_is_not_valid_is_told_so(client: FlaskClient) -> None:
    assert client.get(URL, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_pictures_are_read_one_by_one_and_leave_no_row(
    client: FlaskClient, admin: dict[str, str], network: object
) -> None:
    body = form(numbered(3), ("files", "blank.png", blank_png()), ("files", "text.png", b"text"), ("files", "e", b""))
    answer = client.post(f"{URL}/readings?emotion=happy", headers=admin, **body)
    assert [one["status"] for one in answer.json["results"]] == [
        "read",
        "no_face",
        "unsupported_format",
        "missing_image",
    ]
    assert (answer.json["emotion"], answer.json["weights_version_tag"]) == ("happy", "v1.0.0")
    assert db.session.query(PredictionLog).count() == 0


def test_a_trial_shows_what_it_would_be_worth_and_stores_nothing(
    client: FlaskClient, admin: dict[str, str], read: Read
) -> None:
    trial = client.post(f"{URL}/trial", json={"readings": read()}, headers=admin).json
    assert (trial["helps"], trial["verdict"], trial["reason"]) == (True, "helps", None)
    assert trial["figures"]["after"]["macro_recall"] > trial["figures"]["before"]["macro_recall"]
    assert trial["pictures"] == dict.fromkeys(EMOTIONS, 20)
    assert db.session.query(ModelCalibration).count() == 0


def test_what_does_not_help_says_why_and_cannot_be_kept(
    client: FlaskClient, admin: dict[str, str], read: Read, network: Callable[[tuple[float, ...]], None]
) -> None:
    network((0.0,) * 7)
    sent = read()
    trial = client.post(f"{URL}/trial", json={"readings": sent}, headers=admin | {"Accept-Language": "en"}).json
    assert (trial["helps"], trial["verdict"]) == (False, "no_clear_gain")
    assert "does not help" in trial["reason"]
    kept = client.post(URL, json={"readings": sent, "name": "office"}, headers=admin)
    assert (kept.status_code, kept.json["error"]["code"]) == (422, "calibration_refused")


def test_a_calibration_is_kept_put_into_force_and_taken_back(
    client: FlaskClient, admin: dict[str, str], read: Read, picture: bytes
) -> None:
    def tag() -> str:
        answer = client.post("/api/v1/predict", data=picture, content_type="image/png")
        assert answer.status_code == 200
        return client.get("/api/v1/model/info").json["model_version_tag"]

    kept = client.post(URL, json={"readings": read(), "name": "office"}, headers=admin)
    assert (kept.status_code, kept.json["tag"], kept.json["status"]) == (201, "v1.0.0+office", "kept")
    assert tag() == "v1.0.0"
    listed = client.put(f"{URL}/active", json={"name": "office"}, headers=admin).json
    assert (listed["active"], tag()) == ("office", "v1.0.0+office")
    listed = client.put(f"{URL}/active", json={"name": None}, headers=admin).json
    assert (listed["active"], tag()) == (None, "v1.0.0")


def test_model_info_says_which_calibration_is_in_force(client: FlaskClient, admin: dict[str, str], read: Read) -> None:
    body = {"readings": read(), "name": "office", "activate": True}
    assert client.post(URL, json=body, headers=admin).json["status"] == "active"
    info = client.get("/api/v1/model/info").json
    assert (info["weights_version_tag"], info["calibration"]) == ("v1.0.0", "office")


def test_taking_back_where_nothing_is_in_force_changes_nothing(client: FlaskClient, admin: dict[str, str]) -> None:
    answer = client.put(f"{URL}/active", json={"name": None}, headers=admin)
    assert (answer.status_code, answer.json["active"]) == (200, None)


def test_a_calibration_that_nobody_kept_is_not_put_into_force(client: FlaskClient, admin: dict[str, str]) -> None:
    assert client.put(f"{URL}/active", json={"name": "nobody"}, headers=admin).status_code == 404


def test_a_name_is_given_once(client: FlaskClient, admin: dict[str, str], read: Read) -> None:
    body = {"readings": read(), "name": "office"}
    assert client.post(URL, json=body, headers=admin).status_code == 201
    again = client.post(URL, json=body, headers=admin)
    assert (again.status_code, again.json["error"]["code"]) == (409, "calibration_name_taken")


@pytest.mark.parametrize("name", ["", "a b", "x" * 41, "../x", None, 7])
def test_a_name_that_does_not_fit_is_refused(
    client: FlaskClient, admin: dict[str, str], read: Read, name: object
) -> None:
    answer = client.post(URL, json={"readings": read(), "name": name}, headers=admin)
    assert (answer.status_code, list(answer.json["error"]["details"])) == (422, ["name"])


def test_readings_are_those_of_whoever_sent_the_pictures(client: FlaskClient, login: Login, read: Read) -> None:
    sent = read()
    answer = client.post(f"{URL}/trial", json={"readings": sent}, headers=login("other", "admin"))
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "readings_expired")


@pytest.mark.parametrize("change", [lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), lambda _: "made up"])
def test_readings_that_we_did_not_sign_are_refused(
    client: FlaskClient, admin: dict[str, str], read: Read, change: Callable[[str], str]
) -> None:
    sent = [change(text) for text in read()]
    assert client.post(f"{URL}/trial", json={"readings": sent}, headers=admin).status_code == 409


def test_readings_do_not_last(
    client: FlaskClient, admin: dict[str, str], read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = read()
    monkeypatch.setattr(service, "LASTING_SECONDS", -1)
    assert client.post(f"{URL}/trial", json={"readings": sent}, headers=admin).status_code == 409


@pytest.fixture
def other_weights(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    return lambda: monkeypatch.setattr(FakeWeights, "manifest", WeightsManifest("v2.0.0", None, None))


def test_readings_of_other_weights_are_refused(
    client: FlaskClient, admin: dict[str, str], read: Read, other_weights: Callable[[], None]
) -> None:
    sent = read()
    other_weights()
    assert client.post(f"{URL}/trial", json={"readings": sent}, headers=admin).status_code == 409


def test_pictures_that_are_sent_twice_count_once(client: FlaskClient, admin: dict[str, str], read: Read) -> None:
    trial = client.post(f"{URL}/trial", json={"readings": read() * 2}, headers=admin).json
    assert (trial["pictures"]["happy"], trial["left_out"]["duplicate"]) == (20, 140)


def test_an_expression_takes_sixty_pictures(client: FlaskClient, admin: dict[str, str], read: Read) -> None:
    answer = client.post(f"{URL}/trial", json={"readings": read() * 4}, headers=admin)
    assert (answer.status_code, list(answer.json["error"]["details"])) == (422, ["readings"])


def test_too_few_pictures_are_told_with_how_many_there_are(
    client: FlaskClient, admin: dict[str, str], network: object
) -> None:
    sent = [read_one(client, "happy", [60, 61, 62], admin).json["readings"]]
    answer = client.post(f"{URL}/trial", json={"readings": sent}, headers=admin)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "too_few_pictures")
    assert "happy 3" in answer.json["error"]["message"]


def test_a_call_with_all_the_readings_there_may_be_is_small_enough(
    client: FlaskClient, admin: dict[str, str], network: object
) -> None:
    sent = [
        read_one(client, emotion, [20 * index + row % 20 for row in range(8)], admin).json["readings"]
        for index, emotion in enumerate(EMOTIONS)
    ]
    answer = client.post(f"{URL}/trial", json={"readings": [text for text in sent for _ in range(7)]}, headers=admin)
    assert answer.status_code == 200


def test_more_pictures_than_a_batch_takes_are_refused(
    client: FlaskClient, admin: dict[str, str], network: object
) -> None:
    assert read_one(client, "happy", list(range(33)), admin).status_code == 413


def test_an_expression_that_is_none_is_refused(client: FlaskClient, admin: dict[str, str], network: object) -> None:
    assert read_one(client, "joyful", [1], admin).status_code == 422


def test_who_kept_it_is_known(app: Flask, client: FlaskClient, admin: dict[str, str], read: Read) -> None:
    client.post(URL, json={"readings": read(), "name": "office"}, headers=admin)
    (kept,) = db.session.query(ModelCalibration)
    me = client.get("/api/v1/auth/users/me", headers=admin).json
    assert kept.created_by == me["user_id"]
