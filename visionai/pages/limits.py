"""Limits of this server for its pages: forms and scripts are told them, and state none of their own."""

from __future__ import annotations

from typing import Any

from flask import current_app

from ..contract.session_fields import MAX_MARKER, MAX_PARTICIPANT, MAX_TITLE
from ..services.accounts import names, passwords
from ..services.statistics.buckets import MAX_DAYS, MAX_HOURS_BY_MINUTE
from ..services.weights.calibrations import MAX_NAME_LENGTH
from ..services.weights.labelled import MOST_PICTURES


def of_server() -> dict[str, Any]:
    """Return what names, passwords, pictures, sessions' texts and periods may be; bytes, pixels, characters and days.

    Frames of a stream are not among them: a stream tells its own limits when it greets a client.
    """
    config = current_app.config
    return {
        "username": {
            "min_length": names.MIN_LENGTH,
            "max_length": names.MAX_LENGTH,
            "pattern": _for_html(names.PATTERN),
        },
        "password": {"min_bytes": passwords.MIN_BYTES, "max_bytes": passwords.MAX_BYTES},
        "image": {"max_bytes": config["MAX_IMAGE_BYTES"], "max_pixels": config["MAX_IMAGE_PIXELS"]},
        "batch": {"max_bytes": config["MAX_BATCH_BYTES"], "max_files": config["MAX_BATCH_FILES"]},
        "calibration": {"max_pictures": MOST_PICTURES, "max_name_length": MAX_NAME_LENGTH},
        "session": {"max_title": MAX_TITLE, "max_participant": MAX_PARTICIPANT, "max_marker": MAX_MARKER},
        "max_days": MAX_DAYS,
        "max_hours_by_minute": MAX_HOURS_BY_MINUTE,
    }


def _for_html(pattern: str) -> str:
    r"""Return `pattern` for an input, where a hyphen in a class stands behind a "\", even at its end.

    Browsers read it with the flag "v" (https://html.spec.whatwg.org/#the-pattern-attribute).
    """
    return pattern.replace("-]", r"\-]")
