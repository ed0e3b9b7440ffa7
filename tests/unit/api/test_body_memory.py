"""Bodies of requests are held within a budget, and refused before they are read where there is no room."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.api.images import png
from visionai.body_memory import BodyMemory, body_memory
from visionai.concurrency import Share
from visionai.errors import Busy

MEGABYTE = 1 << 20
PREDICT = "/api/v1/predict"


@pytest.fixture
def settings() -> dict[str, str]:
    return {"BODY_MEMORY_MB": "8"}


class Unread(io.BytesIO):
    """A body that must not be read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readinto = read


@pytest.fixture
def full(app: Flask) -> Share:
    return body_memory(app).hold(7 * MEGABYTE)


@pytest.mark.usefixtures("full")
def test_a_body_beyond_the_budget_is_refused_unread_and_told_when_to_come_back(client: FlaskClient) -> None:
    length = {"CONTENT_LENGTH": str(3 * MEGABYTE)}
    answer = client.post(PREDICT, input_stream=Unread(), content_type="image/png", environ_overrides=length)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.usefixtures("full")
def test_a_small_body_is_taken_however_full_it_is(client: FlaskClient) -> None:
    answer = client.post(PREDICT, data=png(64, 48), content_type="image/png")
    assert answer.status_code == 200


@pytest.mark.parametrize("data", [b"x" * 100_000, png(200, 200)], ids=["broken", "whole"])
def test_what_a_body_held_is_given_back(client: FlaskClient, app: Flask, data: bytes) -> None:
    client.post(PREDICT, data=data, content_type="image/png")
    assert body_memory(app).used == 0


def test_a_body_as_large_as_the_budget_is_taken_when_it_is_alone() -> None:
    memory = BodyMemory(8 * MEGABYTE)
    share = memory.hold(50 * MEGABYTE)
    with pytest.raises(Busy):
        memory.hold(2 * MEGABYTE)
    share.close()
    assert memory.used == 0


def test_a_quarter_is_left_to_smaller_bodies() -> None:
    memory = BodyMemory(8 * MEGABYTE)
    shares = [memory.hold(3 * MEGABYTE) for _ in range(2)]
    with pytest.raises(Busy):
        memory.hold(2 * MEGABYTE)
    shares += [memory.hold(MEGABYTE) for _ in range(2)]
    assert memory.used == 8 * MEGABYTE
