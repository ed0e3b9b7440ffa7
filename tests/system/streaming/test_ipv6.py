"""HOST=::1: the server listens on IPv6, answers there, and keeps no more of such an address than configured."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server
from tests.system.streaming.conftest import MODES, RawClient


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")


@pytest.fixture(params=MODES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    server = start_server(tmp_path, host="::1", ASYNC_MODE=request.param)
    yield server
    assert server.stop() == 0


def test_requests_and_sockets_are_answered_over_ipv6(server: Server) -> None:
    assert server.url.startswith("http://[::1]:")
    answer = requests.post(
        f"{server.url}/api/v1/predict", data=face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=30
    )
    assert answer.status_code == 200
    client = RawClient(server.websocket_url + "/ws")
    assert client.ask(face_jpeg())["status"] == "success"
    client.close()
