"""Pictures in, apparent expressions out."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from .. import errors
from ..contract.predictions import prediction_body
from ..contract.schemas import examples
from ..contract.schemas.predictions import BatchSchema, PredictionSchema
from ..errors import VisionAIError
from ..services import batch
from ..services.analysis import Place, analyse
from ..services.sessions import holding
from ..signals import image_answered
from ..web.failures import answered_code
from ..web.smorest import PREFIX, RECEIPT_HEADER, Blueprint
from . import uploads
from .arguments import PredictQuerySchema
from .security import identity, signed_in_if_told, source
from .session_access import ANYBODY_OR_RECEIPT

blueprint = Blueprint("predict", __name__, url_prefix=PREFIX, description="Pictures in, apparent expressions out.")

PICTURE_ERRORS = (
    errors.MissingImage,
    errors.InvalidBase64,
    errors.InvalidJSON,
    errors.TooLarge,
    errors.UnsupportedFormat,
    errors.BrokenImage,
    errors.ImageTooLarge,
    errors.ImageTooSmall,
    errors.NoFace,
    errors.Busy,
    errors.ModelUnavailable,
    errors.NotFound,
    errors.SessionEnded,
)


blueprint._prepare_doc_cbks.append(uploads.document_limits)


@blueprint.after_request
def tell_observers(response: Response) -> Response:
    """Tell who listens how a request with one image was answered, whether it reached its view or not."""
    if request.endpoint == "predict.predict" and request.method == "POST":
        image_answered.send("rest", status=answered_code() or "success", age_ms=None)
    return response


@blueprint.post("/predict")
@blueprint.doc(operationId="predictImage", security=ANYBODY_OR_RECEIPT)
@signed_in_if_told
@blueprint.arguments(PredictQuerySchema, location="query")
@blueprint.response(200, PredictionSchema, example=examples.PREDICTION)
@blueprint.doc(requestBody=uploads.PICTURE_BODY)
@blueprint.raises(*PICTURE_ERRORS)
def predict(query: dict[str, Any]) -> Any:
    """Read the apparent expression of the faces in a picture.

    With a token the prediction is the user's. What is shown is what a face looks like, not what somebody feels.
    """
    place = _place(query)
    return prediction_body(analyse(uploads.image(), source(), place=place, **query))


@blueprint.post("/predict/batch")
@blueprint.doc(operationId="predictBatch", security=ANYBODY_OR_RECEIPT)
@signed_in_if_told
@blueprint.arguments(PredictQuerySchema, location="query")
@blueprint.response(200, BatchSchema, example=examples.BATCH)
@blueprint.doc(requestBody=uploads.BATCH_BODY)
@blueprint.raises(errors.MissingImage, errors.TooLarge, errors.NotFound, errors.SessionEnded)
def predict_batch(query: dict[str, Any]) -> Any:
    """Read several pictures at once; each is answered, and logged, as it would be alone."""
    place = _place(query)
    uploaded = uploads.images()
    outcomes = batch.analyse_all(
        [data for _, data in uploaded], source(), at_once=current_app.config["INFERENCE_THREADS"], place=place, **query
    )
    for outcome in outcomes:
        status = outcome.code if isinstance(outcome, VisionAIError) else "success"
        image_answered.send("rest", status=status, age_ms=None)
    names = [name for name, _ in uploaded]
    return {"results": [uploads.batch_item(*item) for item in zip(range(len(names)), names, outcomes, strict=True)]}


def _place(query: dict[str, Any]) -> Place | None:
    """Take the session out of a query and return where in it the picture goes; raises NotFound, SessionEnded."""
    uid, offset_ms = query.pop("session"), query.pop("offset_ms")
    if uid is None:
        return None
    return holding.place_now(uid, identity(), request.headers.get(RECEIPT_HEADER), offset_ms)
