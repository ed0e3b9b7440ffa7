"""The clients for others: their generated files, and their packages.

`python -m scripts.clients` writes the Python client without asyncio (`_sync/`) from the one over asyncio, so that there
is one source of both; a test tells where it was forgotten. `python -m scripts.clients FOLDER` builds the wheel and
npm's package into a folder, without a network.
"""

from __future__ import annotations

import fcntl
import re
import subprocess
import sys
from pathlib import Path

from .vendor import npm

ROOT = Path(__file__).resolve().parent.parent
CLIENTS = ROOT / "clients"
PACKAGE = CLIENTS / "python" / "src" / "visionai_client"
SOURCE, TARGET = PACKAGE / "_async", PACKAGE / "_sync"
BY_HAND = {"__init__.py", "io.py"}
HEADER = "# Written from _async by `python -m scripts.clients`.\n"
WORDS = {
    r"\basync (def|with|for)\b": r"\1",
    r"\bawait ": "",
    r"`async with`": "`with`",
    r"\bAsync(?=Iterator|Iterable)": "",
    r"__a(enter|exit|iter)__": r"__\1__",
    r"\baclose\b": "close",
    r"\baread\b": "read",
    r"\baiter_bytes\b": "iter_bytes",
    r"\bAsync(?=[A-Z])": "",
}
# With both names one, what is imported or allowed twice is once.
TWICE = {
    "from .io import Iterable, Lock": "from .io import Lock",
    "Iterable[Picture] | Iterable[Picture]": "Iterable[Picture]",
}


def written() -> dict[Path, str]:
    """Return the files of the client without asyncio."""
    files = (file for file in sorted(SOURCE.glob("*.py")) if file.name not in BY_HAND)
    return {TARGET / file.name: _formatted(HEADER + _blocking(file.read_text())) for file in files}


def _blocking(text: str) -> str:
    for pattern, word in WORDS.items():
        text = re.sub(pattern, word, text)
    for doubled, single in TWICE.items():
        text = text.replace(doubled, single)
    return text


def _formatted(text: str) -> str:
    text = _ruff(text, "check", "--fix", "--unsafe-fixes", "--select", "I,UP028")
    return _ruff(text, "format")


def _ruff(text: str, *words: str) -> str:
    command = [sys.executable, "-m", "ruff", *words, "--quiet", "--stdin-filename", str(TARGET / "client.py"), "-"]
    done = subprocess.run(command, cwd=ROOT, input=text, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def build_wheel(folder: Path) -> None:
    """Build the Python client's wheel into a folder; raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder.resolve())]
    subprocess.run(command, cwd=CLIENTS / "python", check=True, capture_output=True)  # noqa: S603


def build_npm(folder: Path) -> None:
    """Pack npm's package into a folder; raises subprocess.CalledProcessError."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [*npm(), "pack", "--silent", "--pack-destination", str(folder.resolve())]
    source = CLIENTS / "javascript"
    # What is packed is written there first: two at once would pack halves of each other's.
    with (source / "package.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        subprocess.run(command, cwd=source, check=True, capture_output=True)  # noqa: S603


def main() -> None:
    """Write the generated files, or build both packages."""
    if len(sys.argv) == 1:
        for file, text in written().items():
            file.write_text(text)
        return
    folder = Path(sys.argv[1])
    build_wheel(folder)
    build_npm(folder)
    print(*sorted(file.name for file in folder.iterdir()), sep="\n")


if __name__ == "__main__":
    main()
