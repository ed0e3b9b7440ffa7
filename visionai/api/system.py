"""Emotions, model information, health and readiness."""

from __future__ import annotations

from typing import Any

from ..contract.emotions import emotion_bodies
from ..contract.schemas.system import EmotionsSchema, HealthSchema, LiveSchema, ModelInfoSchema, ReadySchema
from ..errors import Busy, DatabaseOutdated, DatabaseTooNew, DiskFull, ModelUnavailable
from ..extensions import inference
from ..locale import choose_language
from ..services import health
from ..web.smorest import PREFIX, Blueprint

blueprint = Blueprint("system", __name__, url_prefix=PREFIX, description="Emotions, weights and health.")


@blueprint.get("/emotions")
@blueprint.doc(operationId="listEmotions")
@blueprint.response(200, EmotionsSchema)
def emotions() -> Any:
    """List the seven emotions with their descriptions in the language of the request."""
    return {"emotions": emotion_bodies(choose_language())}


@blueprint.get("/model/info")
@blueprint.doc(operationId="getModelInfo")
@blueprint.response(200, ModelInfoSchema)
def model_info() -> Any:
    """Describe the weights that are served; starts loading them where nothing did yet."""
    inference.load()
    return inference.info()


@blueprint.get("/health")
@blueprint.doc(operationId="getHealth")
@blueprint.response(200, HealthSchema)
def show_health() -> Any:
    """Tell how every part is; always 200, `degraded` where one does not do its work."""
    return health.report()


@blueprint.get("/health/live")
@blueprint.doc(operationId="checkLiveness")
@blueprint.response(200, LiveSchema)
@blueprint.raises(Busy)
def live() -> Any:
    """Tell that the process answers; 503 when the oldest picture has waited, or been read, for more than 30 s."""
    if inference.oldest_seconds > health.STUCK_SECONDS:
        raise Busy
    return {"status": "alive"}


@blueprint.get("/health/ready")
@blueprint.doc(operationId="checkReadiness")
@blueprint.response(200, ReadySchema)
@blueprint.raises(Busy, ModelUnavailable, DatabaseOutdated, DatabaseTooNew, DiskFull)
def ready() -> Any:
    """Tell that requests are welcome: weights loaded, schema right, room on the disk; starts loading the weights.

    A database that is away for a moment does not matter: pictures are read, and what is recorded waits on the disk. It
    is 503 once the process was told to stop, while it still serves.
    """
    return {"status": "ready", "revision": health.require_ready()}
