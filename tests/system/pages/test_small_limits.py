"""A server that takes small pictures only: its pages make them small enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.servers import Server, start_server

from .conftest import Visitor

MOST_BYTES = 12_000


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose pictures and frames may have a few kilobytes."""
    most = str(MOST_BYTES)
    server = start_server(tmp_path_factory.mktemp("strict"), MAX_IMAGE_BYTES=most, STREAM_MAX_FRAME_BYTES=most)
    yield server
    assert server.stop() == 0


@pytest.fixture
def visit(browser: Browser, strict: Server) -> Iterator[Visitor]:
    visitor = Visitor(browser, strict)
    yield visitor
    visitor.close()


def test_a_picture_that_is_too_heavy_is_sent_smaller(visit: Visitor, photo: Path) -> None:
    assert photo.stat().st_size > MOST_BYTES
    page = visit("/")
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_contain_text("Happiness")


def test_frames_that_are_too_heavy_are_sent_smaller(visit: Visitor) -> None:
    page = visit("/live")
    page.click("#agree")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
