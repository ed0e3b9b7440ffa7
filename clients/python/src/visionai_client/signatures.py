"""Signatures of webhooks, as Standard Webhooks describes them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from .errors import SignatureError

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"


def verify_webhook(secret: str, body: bytes, headers: Mapping[str, str], now: float | None = None) -> Any:
    """Check that a delivery is the server's, and return what it says; raises SignatureError.

    `secret` is the webhook's, `body` exactly what came, `now` in seconds since 1970.
    """
    known = {name.lower(): value for name, value in headers.items()}
    try:
        sent, timestamp = known["webhook-id"], known["webhook-timestamp"]
        signatures, age = known["webhook-signature"], abs((time.time() if now is None else now) - float(timestamp))
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (KeyError, ValueError, binascii.Error) as error:
        raise SignatureError("A header of the signature is missing or broken, or the secret is.") from error
    if not age <= TOLERANCE_SECONDS:
        raise SignatureError("The delivery is not of now.")
    digest = hmac.digest(key, f"{sent}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = b"v1," + base64.b64encode(digest)
    if not any(hmac.compare_digest(expected, one.encode()) for one in signatures.split(" ")):
        raise SignatureError("No signature fits the secret.")
    return json.loads(body)
