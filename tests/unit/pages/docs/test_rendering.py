from __future__ import annotations

import pytest

from visionai.pages.docs.rendering import render


def test_markup_in_a_guide_is_text() -> None:
    html = render("# A\n\n<script>alert(1)</script>\n\n`<b>`\n").html
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_that_would_run_something_is_none(address: str) -> None:
    assert "href" not in render(f"# A\n\n[a]({address})\n").html


def test_headings_below_the_first_can_be_linked_to() -> None:
    document = render("# A guide\n\n## What `it` does\n\n### More\n")
    assert [(section.anchor, section.text) for section in document.sections] == [("what-it-does", "What it does")]
    assert '<h2 id="what-it-does"><a href="#what-it-does">What <code>it</code> does</a></h2>' in document.html
    assert '<h1 id="a-guide">A guide</h1>' in document.html


def test_a_sample_marks_the_place_of_the_readers_key() -> None:
    html = render("# A\n\n```bash run\ncurl -H 'Authorization: Bearer YOUR_KEY' \"<x>\"\n```\n").html
    assert 'Bearer <span class="key">YOUR_KEY</span>' in html
    assert "&lt;x&gt;" in html
    assert '<p class="sample-language">bash</p>' in html


def test_samples_and_tables_can_be_scrolled_with_the_keyboard() -> None:
    html = render("# A\n\n```bash\nls\n```\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n").html
    assert html.count('tabindex="0"') == 2


def test_a_guide_is_rendered_once() -> None:
    assert render("# Once\n") is render("# Once\n")
