"""Sessions of `static/js/visionai-client.js`: over a cut connection, moved, lost, and with a token that ends."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.images import face_jpeg
from tests.support.servers import Server

from .test_javascript import client_library, node

HERE = Path(__file__).parent

__all__ = ["client_library"]


def printed(script: str, *words: str) -> dict[str, Any]:
    """Run a script and return what it prints."""
    command = [node(), str(HERE / script), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def seen(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a client saw of its sessions on a real server."""
    frame = tmp_path_factory.mktemp("frame") / "face.jpg"
    frame.write_bytes(face_jpeg())
    return printed("client_sessions.mjs", server.url, str(frame))


def test_a_session_is_begun_marked_and_ended(seen: dict[str, Any]) -> None:
    assert seen["begun"] == ["open", "Interview", True, True]
    assert seen["marked"] == "question 3"
    assert seen["summary"][0] == "ended"
    assert seen["summary"][-1] is None


def test_a_client_that_was_cut_off_goes_on_and_is_told_of_the_gap(seen: dict[str, Any]) -> None:
    assert seen["told"] == [["resumed", True, True]]
    assert seen["people"] == [1, 2]
    assert seen["summary"] == ["ended", 1, 2, None]


def test_a_session_that_moves_is_over_for_the_client_that_had_it(seen: dict[str, Any]) -> None:
    assert seen["moved"] == ["moved", None, True]


def test_a_session_that_ended_meanwhile_is_lost_and_frames_go_on_outside(seen: dict[str, Any]) -> None:
    assert seen["lost"] == ["lost", None, None]


@pytest.fixture(scope="module")
def done() -> dict[str, Any]:
    """What a client did before a server that answers as the test wants."""
    return printed("client_tokens.mjs")


def test_a_session_that_is_lost_with_its_token_goes_on_with_the_next(done: dict[str, Any]) -> None:
    assert done["token"] == {"claim": {"token": "new", "session": "u"}, "told": ["resumed"], "kept": "u"}


def test_a_session_that_is_lost_alone_is_over(done: dict[str, Any]) -> None:
    assert done["lost"] == {"told": ["lost"], "session": None}


def test_a_session_that_cannot_be_had_just_now_is_asked_for_again(done: dict[str, Any]) -> None:
    assert done["later"] == {"told": ["resumed"], "kept": "u"}


def test_a_session_that_has_ended_is_not_asked_for_again(done: dict[str, Any]) -> None:
    assert done["ended"] == {"told": ["lost"], "session": None}


def test_a_topic_is_asked_for_once_on_each_connection(done: dict[str, Any]) -> None:
    assert done["topics"] == {"first": 1, "both": 2}
