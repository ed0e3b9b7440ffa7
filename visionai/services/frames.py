"""The reading of a frame of a stream, on a native thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..vision.analyzer import Analyzer
from ..vision.images import Limits, bytes_from_text
from ..vision.priors import Prior
from ..vision.results import Analysis
from ..vision.tracking import FaceTracker, TrackedFace

__all__ = ["Limits", "frame_limits", "read_frame"]


def frame_limits(config: Mapping[str, Any]) -> Limits:
    """Return what is read of a frame at most."""
    return Limits(max_bytes=config["STREAM_MAX_FRAME_BYTES"], max_pixels=config["MAX_IMAGE_PIXELS"])


def read_frame(
    analyzer: Analyzer,
    image: bytes | str,
    tracker: FaceTracker,
    *,
    detect: bool,
    prior: Prior,
    now: float,
    limits: Limits,
) -> tuple[Analysis, tuple[TrackedFace, ...]]:
    """Return what is in a frame, and its faces as the tracker follows them; `now` is seconds of a steady clock.

    `image` is the picture's bytes, base64 or a data URL. Raises an ImageError or InvalidBase64.
    """
    data = bytes_from_text(image, limits) if isinstance(image, str) else image
    near = tracker.near(now) if detect else ()
    analysis = analyzer.analyze(data, detect=detect, prior=prior, near=near, thorough=False, limits=limits)
    return analysis, tracker.update(analysis.faces, now, prior)
