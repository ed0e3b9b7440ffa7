"""The application with a picture that sticks in native code, and little patience; for `test_stuck_threads`."""

from __future__ import annotations

import ctypes
from typing import Any

from visionai.inference import engine
from visionai.vision import analyzer

engine.PATIENCE_SECONDS = 1.0

STUCK = b"\xff\xd8\xff stuck"
STUCK_SECONDS = 600

_decode = analyzer.decode


def _decode_or_stick(data: bytes, *arguments: Any, **options: Any) -> Any:
    if data.startswith(STUCK):
        ctypes.CDLL(None).sleep(STUCK_SECONDS)
    return _decode(data, *arguments, **options)


analyzer.decode = _decode_or_stick

from wsgi import app  # noqa: E402

__all__ = ["app"]
