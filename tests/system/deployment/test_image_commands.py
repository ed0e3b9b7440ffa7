"""The commands of the Dockerfile that need neither root nor a network, run on a copy of what goes into the image."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from visionai import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
CONTEXT = ("visionai", "migrations", "config.py", "wsgi.py", "gunicorn.conf.py")


def run_commands() -> list[list[str]]:
    """The words of every command of every RUN instruction, in their order."""
    instructions = re.sub(r"\\\n", " ", DOCKERFILE).splitlines()
    chains = [line.removeprefix("RUN ") for line in instructions if line.startswith("RUN ")]
    return [shlex.split(command) for chain in chains for command in chain.split("&&")]


def runs_anywhere(words: list[str]) -> bool:
    """Tell whether a command is one of the environment's programs that installs nothing."""
    return words[0].startswith("/venv/bin/") and not words[0].endswith("/pip")


COMMANDS = [words for words in run_commands() if runs_anywhere(words)]


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """A copy of what the commands work on, without what was compiled before."""
    for name in CONTEXT:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
        else:
            shutil.copy(source, target)
    return tmp_path


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).parent / Path(words[0]).name)
    return subprocess.run([program, *words[1:]], cwd=folder, capture_output=True, text=True)


def test_the_translations_are_compiled_while_the_image_is_built() -> None:
    assert "pybabel" in {Path(words[0]).name for words in COMMANDS}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: Path(words[0]).name)
def test_a_command_of_the_image_succeeds(words: list[str], context: Path) -> None:
    done = run(words, context)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_image_holds_the_spanish_texts(context: Path) -> None:
    for words in COMMANDS:
        run(words, context)
    assert (context / "visionai/translations/es/LC_MESSAGES/messages.mo").is_file()
