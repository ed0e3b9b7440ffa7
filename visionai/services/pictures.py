"""The bytes of a picture, however a client wrapped them."""

from __future__ import annotations

from flask import current_app

from ..errors import N_, MissingImage, ValidationFailed
from ..vision.images import Limits, bytes_from_text


def picture_bytes(value: object) -> bytes:
    """Return the bytes that `value` holds: bytes themselves, or a text of base64 or a data URL.

    Raises MissingImage for nothing, TooLarge, InvalidBase64, and ValidationFailed for what is neither.
    """
    if value is None or value in ("", b""):
        raise MissingImage
    if isinstance(value, str):
        return bytes_from_text(value, Limits(max_bytes=current_app.config["MAX_IMAGE_BYTES"]))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise ValidationFailed({"image": [N_("Give bytes, base64 or a data URL.")]})
