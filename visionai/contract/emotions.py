"""The seven emotions as answers describe them."""

from __future__ import annotations

from typing import Any

from ..vision.emotions import EMOTIONS, Emotion


def emotion_body(emotion: Emotion, language: str) -> dict[str, Any]:
    """Return the JSON fields of an emotion, its description in `language`."""
    return {"id": emotion.id, "name": emotion.value, "description": emotion.description(language)}


def emotion_bodies(language: str) -> list[dict[str, Any]]:
    """Return all seven, in the order of their ids."""
    return [emotion_body(emotion, language) for emotion in EMOTIONS]
