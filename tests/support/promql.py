"""PromQL expressions taken apart as far as the names of metrics and of the labels that select among their series."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<range>\[[^\]]*\])
    |(?P<number>\d+(?:\.\d+)?(?:[a-z]+)?)
    |(?P<name>[A-Za-z_:][A-Za-z0-9_:]*)
    |(?P<sign>[{}(),]|=~|!~|!=|==|>=|<=|[=<>+*/%^-])
    |(?P<space>\s+)
    |(?P<other>.)""",
    re.VERBOSE,
)
_GROUPING = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_OPERATORS = {"and", "or", "unless", "bool", "offset"}


def selectors(expression: str) -> list[tuple[str, set[str]]]:
    """Return each metric that an expression names, with the labels that choose among its series.

    Raises ValueError for what is no PromQL that these rules are written in.
    """
    tokens = [(match.lastgroup, match[0]) for match in _TOKEN.finditer(expression) if match.lastgroup != "space"]
    if strange := [text for kind, text in tokens if kind == "other"]:
        raise ValueError(f"{strange} in {expression}")
    found: list[tuple[str, set[str]]] = []
    position = 0
    while position < len(tokens):
        kind, text = tokens[position]
        after = tokens[position + 1][1] if position + 1 < len(tokens) else ""
        position += 1
        if kind != "name" or text in _OPERATORS:
            continue
        if text in _GROUPING:
            position = _end_of(tokens, position, ")")
        elif after == "{":
            end = _end_of(tokens, position, "}")
            inside = tokens[position:end]
            found.append((text, {name for kind, name in inside if kind == "name"}))
            position = end
        elif after != "(" and after not in _GROUPING:
            found.append((text, set()))
    return found


def grouped_by(expression: str) -> set[str]:
    """Return the labels that an expression aggregates by."""
    lists = re.findall(r"\b(?:by|without)\s*\(([^)]*)\)", expression)
    return {label.strip() for names in lists for label in names.split(",")}


def _end_of(tokens: list[tuple[str | None, str]], position: int, sign: str) -> int:
    """Return the position after the next `sign`."""
    return next(index for index in range(position, len(tokens)) if tokens[index][1] == sign) + 1
