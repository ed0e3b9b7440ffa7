"""Software bill of materials (CycloneDX) of what the image ships: Python packages, and what the pages load.

`python -m scripts.sbom [FOLDER]` writes python.cdx.json and pages.cdx.json into FOLDER, by default sbom/. Both are read
from the lock files alone.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from scripts.vendor import ROOT, npm

LOCKED = ("serve", "models")


def write(folder: Path) -> list[Path]:
    """Write both documents and return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {"python.cdx.json": _python(), "pages.cdx.json": _pages()}
    for name, document in written.items():
        (folder / name).write_text(document)
    return [folder / name for name in written]


def _python() -> str:
    requirements = "\n".join((ROOT / "requirements" / "locked" / f"{name}.txt").read_text() for name in LOCKED)
    tool = [sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "-"]
    return _output(tool, requirements)


def _pages() -> str:
    return _output([*npm(), "sbom", "--package-lock-only", "--omit=dev", "--sbom-format=cyclonedx"])


def _output(command: list[str], given: str | None = None) -> str:
    done = subprocess.run(command, cwd=ROOT, input=given, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    for path in write(Path(sys.argv[1] if len(sys.argv) > 1 else "sbom")):
        print(path)
