"""Markdown of the guides (CommonMark and tables) as HTML: no raw HTML, headings that can be linked to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

KEY = "YOUR_KEY"
"""What stands in samples for the key or token of whoever reads them."""
_KEPT = 64
_SAMPLE = """<div class="sample"><p class="sample-language">{language}</p>
<pre tabindex="0"><code>{code}</code></pre></div>
"""


@dataclass(frozen=True)
class Heading:
    """A section: its anchor and its text."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Document:
    """A rendered guide. Links to pages of this server begin with "/" and lack the path that a proxy has it below."""

    html: Markup
    sections: tuple[Heading, ...]


@lru_cache(_KEPT)
def render(text: str) -> Document:
    """Return the HTML of a guide and its sections."""
    parser = _parser()
    tokens = parser.parse(text)
    sections = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            heading = Heading(anchor_of(inline.content), inline.content.replace("`", ""))
            opening.attrSet("id", heading.anchor)
            opening.meta["anchor"] = heading.anchor
            sections += [heading] if opening.tag == "h2" else []
    html = parser.renderer.render(tokens, parser.options, {})
    return Document(Markup(html), tuple(sections))  # noqa: S704  # The parser takes no HTML and escapes all text.


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def _parser() -> MarkdownIt:
    # Imported where the first guide is read: most processes serve none.
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name, rule in {
        "heading_open": _heading_open,
        "heading_close": _heading_close,
        "fence": _fence,
        "table_open": lambda *_: '<div class="docs-table" tabindex="0"><table class="table">',
        "table_close": lambda *_: "</table></div>\n",
    }.items():
        parser.add_render_rule(name, rule)
    return parser


def _heading_open(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    opened = renderer.renderToken(tokens, index, options, env)
    anchor = tokens[index].meta["anchor"]
    return f'{opened}<a href="#{escape(anchor)}">' if tokens[index].tag != "h1" else str(opened)


def _heading_close(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    closed = renderer.renderToken(tokens, index, options, env)
    return f"</a>{closed}" if tokens[index].tag != "h1" else str(closed)


def _fence(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Return a sample: its language, its text, and each place of the reader's key marked for the script."""
    token = tokens[index]
    code = str(escape(token.content)).replace(KEY, f'<span class="key">{KEY}</span>')
    return _SAMPLE.format(language=escape((token.info.split() or ["text"])[0]), code=code)
