from __future__ import annotations

import pytest

from tests.rows import a_row
from visionai.services.rows import from_line, to_line


@pytest.mark.parametrize("changes", [{}, {"user_id": 7, "source_ip": None}, {"model_version_tag": "versión “2”\n"}])
def test_a_row_survives_its_line(changes: dict[str, object]) -> None:
    row = a_row(**changes)
    line = to_line(row)
    assert line.count(b"\n") == 1
    assert from_line(line) == row


@pytest.mark.parametrize("length", [0, 1, 8, 20, -5])
def test_a_torn_line_is_told(length: int) -> None:
    with pytest.raises(ValueError, match=r"damaged|invalid literal"):
        from_line(to_line(a_row())[:length])


def test_a_changed_line_is_told() -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_line(to_line(a_row(confidence=0.8)).replace(b"0.8", b"0.9"))
