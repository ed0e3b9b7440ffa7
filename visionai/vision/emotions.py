"""The seven apparent expressions: names, ids, order and descriptions."""

from __future__ import annotations

import unicodedata
from enum import StrEnum


class Emotion(StrEnum):
    """An apparent expression. Ids run from 1 to 7; the network's class index is the id minus one."""

    ANGRY = "angry"
    DISGUST = "disgust"
    FEAR = "fear"
    HAPPY = "happy"
    NEUTRAL = "neutral"
    SAD = "sad"
    SURPRISE = "surprise"

    @property
    def id(self) -> int:
        """The stable id, 1 to 7, of database rows and API answers."""
        return _INDEX[self] + 1

    @property
    def class_index(self) -> int:
        """The network's class index, 0 to 6."""
        return _INDEX[self]

    def description(self, language: str = "es") -> str:
        """Return the description in `language` ("en", or Spanish for everything else)."""
        spanish, english = _DESCRIPTIONS[self]
        return english if language == "en" else spanish

    @classmethod
    def named(cls, name: str) -> Emotion | None:
        """Return the emotion that a folder or a label names, in English or Spanish, or None for any other name."""
        name = unicodedata.normalize("NFC", name).strip().lower()
        return ALIASES.get(name)

    @classmethod
    def from_index(cls, index: int) -> Emotion:
        """Return the emotion of a class index, 0 to 6; raises IndexError beyond."""
        return EMOTIONS[index]

    @classmethod
    def from_id(cls, emotion_id: int) -> Emotion:
        """Return the emotion of an id, 1 to 7; raises IndexError beyond."""
        return EMOTIONS[emotion_id - 1]


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
_INDEX = {emotion: index for index, emotion in enumerate(EMOTIONS)}
_DESCRIPTIONS = {
    Emotion.ANGRY: ("Enojo o ira", "Anger"),
    Emotion.DISGUST: ("Disgusto o asco", "Disgust"),
    Emotion.FEAR: ("Miedo o temor", "Fear"),
    Emotion.HAPPY: ("Felicidad o alegría", "Happiness or joy"),
    Emotion.NEUTRAL: ("Sin emoción marcada", "No marked emotion"),
    Emotion.SAD: ("Tristeza", "Sadness"),
    Emotion.SURPRISE: ("Sorpresa", "Surprise"),
}
ALIASES: dict[str, Emotion] = {
    **{emotion.value: emotion for emotion in EMOTIONS},
    **dict.fromkeys(("anger", "enojo", "ira"), Emotion.ANGRY),
    **dict.fromkeys(("disgusted", "asco"), Emotion.DISGUST),
    **dict.fromkeys(("fearful", "miedo"), Emotion.FEAR),
    **dict.fromkeys(("happiness", "alegría", "alegria", "felicidad"), Emotion.HAPPY),
    **dict.fromkeys(("sadness", "tristeza"), Emotion.SAD),
    **dict.fromkeys(("surprised", "sorpresa"), Emotion.SURPRISE),
}
"""How sets of images call the expressions."""
