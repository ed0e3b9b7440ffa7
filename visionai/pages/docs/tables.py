"""Tables of the guides that the running server itself fills in: error codes and limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ... import errors
from ...contract.errors import STATUS
from ...errors import N_, RetryableError, VisionAIError
from ...locale import translate

_MEBIBYTE = 1 << 20
_MARK = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)

LIMITS = (
    (N_("A picture"), "MAX_IMAGE_BYTES"),
    (N_("Pixels of a picture"), "MAX_IMAGE_PIXELS"),
    (N_("Pictures of a batch"), "MAX_BATCH_FILES"),
    (N_("A batch in all"), "MAX_BATCH_BYTES"),
    (N_("A frame of a stream"), "STREAM_MAX_FRAME_BYTES"),
    (N_("Frames a second of a client"), "STREAM_MAX_FPS"),
    (N_("Open connections from one address"), "MAX_CLIENTS_PER_ADDRESS"),
    (N_("Requests from one address"), "RATE_LIMIT"),
    (N_("Sessions started a minute"), "SESSIONS_PER_MINUTE"),
    (N_("Failed sign-ins a minute, for one name from one address"), "LOGIN_ATTEMPTS_PER_MINUTE"),
    (N_("Seconds that a request's body may take"), "BODY_MAX_SECONDS"),
    (N_("Days that rows are kept"), "RETENTION_DAYS"),
)
"""What is limited, and the setting that says how much; 0 and nothing mean that it is not."""


def fill(text: str, settings: Mapping[str, Any], language: str) -> str:
    """Return a guide with its tables, each of which stands as `{{ name }}` on a line of its own."""
    made: dict[str, Callable[[], str]] = {
        "errors": lambda: errors_table(language),
        "limits": lambda: limits_table(settings, language),
    }
    return _MARK.sub(lambda mark: made[mark[1]](), text)


def errors_table(language: str) -> str:
    """Return every error code with its status, what it says, and whether the same call may succeed later."""
    heads = [translate(head, language=language) for head in _HEADS]
    again = translate(N_("yes, after `Retry-After`"), language=language)
    rows = [
        [
            f"`{code}`",
            str(status),
            _said(kind, language),
            again if issubclass(kind, RetryableError) else "",
        ]
        for code, status in STATUS.items()
        for kind in [_KINDS[code]]
    ]
    return _table(heads, rows)


def limits_table(settings: Mapping[str, Any], language: str) -> str:
    """Return the limits of `settings`, each with the setting's name."""
    heads = [translate(head, language=language) for head in (N_("Limit"), N_("Here"), N_("Setting"))]
    rows = [[translate(what, language=language), _amount(name, settings[name], language), f"`{name}`"]
            for what, name in LIMITS]  # fmt: skip
    return _table(heads, rows)


_HEADS = (N_("Code"), N_("Status"), N_("What it says"), N_("Try again?"))

_KINDS: dict[str, type[VisionAIError]] = {
    kind.code: kind
    for kind in reversed([*vars(errors).values()])
    if isinstance(kind, type) and issubclass(kind, VisionAIError) and "code" in vars(kind)
}
"""The class that a code belongs to: the first that has it; what comes after refines its text."""


def _said(kind: type[VisionAIError], language: str) -> str:
    """Return the message of `kind`, with a dash in the place of each value."""
    return re.sub(r"%\(\w+\)s", "…", translate(kind.message, language=language))


def _amount(name: str, value: Any, language: str) -> str:
    if not value:
        return translate(N_("no limit"), language=language)
    if name.endswith("_BYTES"):
        return f"{value / _MEBIBYTE:g} MiB"
    return str(value)


def _table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
