"""Both Python clients, with every flag, against a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from visionai import ROOT

EXAMPLES = ROOT / "examples"
PASSWORD = "a good long one"
FAKE_CAMERA = ROOT / "tests" / "support" / "fake_cv2.py"


@dataclass(frozen=True)
class Program:
    """An example client, told where the server is."""

    file: str
    url: str
    folder: Path

    def __call__(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(EXAMPLES / self.file), "--url", self.url, *words]
        path = os.pathsep.join([str(self.folder), os.environ.get("PYTHONPATH", "")])
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture(params=["stream_client.py", "websocket_client_example.py"])
def program(request: pytest.FixtureRequest, server_url: str, tmp_path: Path, photo: Path) -> Program:
    shutil.copy(photo, tmp_path / "photo.jpg")
    url = server_url if request.param == "stream_client.py" else server_url.replace("http", "ws") + "/ws"
    return Program(request.param, url, tmp_path)


def test_a_picture_is_read(program: Program) -> None:
    done = program("photo.jpg")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("photo.jpg: happy ")
    assert "(1 face, " in done.stdout


@pytest.mark.parametrize(
    ("flag", "field"), [("--health", "clients_connected"), ("--emotions", "emotions"), ("--model-info", "info")]
)
def test_a_question_is_answered_in_json(program: Program, flag: str, field: str) -> None:
    done = program(flag)
    assert done.returncode == 0, done.stderr
    assert field in json.loads(done.stdout)


def test_the_pictures_of_a_folder_are_read_in_their_order(program: Program) -> None:
    folder = program.folder / "pictures"
    folder.mkdir()
    for name in ("b.JPG", "a.jpg"):
        shutil.copy(program.folder / "photo.jpg", folder / name)
    (folder / "notes.txt").write_text("no picture")
    done = program("--folder", "pictures")
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ["a.jpg", "b.JPG"]


def test_a_broken_picture_is_an_error_and_the_next_one_is_read(program: Program) -> None:
    (program.folder / "broken.jpg").write_bytes((program.folder / "photo.jpg").read_bytes()[:2000])
    done = program("broken.jpg", "photo.jpg")
    broken, whole = done.stdout.splitlines()
    assert "happy" not in broken
    assert "happy" in whole
    assert done.returncode == 1


def test_with_a_user_the_prediction_is_the_users(program: Program, server_url: str) -> None:
    name = program.file.partition("_")[0]
    account = {"username": name, "password": PASSWORD}
    assert requests.post(f"{server_url}/api/v1/auth/register", json=account, timeout=10).status_code in (201, 409)
    done = program("photo.jpg", "--user", name, VISIONAI_PASSWORD=PASSWORD)
    assert done.returncode == 0, done.stderr
    token = requests.post(f"{server_url}/api/v1/auth/login", json=account, timeout=10).json()["access_token"]
    assert program("photo.jpg", "--token", token).returncode == 0
    assert users_of_rows(server_url, token, rows=2) == [name, name]


def users_of_rows(server_url: str, token: str, rows: int) -> list[str]:
    """Whose the rows of the token's user are, once there are so many; a frame's row is written a moment later."""
    users: list[str] = []
    for _ in range(100):
        recent = requests.get(
            f"{server_url}/api/v1/dashboard/recent?user=me", headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        users = [row["user"] for row in recent.json()["predictions"]]
        if len(users) >= rows:
            break
        time.sleep(0.1)
    return users


def test_a_wrong_password_is_said_in_a_line(program: Program) -> None:
    done = program("photo.jpg", "--user", "nobody", VISIONAI_PASSWORD=PASSWORD)
    assert done.returncode != 0
    assert done.stderr.startswith("Login: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_token_that_is_not_valid_is_said_in_a_line(program: Program) -> None:
    done = program("photo.jpg", "--token", "nonsense")
    assert done.returncode != 0
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_without_a_server_it_says_so_in_a_line(program: Program) -> None:
    done = program("photo.jpg", "--url", "http://127.0.0.1:9" if "stream" in program.file else "ws://127.0.0.1:9/ws")
    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1


def test_asking_for_nothing_tells_what_there_is(program: Program) -> None:
    done = program()
    assert done.returncode == 2
    assert "--camera" in done.stderr


def test_without_opencv_the_camera_says_what_to_install(program: Program) -> None:
    (program.folder / "cv2.py").write_text("raise ImportError")
    done = program("--camera")
    assert done.returncode == 1
    assert done.stderr == "The camera needs OpenCV: pip install opencv-python\n"


def test_a_camera_is_read_until_it_ends(program: Program) -> None:
    shutil.copy(FAKE_CAMERA, program.folder / "cv2.py")
    done = program("--camera", FAKE_CAMERA=str(program.folder / "photo.jpg"))
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [["camera:", "happy"]] * 2


def test_a_camera_that_is_not_there_is_said_in_a_line(program: Program) -> None:
    shutil.copy(FAKE_CAMERA, program.folder / "cv2.py")
    done = program("--camera", "7", FAKE_CAMERA="photo.jpg")
    assert done.returncode == 1
    assert "no camera 7" in done.stderr


@pytest.mark.parametrize("url", ["http://", "ws://", "ftp://127.0.0.1", "127.0.0.1:8000", "ws://127.0.0.1:x/ws", "://"])
def test_a_url_of_no_server_is_said_in_a_line(program: Program, url: str) -> None:
    done = program("photo.jpg", "--url", url)
    assert done.returncode == 1
    assert done.stderr.startswith("--url takes ")
    assert len(done.stderr.splitlines()) == 1


def test_a_refused_token_keeps_its_reason(program: Program) -> None:
    done = program("photo.jpg", "--token", "nonsense")
    assert "token" in (done.stdout + done.stderr).lower().replace("token es", "token")
    assert "not valid" in done.stdout + done.stderr or "no es válido" in done.stdout + done.stderr
