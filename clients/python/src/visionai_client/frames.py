"""What a stream answers, as dictionaries."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from .answers import Box, EmotionName, Scores, SessionPerson


class Smoothed(TypedDict):
    emotion_name: EmotionName
    scores: Scores


class FrameFace(TypedDict):
    """A face of a frame; `track_id` stays from one to the next, `person` is its number in the session."""

    box: Box
    detection_confidence: float | None
    emotion_name: EmotionName
    confidence: float
    uncertain: bool
    scores: Scores
    track_id: int
    smoothed: Smoothed
    person: NotRequired[int | None]


class FrameAnswer(TypedDict):
    """An answer to a frame; without a face, or where the frame was not read, its fields are null."""

    status: Literal["success", "no_face", "dropped", "busy"]
    faces: list[FrameFace]
    emotion_name: EmotionName | None
    confidence: float | None
    uncertain: bool | None
    processing_time_ms: int | None
    recorded: bool
    age_ms: float
    seq: NotRequired[int]
    retry_after_ms: NotRequired[int]


class BegunSession(TypedDict):
    """A session of a stream; `receipt` is told once, to whoever has no account."""

    uid: str
    status: str
    started_at: str
    title: str | None
    participant: str | None
    source: str
    resumed: bool
    receipt: NotRequired[str]


class StreamMarker(TypedDict):
    id: int
    offset_ms: int
    label: str


class EndedSession(TypedDict):
    uid: str
    status: str
    started_at: str
    seconds: int
    frames: int
    people: list[SessionPerson]
    gaps: list[list[int]]
