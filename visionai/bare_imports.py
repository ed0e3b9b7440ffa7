"""Imports without optional dependencies that the importing library could use and we do not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Let `import` find none of `packages` within the block, unless they are imported already.

    Libraries that import them where they are installed do without; afterwards whoever needs one imports it as ever.
    """
    barred = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(barred))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in barred:
            del sys.modules[name]
