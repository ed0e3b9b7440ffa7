"""What is kept of a person, who sees it, for how long, and how to delete it: the one text of consent for every page.

The columns stand in `kept_columns`, which a test holds to the tables; the rest follows the settings DASHBOARD_PUBLIC,
REGISTRATION, SOURCE_IP, RETENTION_DAYS and STREAM_LOG_INTERVAL_MS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app

from ..errors import N_
from ..locale import ENGLISH, translate
from .kept_columns import ADDRESS, COUNTERS, DELIVERIES, HOLDS, LOG, MARKERS, PEOPLE, SESSIONS, Columns

Text = tuple[str, Mapping[str, Any]]
"""A template and the values to fill it with."""

NO_PICTURE = N_("No picture, no video and no sound is ever kept, and nobody is recognised.")


def of_server() -> dict[str, Any]:
    """Return the text of consent in the language of the request.

    `tables` are lists of columns with their names and meanings, `no_picture` is a sentence; `who`, `how_long` and
    `deletion` are sentences each. `version` names this text: it changes with the words and settings behind it, and not
    with the language.
    """
    return {**_texts(current_app.config), "version": _version(current_app.config)}


def _version(config: Mapping[str, Any]) -> str:
    texts = json.dumps(_texts(config, ENGLISH), sort_keys=True)
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def _texts(config: Mapping[str, Any], language: str | None = None) -> dict[str, Any]:
    def said(text: Text) -> str:
        return translate(*text, language)

    return {
        "no_picture": translate(NO_PICTURE, language=language),
        "tables": [
            {
                "names": names,
                "title": said(title),
                "columns": [(column, translate(meaning, language=language)) for column, meaning in columns.items()],
            }
            for names, title, columns in _tables(config)
        ],
        "who": [said(text) for text in _who(config)],
        "how_long": [said(text) for text in _how_long(config)],
        "deletion": [said(text) for text in _deletion()],
    }


def _tables(config: Mapping[str, Any]) -> list[tuple[tuple[str, ...], Text, Columns]]:
    log = {**LOG, "source_ip": ADDRESS[config["SOURCE_IP"]]}
    return [
        (("predictions_log",), _unit(config["STREAM_LOG_INTERVAL_MS"]), log),
        (("sessions",), (N_("Of each session, a row with:"), {}), SESSIONS),
        (("session_people",), (N_("Of each person in a session, a row with:"), {}), PEOPLE),
        (("session_markers",), (N_("Of each moment that somebody marks in a session, a row with:"), {}), MARKERS),
        (
            ("webhook_deliveries",),
            (N_("Where the owner of a session is told of it elsewhere (webhooks), of each message a row with:"), {}),
            DELIVERIES,
        ),
        (("rule_holds",), (N_("Of each rule of the owner that is true in a session just now, a row with:"), {}), HOLDS),
        (
            ("prediction_hourly", "prediction_daily", "prediction_totals"),
            (N_("Counts by hour, by day and in all, with:"), {}),
            COUNTERS,
        ),
    ]


def _unit(interval_ms: int) -> Text:
    if interval_ms == 0:
        return N_("Of each face in each frame, and of the largest face of each single picture, a row with:"), {}
    if interval_ms == 1000:
        return N_("Of each person a row a second, and of the largest face of each single picture a row, with:"), {}
    seconds = f"{interval_ms / 1000:g}"
    return (
        N_("Of each person a row every %(seconds)s s, and of the largest face of each single picture a row, with:"),
        {"seconds": seconds},
    )


def _who(config: Mapping[str, Any]) -> list[Text]:
    return [
        (_audience(config), {}),
        (N_("You yourself: signed in, your own rows and sessions; with a receipt, the session that it is for."), {}),
        (
            N_(
                "Addresses that the owner of a session has named (webhooks): title, participant, times and counts of "
                "it, and which numbers showed the expression of a rule."
            ),
            {},
        ),
        (N_("The administrators of this server: everything, your account and address included."), {}),
    ]


def _audience(config: Mapping[str, Any]) -> str:
    if config["DASHBOARD_PUBLIC"]:
        return N_(
            "Everybody who reaches this server: time, expression and confidence of each row, and the counts. Not your "
            "account, not your address, not your sessions."
        )
    if config["REGISTRATION"] == "open":
        return N_(
            "Everybody with an account on this server, which anybody may create: time, expression and confidence of "
            "each row, and the counts. Not your account, not your address, not your sessions."
        )
    return N_(
        "Everybody with an account on this server: time, expression and confidence of each row, and the counts. Not "
        "your account, not your address, not your sessions."
    )


def _how_long(config: Mapping[str, Any]) -> list[Text]:
    days = config["RETENTION_DAYS"]
    if not days:
        return [(N_("Without end, until you or an administrator delete it."), {})]
    if days == 1:
        rows: Text = (N_("Rows of expressions are deleted after a day."), {})
    else:
        rows = (N_("Rows of expressions are deleted after %(days)s days."), {"days": days})
    return [rows, (N_("Sessions that ended before then go with them, people and marks too. The counts stay."), {})]


def _deletion() -> list[Text]:
    return [
        (N_("With an account: on the page “History” all your rows, on the page “Profile” your account with them."), {}),
        (
            N_(
                "Without one: a live session has a receipt, which is shown when it begins and never again. Whoever has "
                "it can delete the session on the page “What is kept”."
            ),
            {},
        ),
        (
            N_(
                "A single picture sent without an account has no receipt: nobody can tell which row is yours, so that "
                "you cannot delete it."
            ),
            {},
        ),
    ]
