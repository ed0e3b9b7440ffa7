from __future__ import annotations

from typing import Any

import pytest

from visionai.contract.errors import error_body
from visionai.errors import ValidationFailed


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"days": ["At most 365."]}, "days: At most 365."),
        ({"people": {0: {"label": ["Too long.", "Not text."]}}}, "people.0.label: Too long. Not text."),
        ({"days": ["No."], "tz": ["No."]}, "These fields are not valid: days, tz. “details” says why."),
        ({}, "Some fields are not valid; “details” names them."),
    ],
)
def test_the_message_names_the_fields_that_are_not_valid(details: dict[str, Any], message: str) -> None:
    body = error_body(ValidationFailed(details), "en")
    assert body["error"]["message"] == message
    assert body["error"]["details"] == {str(name): what for name, what in details.items()}
