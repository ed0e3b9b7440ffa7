"""A client of VisionAI: the apparent expression of faces, over REST and over a stream."""

from __future__ import annotations

from . import answers
from ._async.client import AsyncClient
from ._async.newest import AsyncNewest
from ._async.stream import AsyncStream
from ._sync.client import Client
from ._sync.newest import Newest
from ._sync.stream import Stream
from .errors import ApiError, SignatureError, StreamError, VisionAIError
from .signatures import verify_webhook

__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncNewest",
    "AsyncStream",
    "Client",
    "Newest",
    "SignatureError",
    "Stream",
    "StreamError",
    "VisionAIError",
    "answers",
    "verify_webhook",
]
__version__ = "1.0.0"
