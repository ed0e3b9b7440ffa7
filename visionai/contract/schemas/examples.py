"""Examples of answers whose parts exclude one another, so that they cannot be composed from their fields'."""

from __future__ import annotations

from typing import Any

from ...errors import NoFace
from ..documents.failures import failure_example

SCORES = {
    "angry": 0.01,
    "disgust": 0.0,
    "fear": 0.01,
    "happy": 0.9234,
    "neutral": 0.04,
    "sad": 0.01,
    "surprise": 0.0066,
}
"""Scores as one face may have them, in the order of the emotions."""

PREDICTION: dict[str, Any] = {
    "id": 1523,
    "uid": "0b9c6a4e-3f0d-4c55-9a57-6f3f6f1f2b11",
    "emotion_name": "happy",
    "confidence": 0.9234,
    "uncertain": False,
    "model_version_tag": "v1.3.0",
    "prior": "even",
    "processing_time_ms": 7,
    "timestamp": "2026-01-01T10:30:00.123456+00:00",
    "user": None,
    "recorded": True,
    "faces": [
        {
            "box": {"x": 120, "y": 80, "width": 96, "height": 96},
            "detection_confidence": 0.98,
            "emotion_name": "happy",
            "confidence": 0.9234,
            "uncertain": False,
            "scores": SCORES,
        }
    ],
}
BATCH: dict[str, Any] = {
    "results": [
        {"index": 0, "filename": "ana.jpg", "status": 200, "prediction": PREDICTION},
        {"index": 1, "filename": "wall.jpg", "status": 422, **failure_example(NoFace)},
    ]
}
