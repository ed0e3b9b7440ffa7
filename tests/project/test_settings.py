"""Every setting that the code reads is explained once in `.env.example` and listed in both READMEs, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import config as configuration
from visionai import ROOT

READERS = ("config.py", "gunicorn.conf.py", "wsgi.py")
READS = {
    *(
        "text",
        "integer",
        "flag",
        "choice",
        "words",
        "path",
        "folder",
        "file",
        "url",
        "origins",
        "rate",
        "token",
        "address",
        "prefix",
        "pairs",
        "authorities",
    ),
    *("get", "getenv", "setdefault", "pop"),
}
SECRET = {"SECRET_KEY": "a secret of tests and of nothing else"}


def settings_read_by(file: Path) -> set[str]:
    """The names in capitals that `file` asks an environment for."""
    names: list[ast.expr] = []
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            names += node.args[:1] if called.lstrip("_") in READS else []
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "environ":
            names.append(node.slice)
    texts = {name.value for name in names if isinstance(name, ast.Constant) and isinstance(name.value, str)}
    return {text for text in texts if re.fullmatch(r"[A-Z][A-Z0-9_]+", text)}


def example() -> list[tuple[str, str]]:
    """The settings of `.env.example` with the defaults that it says."""
    return re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)


def table(readme: str) -> list[tuple[str, str]]:
    """The settings of a README's table with the defaults that it says."""
    rows = re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \| (?:`([^`]*)`)? ?\|", (ROOT / readme).read_text(), flags=re.MULTILINE)
    return [(name, default) for name, default in rows]


def everything_read() -> list[str]:
    return sorted(set.union(*(settings_read_by(ROOT / reader) for reader in READERS)))


def test_the_example_explains_every_setting_once_and_nothing_else() -> None:
    assert sorted(name for name, _ in example()) == everything_read()


def test_the_example_says_the_real_defaults() -> None:
    said = configuration.Config({**dict(example()), **SECRET})
    assert vars(said) == vars(configuration.Config(SECRET))


@pytest.mark.parametrize("readme", ["README.md", "README.es.md"])
def test_a_readme_lists_what_the_example_explains_with_the_same_defaults(readme: str) -> None:
    assert table(readme) == example()


def test_the_settings_of_compose_exist() -> None:
    said = set(re.findall(r"^([A-Z][A-Z0-9_]+)=", (ROOT / "deploy/visionai.env.example").read_text(), re.MULTILINE))
    assert {name for name in said if not name.startswith("POSTGRES_")} <= set(everything_read())
