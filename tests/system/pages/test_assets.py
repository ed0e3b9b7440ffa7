"""The files of the pages: kept by the browser until they change, and never an old one for a new."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from visionai.pages import assets


@pytest.fixture
def script(client: FlaskClient) -> str:
    """The address of a script, as the home page names it."""
    found = re.search(r'src="(/static/~\w+/js/pages/home.js)"', client.get("/").text)
    assert found
    return found[1]


def test_a_file_that_a_page_names_is_kept_for_good(client: FlaskClient, script: str) -> None:
    with client.get(script) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_of_another_version_is_asked_for_again(client: FlaskClient, script: str) -> None:
    with client.get(re.sub(r"~\w+", "~older", script)) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["nothing.js", "../config.py", "%2e%2e/config.py"])
def test_nothing_else_is_served(client: FlaskClient, script: str, name: str) -> None:
    assert client.get(f"{script.partition('/js/')[0]}/{name}").status_code == 404


def test_the_address_changes_with_what_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    first = assets._version(str(tmp_path), 1)
    (tmp_path / "a.js").write_text("2")
    assert assets._version(str(tmp_path), 2) != first


def test_a_module_brings_along_what_its_imports_import(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "page.js").write_text('import { a } from "../a.js";\n// as from "./never.js";\n')
    (tmp_path / "a.js").write_text('import "./b.js";\nimport {\n  c,\n} from "./c.js";\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\n')
    (tmp_path / "c.js").write_text("export const c = 1;\n")
    assert sorted(assets._modules(str(tmp_path), "pages/page.js", 0)) == ["a.js", "b.js", "c.js", "pages/page.js"]
