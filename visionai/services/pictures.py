"""The bytes of a picture, however a client wrapped them."""

from __future__ import annotations

from flask import current_app

from .. import concurrency
from ..errors import N_, MissingImage, ValidationFailed
from ..vision.images import Limits, bytes_from_text

_LONG = 1 << 20
"""Characters beyond which a native thread decodes; below, the way there and back takes longer than the decoding."""


def picture_bytes(value: object) -> bytes:
    """Return the bytes that `value` holds: bytes themselves, or a text of base64 or a data URL.

    Raises MissingImage for nothing, TooLarge, InvalidBase64, ValidationFailed for what is neither, and Busy.
    """
    if value is None or value in ("", b""):
        raise MissingImage
    if isinstance(value, str):
        return _from_text(value, Limits(max_bytes=current_app.config["MAX_IMAGE_BYTES"]))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise ValidationFailed({"image": [N_("Give bytes, base64 or a data URL.")]})


def _from_text(text: str, limits: Limits) -> bytes:
    decoded: bytes = (
        concurrency.call_native(bytes_from_text, text, limits) if len(text) > _LONG else bytes_from_text(text, limits)
    )
    return decoded
