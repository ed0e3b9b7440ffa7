"""The text of a key: strict, bounded, and never shown by accident."""

from __future__ import annotations

import re

import pytest

from visionai.services.keys import text

KEY = "vai_4fzGWUkXc09d_SzzTrF5nBTzFoGq2zdnRnmR5m6bdcBSZTnwUIoLPvJ1"


def test_a_key_is_told_from_its_text() -> None:
    made = text.make()
    assert text.parse(str(made)) == made
    assert re.fullmatch(r"vai_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}", str(made))


def test_no_two_keys_are_alike() -> None:
    made = [text.make() for _ in range(50)]
    assert len({one.key_id for one in made}) == len({one.secret for one in made}) == 50


@pytest.mark.parametrize(
    "token",
    [
        "",
        "vai_",
        KEY[:-1],
        KEY + "1",
        KEY + "\n",
        " " + KEY,
        KEY.replace("_S", "-S"),
        KEY.replace("vai", "VAI"),
        KEY.replace("4", "\u0664"),
        KEY.replace("S", "_"),
        "vai_" + "a" * 100_000,
    ],
)
def test_what_is_not_written_as_a_key_is_none(token: str) -> None:
    assert text.parse(token) is None


def test_a_secret_is_not_in_what_a_debugger_or_a_traceback_shows() -> None:
    made = text.make()
    assert made.secret not in repr(made)


def test_a_token_of_a_login_does_not_mean_to_be_a_key() -> None:
    assert text.is_key(KEY)
    assert not text.is_key("eyJhbGciOiJIUzI1NiJ9.e30.x")
