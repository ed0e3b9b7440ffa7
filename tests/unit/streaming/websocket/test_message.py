"""A message from its frames, without a socket."""

from __future__ import annotations

import pytest

from visionai.streaming.websocket.frames import CloseCode, Head, Opcode, Violation
from visionai.streaming.websocket.message import MAX_FRAGMENTS, Message


@pytest.fixture
def message() -> Message:
    return Message(text_limit=10, binary_limit=20)


def add(message: Message, opcode: Opcode, payload: bytes, *, final: bool = False) -> str | bytes | None:
    message.admit(Head(final, opcode, len(payload)))
    return message.add(payload, final=final)


def test_a_binary_message_in_one_frame_is_not_copied(message: Message) -> None:
    payload = b"x" * 20
    assert add(message, Opcode.BINARY, payload, final=True) is payload


@pytest.mark.parametrize(("opcode", "whole"), [(Opcode.TEXT, "año"), (Opcode.BINARY, "año".encode())])
def test_fragments_are_put_together_even_within_a_character(message: Message, opcode: Opcode, whole: str) -> None:
    assert add(message, opcode, b"a\xc3") is None
    assert add(message, Opcode.CONTINUATION, b"\xb1") is None
    assert add(message, Opcode.CONTINUATION, b"o", final=True) == whole


@pytest.mark.parametrize(("opcode", "limit"), [(Opcode.TEXT, 10), (Opcode.BINARY, 20)])
def test_each_kind_has_a_limit_over_all_its_fragments(message: Message, opcode: Opcode, limit: int) -> None:
    add(message, opcode, b"x" * limit)
    with pytest.raises(Violation) as violation:
        message.admit(Head(final=True, opcode=Opcode.CONTINUATION, size=1))
    assert violation.value.code is CloseCode.TOO_BIG


def test_there_are_only_so_many_fragments(message: Message) -> None:
    add(message, Opcode.TEXT, b"")
    for _ in range(MAX_FRAGMENTS - 1):
        add(message, Opcode.CONTINUATION, b"")
    with pytest.raises(Violation) as violation:
        message.admit(Head(final=True, opcode=Opcode.CONTINUATION, size=0))
    assert violation.value.code is CloseCode.POLICY


def test_a_text_that_cannot_become_utf8_is_refused_at_that_frame(message: Message) -> None:
    with pytest.raises(Violation) as violation:
        add(message, Opcode.TEXT, b"\xff")
    assert violation.value.code is CloseCode.NOT_TEXT
