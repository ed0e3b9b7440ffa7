"""Servers on one PostgreSQL and one Redis behind a proxy, as every deployment of several has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.postgres import Cluster
from tests.support.redis_server import redis_or_skip
from tests.support.servers import Server, start_server

Start = Callable[..., Server]


@pytest.fixture(scope="module")
def start(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start a server, named as its folder is, beside those that were started before."""
    folder = tmp_path_factory.mktemp("servers")
    redis = redis_or_skip(folder)
    shared = {"DATABASE_URL": cluster.new_database(), "REDIS_URL": next(redis).url, "TRUSTED_PROXIES": "1"}
    servers: list[Server] = []

    def start(name: str, port: int | None = None, **settings: str) -> Server:
        servers.append(start_server(folder / name, port, **shared, **settings))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
    redis.close()
