"""The routes of the developer home: each guide as a page and as Markdown, and lists of them for language models."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from markupsafe import Markup, escape

from ...errors import NotFound
from ...locale import choose_language
from .. import assets
from . import guides, rendering, tables
from .guides import BY_NAME, GUIDES, START, Guide

EXAMPLE = "http://localhost:8000"
"""The address in the guides, for which the reader's own address of this server is put."""
SAMPLE = "samples/astronaut-small.jpg"

blueprint = Blueprint("docs", __name__)


@blueprint.get("/docs", strict_slashes=False)
def start() -> str:
    """Show the first guide."""
    return _page(START)


@blueprint.get("/docs/<name>")
def guide(name: str) -> str | Response:
    """Show a guide; raises NotFound where there is none of that name."""
    found = _found(name)
    return redirect(url_for("docs.start")) if found is START else _page(found)  # type: ignore[return-value]


@blueprint.get("/docs.md", defaults={"name": START.name})
@blueprint.get("/docs/<name>.md")
def markdown(name: str) -> Response:
    """Send a guide as Markdown; raises NotFound where there is none of that name."""
    return _plain(_text(_found(name)), "text/markdown")


@blueprint.get("/docs/stream")
def stream() -> str:
    """Show the document of the stream (AsyncAPI), which a script reads."""
    return render_template("docs/stream.html", guides=GUIDES, titles=_titles(), here_name="stream")


@blueprint.get("/llms.txt")
def llms() -> Response:
    """List the guides for language models (https://llmstxt.org)."""
    return _plain(render_template("docs/llms.txt", guides=GUIDES, address=_address(), of=guides), "text/plain")


@blueprint.get("/docs/llms-full.txt")
def llms_full() -> Response:
    """Send every guide in one file."""
    return _plain("\n".join(map(_text, GUIDES)), "text/plain")


def _found(name: str) -> Guide:
    if name not in BY_NAME:
        raise NotFound
    return BY_NAME[name]


def _page(one: Guide) -> str:
    language = choose_language()
    document = rendering.render(guides.with_links(_filled(one), page=str, guide="/docs/{}".format))
    index = GUIDES.index(one)
    return render_template(
        "docs/guide.html",
        guide=one,
        here_name=one.name,
        guides=GUIDES,
        titles=_titles(),
        summary=guides.summary_of(one, language),
        content=_of_this_server(document.html),
        contents=document.sections,
        takes_key=rendering.KEY in document.html,
        sample=SAMPLE if assets.has(SAMPLE) else None,
        before=GUIDES[index - 1] if index else None,
        after=GUIDES[index + 1] if index + 1 < len(GUIDES) else None,
    )


def _titles() -> dict[str, str]:
    return {one.name: guides.title_of(one, choose_language()) for one in GUIDES}


def _filled(one: Guide) -> str:
    language = choose_language()
    return tables.fill(one.read(language), current_app.config, language)


def _text(one: Guide) -> str:
    """Return a guide as Markdown, with the address of this server."""
    linked = guides.with_links(_filled(one), page=f"{EXAMPLE}{{}}".format, guide=f"{EXAMPLE}/docs/{{}}.md".format)
    return _with_address(linked, _address())


def _of_this_server(html: Markup) -> Markup:
    """Return `html` with the address of this server, and the path it is below in links."""
    linked = html.replace('href="/', Markup('href="{}/').format(request.script_root))
    return Markup(_with_address(linked, escape(_address())))  # noqa: S704  # Both are escaped.


def _with_address(text: str, address: str) -> str:
    streams = EXAMPLE.replace("http", "ws", 1)
    return text.replace(EXAMPLE, address).replace(streams, address.replace("http", "ws", 1))


def _address() -> str:
    return request.url_root.rstrip("/")


def _plain(text: str, mimetype: str) -> Response:
    response = Response(text, mimetype=mimetype)
    response.headers["Content-Language"] = choose_language()
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response
