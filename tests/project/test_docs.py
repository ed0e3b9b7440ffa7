"""What exists is documented, and what is documented exists and runs."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import text

from visionai import ROOT
from visionai.extensions import db

READMES = {name: (ROOT / name).read_text() for name in ("README.md", "README.es.md")}


def sql_examples(readme: str) -> list[str]:
    return re.findall(r"```sql\n(.*?)```", readme, flags=re.DOTALL)


def as_documented(rule: str) -> str:
    """`/api/v1/users/<string:name>` as the README writes it: `/users/{name}`."""
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.removeprefix("/api/v1"))


@pytest.mark.parametrize("readme", READMES)
def test_every_rest_call_is_in_the_readme(app: Flask, readme: str) -> None:
    calls = {
        f"{method} {as_documented(rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert calls
    assert [call for call in sorted(calls) if f"`{call}`" not in READMES[readme]] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(app: Flask, readme: str) -> None:
    app.cli.load()
    ours = {name: app.cli.commands[name] for name in ("users", "predictions", "stats", "model", "predict", "backup")}
    commands = [f"flask {name} {sub}" for name, group in ours.items() for sub in getattr(group, "commands", {})] + [
        "flask predict",
        "flask samples",
    ]
    assert [command for command in commands if f"`{command}" not in READMES[readme]] == []


@pytest.mark.databases
@pytest.mark.parametrize("readme", READMES)
def test_every_sql_example_runs(app: Flask, readme: str) -> None:
    examples = sql_examples(READMES[readme])
    assert len(examples) >= 5
    for example in examples:
        db.session.execute(text(example)).all()


@pytest.mark.parametrize("readme", READMES)
def test_every_local_link_leads_somewhere(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", READMES[readme])
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_both_readmes_show_the_same_code() -> None:
    def blocks(readme: str) -> list[str]:
        return re.findall(r"```(?:bash|js|python|json|sql)\n.*?```", readme, flags=re.DOTALL)

    def without_comments(block: str) -> str:
        return re.sub(r"(#|//|--) .*", "", block)

    assert [*map(without_comments, blocks(READMES["README.md"]))] == [
        *map(without_comments, blocks(READMES["README.es.md"]))
    ]
