"""The columns that a recording fills, by their names, and what each of them is in words for the person seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..errors import N_

Columns = Mapping[str, str]

ADDRESS: Columns = MappingProxyType(
    {
        "truncated": N_(
            "The first part of your network address (24 bits of IPv4, 48 bits of IPv6); the rest is made zero."
        ),
        "full": N_("Your whole network address."),
        "off": N_("Nothing: this stays empty."),
    }
)
"""What a row keeps of the address, by the value of SOURCE_IP."""

LOG: Columns = MappingProxyType(
    {
        "predic_id": N_("The number of the row."),
        "uid": N_("An identifier of the row. It holds the moment in which it was made and nothing else about you."),
        "timestamp": N_("The date and the time."),
        "emotion_id": N_("The apparent expression, one of the seven."),
        "confidence": N_("How sure that expression is, from 0 to 1."),
        "scores": N_("The seven scores, one for each expression."),
        "uncertain": N_("Whether the confidence is below 0.5."),
        "frames": N_("How many frames the row stands for."),
        "person": N_("The number of the person in the session: first, second and so on. Nobody is recognised."),
        "session_id": N_("The session that the row belongs to, if there is one."),
        "offset_ms": N_("How long after the start of the session, or where in the video, in milliseconds."),
        "model_id": N_("The version of the network that read the face."),
        "processing_time_ms": N_("How long the reading took, in milliseconds."),
        "user_id": N_("Your account, if you are signed in; else nothing."),
        "source_ip": ADDRESS["truncated"],
    }
)
"""`predictions_log`; what `source_ip` is depends on the setting."""

SESSIONS: Columns = MappingProxyType(
    {
        "session_id": N_("The number of the session."),
        "uid": N_("A random identifier of the session, by which it is read and deleted."),
        "user_id": N_("The account of whoever started it, if signed in; else nothing."),
        "title": N_("A title, if whoever started it wrote one."),
        "participant": N_("A name or code of who takes part, if whoever started it wrote one."),
        "notes": N_("Notes, if somebody wrote some."),
        "source": N_("Whether it is of a camera, a video or single pictures."),
        "status": N_("Whether it is open, has ended, or lost its connection."),
        "started_at": N_("When it began."),
        "ended_at": N_("When it ended."),
        "seen_at": N_("When its page or program was connected last."),
        "seconds": N_("How many seconds of people were counted."),
        "frames": N_("How many frames these stand for."),
        "people": N_("How many people were counted."),
        "gaps": N_("From when to when the connection was away."),
        "holder": N_("A random identifier of the connection that records."),
        "receipt_sha256": N_("A fingerprint (SHA-256) of the receipt, if you are not signed in; never the receipt."),
    }
)
"""`sessions`."""

PEOPLE: Columns = MappingProxyType(
    {
        "session_id": N_("The number of the session."),
        "person": N_("The number of the person in it."),
        "label": N_("A name for that number, if somebody wrote one."),
        "first_offset_ms": N_("When the person was seen first, in milliseconds from the start."),
        "last_offset_ms": N_("When the person was seen last."),
        "seconds": N_("In how many seconds the person was seen."),
        "frames": N_("How many frames these stand for."),
    }
)
"""`session_people`."""

MARKERS: Columns = MappingProxyType(
    {
        "marker_id": N_("The number of the mark."),
        "session_id": N_("The number of the session."),
        "offset_ms": N_("Which moment is marked, in milliseconds from the start."),
        "label": N_("What somebody wrote for that moment."),
    }
)
"""`session_markers`."""

DELIVERIES: Columns = MappingProxyType(
    {
        "delivery_id": N_("The number of the message."),
        "uid": N_("A random identifier of the message."),
        "webhook_id": N_("To whom it goes."),
        "session_id": N_("The session that it tells of."),
        "event": N_("What happened: the session ended, or a rule came true in it."),
        "payload": N_(
            "The message: title, participant, times and counts of the session; or which numbers showed the expression "
            "of a rule, and for how many seconds."
        ),
        "status": N_("Whether it waits, came through, or failed."),
        "tries": N_("How often it was sent."),
        "created_at": N_("When it was written."),
        "next_try_at": N_("When it is sent next."),
        "last_status": N_("What was answered last."),
        "error": N_("Why it failed last."),
        "took_ms": N_("How long sending took, in milliseconds."),
        "delivered_at": N_("When it came through."),
    }
)
"""`webhook_deliveries`."""

HOLDS: Columns = MappingProxyType({"rule_id": N_("The rule."), "session_id": N_("The number of the session.")})
"""`rule_holds`."""

COUNTERS: Columns = MappingProxyType(
    {
        "hour": N_("The hour, in the counts by hour."),
        "day": N_("The day, in the counts by day."),
        "emotion_id": N_("The apparent expression."),
        "user_id": N_("0 for everybody; if you are signed in, you are counted under your account as well."),
        "count": N_("How many rows there were."),
        "confidence_sum": N_("The sum of their confidences."),
        "last_timestamp": N_("The time of the last of them."),
    }
)
"""`prediction_hourly`, `prediction_daily` and `prediction_totals` together."""
