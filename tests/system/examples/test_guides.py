"""What the guides say, done: their commands against a real server, their links."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from visionai import ROOT

EXAMPLES = ROOT / "examples"
GUIDES = ("WEBSOCKET_GUIDE.md", "USER_TRACKING_GUIDE.md")


def commands(guide: str) -> list[str]:
    return re.findall(r"```bash\n(.*?)```", (EXAMPLES / guide).read_text(), flags=re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, photo: Path) -> Path:
    """A folder in which the guides' commands find what they name."""
    for name in ("photo.jpg", "foto.jpg"):
        shutil.copy(photo, tmp_path / name)
    (tmp_path / "examples").symlink_to(EXAMPLES)
    return tmp_path


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_of_a_guide_works(guide: str, server_url: str, folder: Path) -> None:
    script = "\n".join(block for block in commands(guide))
    port = server_url.rpartition(":")[2]
    script = re.sub(r"^pip install .*$", "", script, flags=re.MULTILINE).replace("localhost:8000", f"127.0.0.1:{port}")
    script = re.sub(r"(python examples/stream\S+ .*)", rf"\1 --url {server_url}", script)
    script = re.sub(r"(python examples/websocket\S+ .*)", rf"\1 --url ws://127.0.0.1:{port}/ws", script)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "happy" in done.stdout


@pytest.mark.parametrize("guide", GUIDES)
def test_every_link_of_a_guide_leads_somewhere(guide: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (EXAMPLES / guide).read_text())
    assert [link for link in links if not (EXAMPLES / link).exists()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_of_a_guide_show_the_same_commands(guide: str) -> None:
    blocks = [block.replace("foto", "photo") for block in commands(guide)]
    half = len(blocks) // 2
    assert blocks[:half] == blocks[half:]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("", "text/html"), ("test_websocket.html", "text/html"), ("websocket_page.js", "text/javascript")]
    + [(name, "text/html") for name in ("test_websocket_auth.html", "browser.html")],
)
def test_the_pages_are_served(client: FlaskClient, name: str, kind: str) -> None:
    with client.get(f"/examples/{name}") as response:
        assert response.status_code == 200
        assert response.mimetype == kind


@pytest.mark.parametrize(
    "name", ["common.py", "WEBSOCKET_GUIDE.md", "../config.py", "nothing.html", "%2e%2e/config.py"]
)
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/examples/{name}").status_code == 404


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    for page in EXAMPLES.glob("*.html"):
        text = page.read_text()
        assert re.findall(r"<style|<script(?![^>]*src=)|\son\w+=|\sstyle=", text) == [], page.name
