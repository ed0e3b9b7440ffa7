from __future__ import annotations

import pytest
from flask import Flask

from visionai.contract.errors import STATUS
from visionai.pages.docs.tables import LIMITS, errors_table, fill, limits_table


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_error_code_is_there_with_its_status(app: Flask, language: str) -> None:
    rows = errors_table(language).splitlines()[2:]
    assert [row.split(" | ")[:2] for row in rows] == [[f"| `{code}`", str(status)] for code, status in STATUS.items()]
    assert all(len(row.split(" | ")) >= 4 for row in rows)


def test_what_is_said_is_that_of_the_code_itself_and_shows_no_names_of_values(app: Flask) -> None:
    table = errors_table("en")
    assert "| `not_found` | 404 | There is nothing here. Check the address. |" in table
    assert "| `too_large` | 413 | That is over the limit of … bytes. Send less at once. |" in table
    assert "%(" not in table


def test_what_passes_says_when_to_try_again(app: Flask) -> None:
    again = [row for row in errors_table("en").splitlines() if "Retry-After" in row]
    assert any("`busy`" in row for row in again)
    assert not any("`no_face`" in row for row in again)


def test_limits_are_those_of_the_settings(app: Flask) -> None:
    settings = {name: 0 for _, name in LIMITS} | {"MAX_IMAGE_BYTES": 5 << 20, "RATE_LIMIT": "7/minute"}
    table = limits_table(settings, "en")
    assert "| A picture | 5 MiB | `MAX_IMAGE_BYTES` |" in table
    assert "| Requests from one address | 7/minute | `RATE_LIMIT` |" in table
    assert table.count("no limit") == len(LIMITS) - 2


def test_limits_are_said_in_the_readers_language(app: Flask) -> None:
    assert "sin límite" in limits_table(app.config, "es")


def test_a_table_stands_where_the_guide_names_it(app: Flask) -> None:
    assert fill("a\n\n{{ limits }}\n\nb", app.config, "en") == f"a\n\n{limits_table(app.config, 'en')}\n\nb"
