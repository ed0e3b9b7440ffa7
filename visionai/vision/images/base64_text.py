"""Base64 decoding of client input, a piece at a time.

Taking white space out of megabytes, or decoding them, in one call would keep every other thread out for a tenth of a
second; between two pieces others get their turn.
"""

from __future__ import annotations

import binascii

from visionai.errors import InvalidBase64

_PIECE = 262_144
"""Characters at a time; a multiple of four, which make three bytes."""

_WHITE_SPACE = b" \t\n\r\x0b\x0c"
_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def longest_text(size: int) -> int:
    """Return how many characters the base64 or data URL of `size` bytes may take.

    Four characters are three bytes (RFC 4648). Encoders break lines after 64 characters at the earliest (RFC 1421), and
    in JSON the two characters of a line break are four. The rest is for the head of a data URL.
    """
    return size * 4 // 3 * 68 // 64 + 1024


def base64_body(text: str) -> bytes:
    """Strip the data URL's head, white space and padding, and put the standard alphabet; raises InvalidBase64."""
    text = text.strip()
    if text[:5].lower() == "data:":
        head, comma, text = text.partition(",")
        if not comma or not head.lower().endswith(";base64"):
            raise InvalidBase64
    try:
        raw = text.encode("ascii")
    except UnicodeEncodeError as err:
        raise InvalidBase64 from err
    pieces = (raw[start : start + _PIECE] for start in range(0, len(raw), _PIECE))
    return b"".join(piece.translate(_FROM_URL_SAFE, _WHITE_SPACE) for piece in pieces).rstrip(b"=")


def decode_body(body: bytes) -> bytes:
    """Return the bytes that `base64_body` made ready; raises InvalidBase64."""
    try:
        return b"".join(_decode_piece(body[start : start + _PIECE]) for start in range(0, len(body), _PIECE))
    except binascii.Error as err:
        raise InvalidBase64 from err


def _decode_piece(piece: bytes) -> bytes:
    if b"=" in piece:  # Padding is at the end alone, and has been taken off there.
        raise InvalidBase64
    return binascii.a2b_base64(piece + b"=" * (-len(piece) % 4), strict_mode=True)
