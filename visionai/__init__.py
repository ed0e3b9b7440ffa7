"""VisionAI: reads the apparent expression of faces in photographs and live cameras."""

from __future__ import annotations

from pathlib import Path
from typing import Any

__version__ = "1.0.0"
ROOT = Path(__file__).resolve().parent.parent
"""The folder of the project, which holds the package, the settings, the weights and the pages."""

__all__ = ["ROOT", "__version__", "create_app"]


def __getattr__(name: str) -> Any:
    # The factory imports everything; who needs only `visionai.vision` (training, child processes, the worker that has
    # to patch first) must not pay for it.
    if name == "create_app":
        from .app import create_app

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
