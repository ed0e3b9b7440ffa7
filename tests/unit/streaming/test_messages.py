"""JSON of strangers."""

from __future__ import annotations

import pytest
from engineio.packet import Packet
from flask import Flask

from visionai.contract.bounded_json import load_object
from visionai.errors import InvalidJSON
from visionai.streaming.messages import render


def test_an_object_is_parsed() -> None:
    assert load_object('{"command": "health", "seq": 1}') == {"command": "health", "seq": 1}


def test_a_long_picture_in_base64_is_parsed() -> None:
    assert load_object(render({"image": "A" * 5_000_000}))["image"] == "A" * 5_000_000


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "5", '"text"', "null", "[" * 100_000, '{"a":' * 5_000, "[" + "{}," * 50_000 + "{}]", "\0"],
    ids=lambda text: text[:8] or "nothing",
)
def test_what_is_no_reasonable_object_is_refused(text: str) -> None:
    with pytest.raises(InvalidJSON):
        load_object(text)


def test_a_packet_of_a_client_in_this_process_may_be_plain_text(app: Flask) -> None:
    # A server sets the JSON of every packet of its process.
    assert Packet(encoded_packet="3probe").data == "probe"
