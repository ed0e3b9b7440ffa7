"""Static files under content hashes (cache busting): a browser keeps them and need not ask again."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from functools import cache
from pathlib import Path, PurePosixPath

from flask import Blueprint, Response, current_app, request, send_from_directory, url_for

blueprint = Blueprint("assets", __name__)

HOUSE_SHEET = "css/house.css"
"""What every page has of style sheets, as one: eleven requests of a kilobyte each cost more than their bytes."""

_HOUSE_SHEETS = (
    "tokens",
    "base",
    "frame",
    "components/buttons",
    "components/layout",
    "components/fields",
    "components/messages",
    "components/emotions",
    "components/tables",
    "components/figures",
    "small",
)
"""In the order in which they win over each other, the last over all."""

_KEPT_FOR = timedelta(days=365)
_IMPORT = re.compile(r'^(?:import|\}).*?"(\.[^"]+)";$', re.MULTILINE)


# The version stands before the path, so that modules and style sheets find each other by their relative addresses.
@blueprint.get("/static/~<version>/<path:filename>")
def asset(version: str, filename: str) -> Response:
    """Send a file for good, or for this once where another version was asked for: an older page, or a newer server."""
    return _kept(version, send_from_directory(_folder(), filename))


@blueprint.get(f"/static/~<version>/{HOUSE_SHEET}")
def house_sheet(version: str) -> Response:
    """Send the style sheets that every page has, joined, under the rules of `asset`."""
    response = current_app.response_class(_joined(_folder(), _stamp()), mimetype="text/css")
    response.set_etag(_version(_folder(), _stamp()))
    response.make_conditional(request)
    return _kept(version, response)


def _kept(version: str, response: Response) -> Response:
    if version == _version(_folder(), _stamp()):
        response.headers["Cache-Control"] = f"public, max-age={int(_KEPT_FOR.total_seconds())}, immutable"
    return response


def address_of(filename: str) -> str:
    """Return the address of a file of `static/`, which is another one when any of them changes."""
    return url_for("assets.asset", version=_version(_folder(), _stamp()), filename=filename)


def modules_of(filename: str) -> list[str]:
    """Return a module and all that it imports: asked for together, they arrive together."""
    return list(_modules(_folder(), filename, _stamp()))


def has(filename: str) -> bool:
    """Return whether there is a file of this name in `static/`: some come with an optional step of installation."""
    return Path(_folder(), filename).is_file()


def _folder() -> str:
    return str(current_app.static_folder)


def _stamp() -> int:
    """Return what changes with the files while somebody works on them; a server in use reads them once."""
    return max(file.stat().st_mtime_ns for file in _files(_folder())) if current_app.debug else 0


def _files(folder: str) -> list[Path]:
    return sorted(file for file in Path(folder).rglob("*") if file.is_file())


@cache
def _version(folder: str, stamp: int) -> str:  # noqa: ARG001
    contents = hashlib.sha256()
    for file in _files(folder):
        contents.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return contents.hexdigest()[:12]


@cache
def _joined(folder: str, stamp: int) -> str:  # noqa: ARG001
    """Return the sheets one after another; their relative addresses hold, since the joined one lies beside them."""
    return "\n".join(Path(folder, "css", f"{name}.css").read_text(encoding="utf-8") for name in _HOUSE_SHEETS)


@cache
def _modules(folder: str, filename: str, stamp: int) -> tuple[str, ...]:  # noqa: ARG001
    found, waiting = [filename], [filename]
    while waiting:
        name = waiting.pop()
        for target in _IMPORT.findall(Path(folder, name).read_text(encoding="utf-8")):
            parts = PurePosixPath(name).parent / target
            known = Path(folder, parts).resolve().relative_to(Path(folder).resolve()).as_posix()
            if known not in found:
                found.append(known)
                waiting.append(known)
    return tuple(found)
