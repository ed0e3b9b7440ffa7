"""A real server that the examples speak to, and the picture that they send."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from tests.support.servers import start_server


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server is, for all tests of the examples."""
    server = start_server(tmp_path_factory.mktemp("examples"))
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a smiling face."""
    file = tmp_path_factory.mktemp("photo") / "photo.jpg"
    Image.fromarray(data.astronaut()).save(file)
    return file
