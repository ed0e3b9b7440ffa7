"""What the server answers, as dictionaries; `/api/v1/openapi.json` of a server says what each field means."""

from typing import Any, Literal, NotRequired, TypedDict

EmotionName = Literal["angry", "disgust", "fear", "happy", "neutral", "sad", "surprise"]
Prior = Literal["even", "typical"]
SessionSource = Literal["camera", "video", "api"]
SessionStatus = Literal["open", "ended", "lost"]


class Scores(TypedDict):
    """Of each expression, 0 to 1, about 1 in all."""

    angry: float
    disgust: float
    fear: float
    happy: float
    neutral: float
    sad: float
    surprise: float


class Counts(TypedDict):
    angry: int
    disgust: int
    fear: int
    happy: int
    neutral: int
    sad: int
    surprise: int


class Box(TypedDict):
    """In pixels of the upright picture that was sent."""

    x: int
    y: int
    width: int
    height: int


class Face(TypedDict):
    box: Box
    detection_confidence: float | None
    emotion_name: EmotionName
    confidence: float
    uncertain: bool
    scores: Scores


class Prediction(TypedDict):
    id: int | None
    uid: str
    emotion_name: EmotionName
    confidence: float
    uncertain: bool
    model_version_tag: str
    prior: Prior
    processing_time_ms: int
    timestamp: str
    user: str | None
    recorded: bool
    faces: list[Face]


class ErrorInside(TypedDict):
    code: str
    message: str
    details: dict[str, Any]


class BatchItem(TypedDict):
    index: int
    filename: str | None
    status: int
    prediction: NotRequired[Prediction]
    error: NotRequired[ErrorInside]


class Batch(TypedDict):
    results: list[BatchItem]


class Emotion(TypedDict):
    id: int
    name: EmotionName
    description: str


class Emotions(TypedDict):
    emotions: list[Emotion]


class ModelInfo(TypedDict):
    status: Literal["not_loaded", "loading", "loaded", "failed"]
    model_version_tag: str | None
    weights_version_tag: str | None
    calibration: str | None
    input_shape: str | None
    num_classes: int | None
    total_params: int | None
    emotion_classes: list[str]
    runtime: str | None
    metrics: dict[str, Any]
    learned_shares: dict[str, float] | None
    priors: dict[str, Any] | None
    default_priors: dict[str, Prior]


class Health(TypedDict):
    status: Literal["healthy", "degraded"]
    service: str
    version: str
    model: str
    database: str
    recorder: str
    clients_connected: int


class User(TypedDict):
    user_id: int
    username: str
    is_active: bool
    created_at: str


class Profile(User):
    role: Literal["user", "admin"]


class Access(TypedDict):
    access_token: str
    token_type: str
    expires_in: int


class Tokens(Access):
    refresh_token: NotRequired[str]


class Marker(TypedDict):
    id: int
    offset_ms: int
    label: str


class SessionPerson(TypedDict):
    person: int
    persons: list[int]
    label: str | None
    first_offset_ms: int
    last_offset_ms: int
    seconds: int
    shares: Scores | None
    uncertain_share: float | None


class ListedSession(TypedDict):
    uid: str
    user: str | None
    title: str | None
    participant: str | None
    source: SessionSource
    status: SessionStatus
    started_at: str
    ended_at: str | None
    seconds: int
    frames: int
    people_count: int


class Session(ListedSession):
    notes: str | None
    people: list[SessionPerson]
    uncertain_share: float | None
    gaps: list[list[int]]
    markers: list[Marker]
    model_versions: list[str]


class StartedSession(Session):
    receipt: NotRequired[str]


class Sessions(TypedDict):
    count: int
    sessions: list[ListedSession]
    next_cursor: str | None


class Point(TypedDict):
    offset_ms: int
    seconds: int
    scores: Scores
    emotion_name: EmotionName
    confidence: float
    uncertain: bool


class Series(TypedDict):
    person: int
    persons: list[int]
    label: str | None
    points: list[Point]


class SessionTimeline(TypedDict):
    step_seconds: int
    people: list[Series]
    markers: list[Marker]
    gaps: list[list[int]]


class ComparedSession(TypedDict):
    uid: str
    title: str | None
    participant: str | None
    started_at: str
    zero_offset_ms: int
    people: list[Series]
    markers: list[Marker]
    gaps: list[list[int]]


class Comparison(TypedDict):
    align: str
    step_seconds: int
    sessions: list[ComparedSession]


class MostCommon(TypedDict):
    name: EmotionName
    count: int


class Period(TypedDict):
    since: str | None
    until: str | None


class EmotionTotals(TypedDict):
    name: EmotionName
    count: int
    average_confidence: float | None
    last_prediction: str | None


class Stats(TypedDict):
    total_predictions: int
    most_common_emotion: MostCommon | None
    average_confidence: float | None
    predictions_by_emotion: Counts
    period: Period
    emotions: list[EmotionTotals]
    uncertain_share: float | None


class UserStats(Stats):
    username: str


class RecentPrediction(TypedDict):
    id: int
    timestamp: str
    emotion: EmotionName
    confidence: float
    user: str | None
    source_ip: str | None
    session: str | None
    uncertain: bool | None
    model_version_tag: str


class Recent(TypedDict):
    count: int
    predictions: list[RecentPrediction]
    next_cursor: str | None


class TimelineStep(TypedDict):
    date: str
    count: int
    by_emotion: Counts


class VersionChange(TypedDict):
    model_version_tag: str
    since: str


class Timeline(TypedDict):
    period_days: int
    timeline: list[TimelineStep]
    period: Period
    bucket: Literal["day", "hour", "minute"]
    versions: list[VersionChange]


class EmotionFigures(TypedDict):
    total_predictions: int
    average_confidence: float | None
    last_prediction: str | None
    percentage: float


class EmotionDetail(TypedDict):
    emotion: Emotion
    statistics: EmotionFigures
    period: Period
