"""The clients as others get them: built, and installed from the built files without a network."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scripts import clients, vendor
from scripts.javascript import node
from tests.support.images import face_jpeg
from visionai import ROOT

PROGRAMS = Path(__file__).parent / "programs"


@dataclass(frozen=True)
class Installed:
    """An installed client: `folder` is that of a program that uses it, `interpreter` what runs one."""

    language: str
    folder: Path
    interpreter: Sequence[str]
    suffix: str
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, program: str, *words: str) -> subprocess.Popen[str]:
        """Start one of our programs."""
        file = self.folder / f"{program}{self.suffix}"
        file.write_bytes((PROGRAMS / file.name).read_bytes())
        return self.start_file(file, *words)

    def start_file(self, file: Path, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.interpreter, file.name, *words],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextmanager
def ended(running: subprocess.Popen[str]) -> Iterator[None]:
    """Leave no program behind, whatever becomes of its test."""
    try:
        yield
    finally:
        running.kill()
        running.communicate()


def output_of(running: subprocess.Popen[str]) -> str:
    """Wait for the end of a program and return what it printed."""
    with ended(running):
        said, complaint = running.communicate(timeout=120)
    assert running.returncode == 0, complaint
    return said


def run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def javascript(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """npm's package, packed and installed beside Socket.IO's client."""
    if not (ROOT / "node_modules" / "typescript").is_dir():
        pytest.skip("There is no TypeScript; run `python -m scripts.vendor --tools`.")
    packed, folder = tmp_path_factory.mktemp("packed"), tmp_path_factory.mktemp("javascript")
    clients.build_npm(packed)
    (tarball,) = packed.iterdir()
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    socket_io = str(ROOT / "node_modules" / "socket.io-client")
    run([*vendor.npm(), "install", "--offline", "--no-audit", "--no-fund", str(tarball), socket_io], folder)
    (folder / "photo.jpg").write_bytes(face_jpeg())
    return Installed("javascript", folder, [str(node())], ".mjs")


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, built and installed into an environment of its own, over the packages that are here."""
    packed, folder = tmp_path_factory.mktemp("packed"), tmp_path_factory.mktemp("python")
    clients.build_wheel(packed)
    (wheel,) = packed.iterdir()
    venv.create(folder / "venv", with_pip=False)
    interpreter = folder / "venv" / "bin" / "python"
    # What it needs is on this machine already.
    installed = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})"
    (site_packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "present.pth").write_text(f"{installed}\n")
    pip = [sys.executable, "-m", "pip", f"--python={interpreter}", "--disable-pip-version-check", "--quiet"]
    run([*pip, "install", "--no-index", "--no-deps", str(wheel)], folder)
    (folder / "photo.jpg").write_bytes(face_jpeg())
    return Installed("python", folder, [str(interpreter)], ".py")
