"""The reading of a frame of a stream: faces near those of the frame before, followed by a tracker."""

from __future__ import annotations

from .analyzer import Analyzer
from .images.decoding import Limits, bytes_from_text
from .priors import Prior
from .results import Analysis
from .tracking.tracker import FaceTracker, TrackedFace


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

    `image` is the image's bytes, base64 or a data URL. Raises an ImageError or InvalidBase64.
    """
    data = bytes_from_text(image, limits) if isinstance(image, str) else image
    near = tracker.near(now) if detect else ()
    analysis = analyzer.analyze(data, detect=detect, prior=prior, near=near, thorough=False, limits=limits)
    return analysis, tracker.update(analysis.faces, now, prior)
