"""`flask audit`, and what commands leave in it."""

from __future__ import annotations

import json

import pytest
from flask.testing import FlaskCliRunner

from visionai.services.accounts import accounts

PASSWORD = "una frase larga"

pytestmark = pytest.mark.usefixtures("app")


def rows(runner: FlaskCliRunner, *options: str) -> list[dict[str, object]]:
    output = runner.invoke(args=["audit", "--json", *options]).output
    return [json.loads(line) for line in output.splitlines()]


def test_what_is_done_at_the_command_line_is_its_own(runner: FlaskCliRunner) -> None:
    runner.invoke(args=["users", "create", "ana", "--password-stdin"], input=f"{PASSWORD}\n")
    for command in (["promote"], ["deactivate"], ["activate"], ["demote"], ["erase", "--yes"]):
        if command == ["deactivate"]:
            accounts.create_user("boss", PASSWORD, "admin")
        result = runner.invoke(args=["users", command[0], "ana", *command[1:]])
        assert result.exit_code == 0, result.output
    done = rows(runner, "--actor", "command_line")
    assert [row["action"] for row in reversed(done)] == [
        "user.created",
        "user.role",
        "user.deactivated",
        "user.activated",
        "user.role",
        "user.erased",
    ]
    assert {row["target"]["username"] for row in done} == {None}  # type: ignore[index]


def test_the_table_says_who_and_on_whom_and_takes_no_name_for_markup(runner: FlaskCliRunner) -> None:
    runner.invoke(args=["users", "create", "ana", "--password-stdin"], input=f"{PASSWORD}\n")
    output = runner.invoke(args=["audit"]).output
    assert "user.created" in output
    assert "command line" in output
    assert "user ana" in output


def test_rows_are_narrowed_and_limited(runner: FlaskCliRunner) -> None:
    for name in ("ana", "eva"):
        accounts.create_user(name, PASSWORD)
    assert len(rows(runner, "--limit", "1")) == 1
    assert rows(runner, "--action", "auth.login") == []
    assert len(rows(runner, "--since", "2026-01-01")) == 2
    assert rows(runner, "--until", "2026-01-01") == []


@pytest.mark.parametrize("command", ["demote", "deactivate", "erase"])
def test_the_last_administrator_stays(runner: FlaskCliRunner, command: str) -> None:
    accounts.create_user("boss", PASSWORD, "admin")
    result = runner.invoke(args=["users", command, "boss", *(["--yes"] if command == "erase" else [])])
    assert result.exit_code == 2
    assert "last active administrator" in result.output


def test_erasing_asks_first(runner: FlaskCliRunner) -> None:
    accounts.create_user("ana", PASSWORD)
    assert runner.invoke(args=["users", "erase", "ana"], input="n\n").exit_code == 1
    assert accounts.user_named("ana") is not None
