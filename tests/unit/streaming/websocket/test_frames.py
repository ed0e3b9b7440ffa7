"""Heads and close frames by themselves; every combination is in the conformance tests."""

from __future__ import annotations

import pytest

from visionai.streaming.websocket.frames import CloseCode, Head, Opcode, Violation, close_frame, read_head

from .client import ping, sent_by_client


class Bytes:
    """Bytes of which so many are taken, and how many are left."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def take(self, size: int) -> bytes:
        taken, self.data = self.data[:size], self.data[size:]
        return taken


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 1 << 40])
def test_a_head_tells_the_size_before_mask_and_payload(size: int) -> None:
    line = Bytes(sent_by_client(Opcode.BINARY, b"payload", announced=size))
    assert read_head(line.take) == Head(final=True, opcode=Opcode.BINARY, size=size)
    assert len(line.data) == len(b"mask") + len(b"payload")


def test_a_ping_that_is_too_long_is_refused_by_its_head() -> None:
    line = Bytes(ping(b"x" * 126))
    with pytest.raises(Violation) as violation:
        read_head(line.take)
    assert violation.value.code is CloseCode.PROTOCOL_ERROR
    assert len(line.data) == len(b"mask") + 126


def test_a_long_reason_is_cut_between_characters() -> None:
    sent = close_frame(CloseCode.POLICY, "a" + "ñ" * 100)
    assert sent[:2] == bytes((0x88, 2 + 123))
    assert sent[4:].decode() == "a" + "ñ" * 61
