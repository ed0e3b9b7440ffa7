"""The application with pictures that take their time in native code; for clients that send more than that."""

from __future__ import annotations

import time
from typing import Any

from visionai.vision import analyzer

SECONDS = 0.1

_decode = analyzer.decode


def _decode_slowly(*arguments: Any, **options: Any) -> Any:
    time.sleep(SECONDS)
    return _decode(*arguments, **options)


analyzer.decode = _decode_slowly

from wsgi import app  # noqa: E402

__all__ = ["app"]
