"""Validation of what a client sends, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...contract.schemas.fields import UNKNOWN_PRIOR
from ...contract.schemas.session_commands import NO_OFFSET
from ...contract.session_fields import MAX_OFFSET_MS
from ...errors import N_, ValidationFailed
from ...vision.images.decoding import image_value
from ...vision.priors import Prior

MAX_SEQ_LENGTH = 64


def seq_of(payload: Any) -> int | float | str | None:
    """Return the number by which a client tells its answers apart, None where it sent none or no fit one."""
    seq = payload.get("seq") if isinstance(payload, Mapping) else None
    if isinstance(seq, str):
        return seq if len(seq) <= MAX_SEQ_LENGTH else None
    return seq if isinstance(seq, int | float) and not isinstance(seq, bool) and abs(seq) < 2**63 else None


def image_of(payload: Any) -> bytes | str:
    """Return the image of a `predict` payload, still as it was sent; raises MissingImage, ValidationFailed."""
    return image_value(payload.get("image") if isinstance(payload, Mapping) else payload)


def flag_of(payload: Any, name: str) -> bool:
    """Return the truth value `name` of a payload, true where it is not given; raises ValidationFailed."""
    value = payload.get(name, True) if isinstance(payload, Mapping) else True
    if not isinstance(value, bool):
        raise ValidationFailed({name: [N_("Not a valid boolean.")]})
    return value


def prior_of(payload: Any, default: Prior) -> Prior:
    """Return the prior of a payload, `default` where it names none; raises ValidationFailed."""
    value = payload.get("prior") if isinstance(payload, Mapping) else None
    if value is None:
        return default
    if not isinstance(value, str) or value not in set(Prior):
        raise ValidationFailed({"prior": [UNKNOWN_PRIOR]})
    return Prior(value)


def offset_of(payload: Any) -> int | None:
    """Return a video's own time in milliseconds, None where the payload gives none; raises ValidationFailed."""
    value = payload.get("offset_ms") if isinstance(payload, Mapping) else None
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MAX_OFFSET_MS:
        raise ValidationFailed({"offset_ms": [NO_OFFSET]})
    return int(value)


def token_of(payload: Any) -> str | None:
    """Return the token of a payload, None where there is none; raises ValidationFailed."""
    token = payload.get("token") if isinstance(payload, Mapping) else None
    if token is not None and not isinstance(token, str):
        raise ValidationFailed({"token": [N_("Not a valid string.")]})
    return token or None
