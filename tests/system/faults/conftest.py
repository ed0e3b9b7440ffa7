"""A server that is mistreated, and a client that must not notice."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator

import pytest

from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server
from tests.system.streaming.conftest import MODES, RawClient

MEGABYTE = 1 << 20


@pytest.fixture(scope="session", autouse=True)
def _many_open_files() -> None:
    """Let this process hold thousands of connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16_384), most))


@pytest.fixture(scope="module", params=MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for each test file, in each mode, with its network loaded."""
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param)
    client = RawClient(server.websocket_url + "/ws")
    for _ in range(50):
        client.ask(face_jpeg())
    client.close()
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def bystander(server: Server) -> Iterator[RawClient]:
    """A client that was there before; at the end it must still be answered."""
    client = RawClient(server.websocket_url + "/ws")
    yield client
    assert client.ask(face_jpeg())["status"] == "success"
    client.close()


@pytest.fixture
def flat_memory(server: Server) -> Iterator[Callable[[int], None]]:
    """Let the server grow by so many megabytes and no more, whenever it is asked."""
    before = server.memory

    def check(megabytes: int) -> None:
        assert server.memory - before < megabytes * MEGABYTE

    yield check
    check(40)
