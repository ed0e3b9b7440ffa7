"""`flask users`, from the operator's side."""

from __future__ import annotations

import pytest
from flask.testing import FlaskCliRunner

from visionai.errors import BadCredentials
from visionai.services.accounts import accounts

PASSWORD = "una frase larga"

pytestmark = pytest.mark.usefixtures("app")


def create(runner: FlaskCliRunner, name: str = "ana", *options: str, password: str = PASSWORD):
    return runner.invoke(args=["users", "create", name, "--password-stdin", *options], input=f"{password}\n")


def test_an_account_that_is_created_can_sign_in(runner: FlaskCliRunner) -> None:
    assert create(runner).exit_code == 0
    assert accounts.login("ana", PASSWORD, "203.0.113.1").user.role == "user"


def test_a_password_is_asked_for_twice(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["users", "create", "ana"], input=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output


def test_an_administrator_can_be_created_at_once(runner: FlaskCliRunner) -> None:
    create(runner, "jefa", "--admin")
    assert accounts.user_named("jefa").role == "admin"


@pytest.mark.parametrize(("name", "password"), [("a", PASSWORD), ("<img>", PASSWORD), ("ana", "short")])
def test_what_does_not_fit_is_one_line_and_exit_code_2(runner: FlaskCliRunner, name: str, password: str) -> None:
    result = create(runner, name, password=password)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert accounts.list_users() == []


def test_a_taken_name_is_refused_whatever_its_case(runner: FlaskCliRunner) -> None:
    create(runner, "ana")
    assert create(runner, "ANA").exit_code == 2


def test_the_list_names_everybody_with_their_role(runner: FlaskCliRunner) -> None:
    create(runner, "ana")
    create(runner, "jefa", "--admin")
    output = runner.invoke(args=["users", "list"]).output
    assert "ana" in output
    assert "jefa" in output
    assert "admin" in output


def test_promote_makes_an_administrator(runner: FlaskCliRunner) -> None:
    create(runner)
    assert runner.invoke(args=["users", "promote", "ana"]).exit_code == 0
    assert accounts.user_named("ana").role == "admin"


def test_deactivate_shuts_out(runner: FlaskCliRunner) -> None:
    create(runner)
    runner.invoke(args=["users", "deactivate", "ana"])
    with pytest.raises(BadCredentials):
        accounts.login("ana", PASSWORD, "203.0.113.1")


def test_a_reset_password_takes_the_place_of_the_old_one(runner: FlaskCliRunner) -> None:
    create(runner)
    runner.invoke(args=["users", "reset-password", "ana", "--password-stdin"], input="otra frase larga\n")
    assert accounts.login("ana", "otra frase larga", "203.0.113.1").user.username == "ana"


@pytest.mark.parametrize("command", ["promote", "demote", "activate", "deactivate", "erase"])
def test_an_unknown_name_is_one_line_and_exit_code_2(runner: FlaskCliRunner, command: str) -> None:
    result = runner.invoke(args=["users", command, "nobody"])
    assert result.exit_code == 2
    assert "no user of that name" in result.output
    assert "Traceback" not in result.output
