"""The words that the pages' scripts say, by key: made once for each language, since there are hundreds."""

from __future__ import annotations

from functools import cache

from flask import current_app

from ..locale import choose_language


def texts_of(template: str) -> dict[str, str]:
    """Return the TEXTS of a template in the language of the current request."""
    made = _made.__wrapped__ if current_app.debug else _made
    return made(template, choose_language())


@cache
def _made(template: str, language: str) -> dict[str, str]:  # noqa: ARG001
    # Not `template.module`, which the first language would be kept in.
    module = current_app.jinja_env.get_template(template).make_module()
    return dict(module.TEXTS)  # type: ignore[attr-defined]
