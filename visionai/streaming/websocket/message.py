"""Message assembly from fragments (RFC 6455, section 5.4), with a limit by kind and UTF-8 checked as it arrives."""

from __future__ import annotations

from codecs import IncrementalDecoder, getincrementaldecoder

from .frames import CloseCode, Head, Opcode, Violation

MAX_FRAGMENTS = 1024
"""Empty fragments cost a client six bytes each and would never reach a limit in bytes."""

_utf8_decoder = getincrementaldecoder("utf-8")


class Message:
    """A message on its way: `admit` each frame by its head, then `add` its payload."""

    def __init__(self, *, text_limit: int, binary_limit: int) -> None:
        self._text_limit = text_limit
        self._binary_limit = binary_limit
        self._kind: Opcode | None = None
        self._fragments = 0
        self._pieces: list[bytes] = []
        self._texts: list[str] = []
        self._decoder: IncrementalDecoder | None = None
        self.size = 0
        """Bytes that were admitted so far."""

    @property
    def begun(self) -> bool:
        """Whether a frame of it has been admitted."""
        return self._kind is not None

    @property
    def is_text(self) -> bool:
        """Whether it is text; False of one that has not begun."""
        return self._kind is Opcode.TEXT

    def admit(self, head: Head) -> None:
        """Accept a frame before its payload is read; raises Violation where it is out of order or too much."""
        if (head.opcode is Opcode.CONTINUATION) is not self.begun:
            raise Violation(CloseCode.PROTOCOL_ERROR, "frame out of order")
        if self._kind is None:
            self._kind = head.opcode
        limit = self._text_limit if self.is_text else self._binary_limit
        self.size += head.size
        if self.size > limit:
            raise Violation(CloseCode.TOO_BIG, f"over {limit} bytes")
        self._fragments += 1
        if self._fragments > MAX_FRAGMENTS:
            raise Violation(CloseCode.POLICY, "too many fragments")

    def add(self, payload: bytes, *, final: bool) -> str | bytes | None:
        """Take the payload of the frame admitted last; return the whole message once it is `final`.

        Raises Violation at the first frame in which a text is not UTF-8, not only at its end.
        """
        # Of a single item both joins return the item itself: a message in one frame is not copied.
        if not self.is_text:
            self._pieces.append(payload)
            return b"".join(self._pieces) if final else None
        if self._decoder is None:
            self._decoder = _utf8_decoder()
        try:
            self._texts.append(self._decoder.decode(payload, final))
        except UnicodeDecodeError as err:
            raise Violation(CloseCode.NOT_TEXT, "not UTF-8") from err
        return "".join(self._texts) if final else None
