"""What is written on a recorded session: source and status, and the limits of texts and offsets."""

from __future__ import annotations

from enum import StrEnum

from ..errors import N_


class SessionSource(StrEnum):
    """What a session is a run of: a live camera, a video, or calls that belong together."""

    CAMERA = "camera"
    VIDEO = "video"
    API = "api"


class SessionStatus(StrEnum):
    """Where a session stands: `open`, `ended` by its client, or `lost` with it."""

    OPEN = "open"
    ENDED = "ended"
    LOST = "lost"


MAX_TITLE, MAX_PARTICIPANT, MAX_NOTES, MAX_LABEL, MAX_MARKER = 200, 100, 10_000, 100, 200
"""The most characters of a session's texts, of a person's label and of a marker's."""

TOO_LONG = {
    100: N_("This has more than 100 characters."),
    200: N_("This has more than 200 characters."),
    10_000: N_("This has more than 10,000 characters."),
}
"""What is said of a text with more characters than that."""

MAX_OFFSET_MS = 366 * 24 * 3600 * 1000
"""A year: longer than any session or video, and far from what a column cannot hold."""
