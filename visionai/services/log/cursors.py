"""Cursors of keyset pagination: a row's instant and id, as opaque text that fits into a query string."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

from ...errors import N_, ValidationFailed

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_of(moment: datetime, row_id: int) -> str:
    """Return the cursor of the row at that place."""
    microseconds = (moment - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(f"{microseconds}.{row_id}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> tuple[datetime, int]:
    """Return the instant and the id of a cursor; raises ValidationFailed for one that is not of ours."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        microseconds, row_id = map(int, text.split("."))
        place = _EPOCH + timedelta(microseconds=microseconds), row_id
    except (binascii.Error, ValueError, OverflowError) as err:
        raise ValidationFailed({"cursor": [N_("Give the “next_cursor” of a page as it was.")]}) from err
    if not 0 <= row_id < 1 << 63:
        raise ValidationFailed({"cursor": [N_("Give the “next_cursor” of a page as it was.")]})
    return place
