"""Pictures that cost far more than they weigh, many at once and by every way in: nobody else is made to wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle

import psutil
import pytest
import requests
import websocket

from tests.support.hostile_images import HOSTILE, chunk, png
from tests.support.images import face_jpeg
from tests.support.servers import Server
from tests.system.streaming.conftest import Client, RawClient

MEGABYTE = 1 << 20
MOST_MEMORY = 600 * MEGABYTE
LONG_WAIT = 2.0
ATTACK_SECONDS = 8.0

Attack = Callable[[Server, bytes], None]

# Small enough for a frame, and the ones that are decoded after all.
PICTURES = [
    "a sequential JPEG of thousands of empty scans",
    "a progressive JPEG of 60 megapixels",
    "a CMYK JPEG of 60 megapixels",
    "a PNG of 300 profiles",
    "a PNG of 49 megapixels of 16-bit grey",
    "an interlaced PNG of 49 megapixels",
    "a lossless WebP of 46 bytes and 14 megapixels",
    "a lossless WebP of 46 bytes and 64 megapixels",
    "a bitmap of run lengths",
    "a JPEG of 700,000 tiny application segments",
]


@pytest.fixture(scope="module")
def pictures() -> list[bytes]:
    large = [png(6500, 6500), png(3600, 4400, chunk(b"tRNS", bytes(6)))]
    return [HOSTILE[name]() for name in PICTURES] + large


def by_rest(server: Server, data: bytes) -> None:
    answer = requests.post(
        f"{server.url}/api/v1/predict", data=data, headers={"Content-Type": "image/jpeg"}, timeout=60
    )
    assert answer.status_code in (413, 415, 422, 503), answer.text


def by_batch(server: Server, data: bytes) -> None:
    files = [("files", (f"{index}", data)) for index in range(4)]
    answer = requests.post(f"{server.url}/api/v1/predict/batch", files=files, timeout=60)
    assert answer.status_code in (200, 413, 503), answer.text


def by_websocket(server: Server, data: bytes) -> None:
    client = RawClient(server.websocket_url + "/ws")
    client.socket.settimeout(60)
    client.ask(data)
    client.close()


def by_socketio(server: Server, data: bytes) -> None:
    client = Client(server.url)
    client.call("predict", {"image": data})
    client.close()


WAYS: dict[str, Attack] = {"rest": by_rest, "batch": by_batch, "ws": by_websocket, "socketio": by_socketio}


class Bystander:
    """A client with a camera that sends one frame after the other, and notes how long it waits."""

    def __init__(self, server: Server) -> None:
        self._client = RawClient(server.websocket_url + "/ws")
        self._client.socket.settimeout(60)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.waits: list[float] = []
        self.statuses: set[str] = set()

    def _run(self) -> None:
        while not self._stop.is_set():
            begun = time.monotonic()
            self.statuses.add(self._client.ask(face_jpeg())["status"])
            self.waits.append(time.monotonic() - begun)
            self._stop.wait(0.1)

    def __enter__(self) -> Bystander:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._client.close()


@contextmanager
def watched_memory(server: Server) -> Iterator[list[int]]:
    """Note the most bytes that any one process of the server has, ten times a second."""
    most, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            with suppress(psutil.Error):
                most[0] = max(most[0], *(worker.memory_info().rss for worker in server.workers))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("at_once", [2, 16])
@pytest.mark.parametrize("way", WAYS)
def test_a_bystander_is_answered_soon_and_memory_stays_bounded(
    server: Server, pictures: list[bytes], way: str, at_once: int
) -> None:
    until = time.monotonic() + ATTACK_SECONDS
    failures: list[BaseException] = []

    def attack(first: int) -> None:
        turns = cycle(pictures[first % len(pictures) :] + pictures[: first % len(pictures)])
        try:
            while time.monotonic() < until:
                WAYS[way](server, next(turns))
        except (AssertionError, OSError, websocket.WebSocketException) as failure:
            failures.append(failure)

    attackers = [threading.Thread(target=attack, args=(index,)) for index in range(at_once)]
    with watched_memory(server) as most, Bystander(server) as bystander:
        for attacker in attackers:
            attacker.start()
        for attacker in attackers:
            attacker.join()
    print(f"{way} x{at_once}: longest wait {max(bystander.waits):.2f} s of {len(bystander.waits)}, {most[0] >> 20} MB")
    assert failures == []
    assert holds_nothing(server)
    assert bystander.statuses == {"success"}
    assert long_waits(bystander) <= len(bystander.waits) / 20
    assert most[0] < MOST_MEMORY


def long_waits(bystander: Bystander) -> int:
    """Return how many answers took long: one may be another program's doing, what attackers do lasts."""
    return sum(wait >= LONG_WAIT for wait in bystander.waits)


def holds_nothing(server: Server) -> bool:
    """Tell whether the memory of all bodies is given back, now or within seconds: connections may still be closing."""
    for _ in range(100):
        if "visionai_body_bytes 0.0" in requests.get(f"{server.url}/metrics", timeout=60).text:
            return True
        time.sleep(0.1)
    return False


def test_stalled_batches_are_refused_before_they_fill_the_memory(server: Server) -> None:
    def half_a_batch() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n' + bytes(MEGABYTE)
        while not over.wait(0.05):
            yield bytes(MEGABYTE)

    over = threading.Event()
    refused: list[int] = []

    def stall() -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(49 * MEGABYTE)}
        request = requests.Request("POST", f"{server.url}/api/v1/predict/batch", headers=headers, data=half_a_batch())
        with requests.Session() as session, suppress(requests.RequestException):
            prepared = session.prepare_request(request)
            prepared.headers.pop("Transfer-Encoding", None)
            prepared.headers["Content-Length"] = str(49 * MEGABYTE)
            answer = session.send(prepared, timeout=30)
            refused.append(answer.status_code)
            if answer.status_code == 503:
                assert answer.headers["Retry-After"]

    stalled = [threading.Thread(target=stall) for _ in range(20)]
    with watched_memory(server) as most, Bystander(server) as bystander:
        for one in stalled:
            one.start()
        time.sleep(5)
        over.set()
        for one in stalled:
            one.join()
    assert refused.count(503) >= 18
    print(f"stalled batches: longest wait {max(bystander.waits):.2f} s, {most[0] >> 20} MB, {refused}")
    assert long_waits(bystander) <= len(bystander.waits) / 20
    assert most[0] < MOST_MEMORY
