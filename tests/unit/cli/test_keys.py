"""`flask keys`, from the operator's side."""

from __future__ import annotations

import pytest
from flask.testing import FlaskCliRunner

from visionai.contract.scopes import Scope
from visionai.errors import InvalidKey
from visionai.services.accounts import accounts
from visionai.services.keys import callers

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def text(runner: FlaskCliRunner) -> str:
    """A key that was made at the command line."""
    accounts.create_user("ana", "una frase larga")
    made = runner.invoke(args=["keys", "create", "ana", "[red]lab", "--scope", "predict", "--days", "7", "--rate", "5"])
    assert made.exit_code == 0
    return made.output.strip()


def test_a_key_that_is_made_is_printed_and_holds(text: str) -> None:
    who = callers.identify(text)
    assert who.key is not None
    assert (who.username, who.key.scopes, who.key.rate) == ("ana", {Scope.PREDICT}, 5)


def test_keys_are_listed_by_user_without_their_secrets(runner: FlaskCliRunner, text: str) -> None:
    listed = runner.invoke(args=["keys", "list", "ANA"], terminal_width=200)
    assert text.split("_")[1] in listed.output
    assert text.split("_")[2] not in listed.output
    accounts.create_user("bea", "una frase larga")
    assert text.split("_")[1] not in runner.invoke(args=["keys", "list", "bea"]).output
    assert text.split("_")[1] in runner.invoke(args=["keys", "list"], terminal_width=200).output


def test_a_revoked_key_holds_no_longer(runner: FlaskCliRunner, text: str) -> None:
    assert runner.invoke(args=["keys", "revoke", text.split("_")[1]]).exit_code == 0
    with pytest.raises(InvalidKey):
        callers.identify(text)


@pytest.mark.parametrize(
    "args",
    [
        ["create", "nobody", "lab", "--scope", "predict"],
        ["create", "ana", "lab", "--scope", "admin"],
        ["create", "ana", "lab", "--scope", "fly"],
        ["create", "ana", "lab"],
        ["create", "ana", " ", "--scope", "predict"],
        ["create", "ana", "x" * 81, "--scope", "predict"],
        ["list", "nobody"],
        ["revoke", "000000000000"],
    ],
)
def test_what_does_not_fit_is_one_line_and_exit_code_2(runner: FlaskCliRunner, args: list[str]) -> None:
    accounts.create_user("ana", "una frase larga")
    refused = runner.invoke(args=["keys", *args])
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output
