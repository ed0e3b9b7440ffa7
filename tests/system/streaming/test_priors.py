"""Operating points over both sockets of a real server, by weights whose two points differ."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server, start_server

from .conftest import Connect, RawConnect

WEIGHTS = ROOT / "ml_models" / "modelo_emociones.json"
RARE_HAPPY = [0.16, 0.16, 0.16, 0.04, 0.16, 0.16, 0.16]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the weights that are served, with a point for typical faces that hardly ever smile."""
    folder = tmp_path_factory.mktemp("points")
    server = start_server(folder, MODEL_PATH=str(_with_points(folder)))
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def _with_points(folder: Path) -> Path:
    values = json.loads(WEIGHTS.read_text())
    tflite = values["files"]["tflite"]
    (folder / tflite["name"]).symlink_to(WEIGHTS.with_name(tflite["name"]))
    values.pop("temperature", None)
    values["files"] = {"tflite": tflite}
    values["learned_shares"] = [1 / 7] * 7
    values["priors"] = {
        "even": {"shares": [1 / 7] * 7, "temperature": 1},
        "typical": {"shares": RARE_HAPPY, "temperature": 1},
    }
    path = folder / WEIGHTS.name
    path.write_text(json.dumps(values))
    return path


def frames(ask: Any, image: Any) -> list[dict[str, Any]]:
    """Send a frame without prior, one with, and one without again, over one connection; return the answers.

    The picture is declared the face: a face looked for near the last one is cropped a little otherwise. A frame goes
    before, which may wait for the weights to load, longer than a track is kept.
    """
    ask({"image": image, "record": False})
    return [ask({"image": image, "detect": False, **named}) for named in ({}, {"prior": "even"}, {})]


def check(answers: list[dict[str, Any]]) -> None:
    assert [answer["status"] for answer in answers] == ["success"] * 3
    assert [answer["prior"] for answer in answers] == ["typical", "even", "typical"]
    first, even, last = (answer["faces"][0] for answer in answers)
    assert first["scores"] == last["scores"]
    assert even["scores"]["happy"] > first["scores"]["happy"]
    # Bayes' rule by hand: the odds of happy against all else fall by 0.04 to 0.16.
    odds = even["scores"]["happy"] / (1 - even["scores"]["happy"]) / 4
    assert first["scores"]["happy"] == pytest.approx(odds / (1 + odds), abs=0.002)
    assert {face["track_id"] for face in (first, even, last)} == {first["track_id"]}
    assert first["smoothed"]["scores"] == pytest.approx(last["smoothed"]["scores"], abs=1e-3)


def test_frames_of_one_socketio_connection_are_each_read_at_their_own_point(connect: Connect) -> None:
    client = connect()
    check(frames(lambda payload: client.call("predict", payload), face_jpeg()))


def test_frames_of_one_raw_connection_are_each_read_at_their_own_point(connect_raw: RawConnect) -> None:
    client = connect_raw()
    check(frames(lambda payload: client.ask({"command": "predict", **payload}), base64.b64encode(face_jpeg()).decode()))


def test_the_model_info_of_a_stream_shows_the_points(connect: Connect, connect_raw: RawConnect) -> None:
    connect_raw().ask(face_jpeg())
    for info in (connect().call("model_info")["info"], connect_raw().ask({"command": "model_info"})["info"]):
        assert info["default_priors"] == {"pictures": "even", "frames": "typical"}
        assert info["priors"]["typical"]["shares"]["happy"] == 0.04
        assert info["learned_shares"]["happy"] == pytest.approx(1 / 7)


@pytest.mark.parametrize("transport", ["Socket.IO", "/ws"])
def test_a_point_that_does_not_exist_is_an_error_and_the_connection_stays(
    transport: str, connect: Connect, connect_raw: RawConnect
) -> None:
    if transport == "Socket.IO":
        client = connect()
        answers = [client.call("predict", {"image": face_jpeg(), **named}) for named in ({"prior": "odd"}, {})]
    else:
        raw, image = connect_raw(), base64.b64encode(face_jpeg()).decode()
        answers = [raw.ask({"command": "predict", "image": image, **named}) for named in ({"prior": "odd"}, {})]
    assert [answer["status"] for answer in answers] == ["error", "success"]
    assert answers[0]["error"]["code"] == "validation_failed"
    assert list(answers[0]["error"]["details"]) == ["prior"]
