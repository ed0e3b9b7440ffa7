"""Request bodies that carry images: multipart, JSON or the image itself, bounded and documented.

`/predict` takes several kinds of body, which flask-smorest cannot declare on one route; they are told apart by their
content type and documented here.
"""

from __future__ import annotations

import io
from typing import Any, cast

from flask import Flask, current_app, request
from werkzeug.datastructures import FileStorage

from .. import concurrency
from ..contract.bounded_json import load_object
from ..contract.errors import error_body, status_of
from ..contract.predictions import Prediction, prediction_body
from ..errors import MissingImage, TooManyParts, UnsupportedFormat, VisionAIError
from ..vision.images.base64_text import longest_text
from ..vision.images.decoding import Limits, bytes_from_text, image_value
from ..web.request import current_request

_WRAPPING = 64 * 1024
"""Bytes that boundaries, part headers, small fields and JSON's own characters may add to pictures."""

_LONG = 1 << 20
"""Characters beyond which a native thread decodes; below, the way there and back takes longer than the decoding."""

_SPARE_PARTS = 8
"""Parts of a form beside its pictures: fields that some clients add."""

_FILE = {"type": "string", "format": "binary"}
PICTURE_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": _FILE}, "required": ["file"]},
        },
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "image": {
                        "type": "string",
                        "description": "Base64, or a data URL.",
                        "examples": ["data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQ=="],
                    },
                },
                "required": ["image"],
            },
        },
        "image/*": {"schema": _FILE},
        "application/octet-stream": {"schema": _FILE},
    },
}
BATCH_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"files": {"type": "array", "items": _FILE, "minItems": 1}},
                "required": ["files"],
            },
        },
    },
}


def document_limits(doc: dict[str, Any], doc_info: dict[str, Any], *, app: Flask, **__: Any) -> dict[str, Any]:
    """Write the limits of this application's settings into the documentation of a route that takes pictures."""
    # A copy that flask-smorest makes for each application.
    config, body = app.config, doc_info["manual_doc"]["requestBody"]
    form = body["content"]["multipart/form-data"]["schema"]["properties"]
    one = f"up to {_megabytes(config['MAX_IMAGE_BYTES'])} and {config['MAX_IMAGE_PIXELS'] / 1e6:g} megapixels"
    if "files" in form:
        most = form["files"]["maxItems"] = config["MAX_BATCH_FILES"]
        body["description"] = f"Up to {most} pictures, {_megabytes(config['MAX_BATCH_BYTES'])} in all, each {one}."
    else:
        body["description"] = f"A JPEG, PNG, WebP, BMP or GIF of {one}, told by its content."
    return doc


def _megabytes(count: int) -> str:
    return f"{count / 2**20:.3g} MiB" if count >= 2**20 else f"{count} bytes"


def image() -> bytes:
    """Return the picture of the current request, whichever of the three bodies it has.

    Raises MissingImage, TooLarge, UnsupportedFormat for a body of another kind, InvalidJSON, InvalidBase64,
    ValidationFailed.
    """
    limit, kind = current_app.config["MAX_IMAGE_BYTES"], request.mimetype
    if kind == "multipart/form-data":
        current_request().accept(limit, wrapping=_WRAPPING, spare_parts=_SPARE_PARTS)
        file = request.files.get("file")
        return _some(_content(file) if file else b"")
    if request.is_json:
        current_request().accept(limit, wrapping=longest_text(limit) - limit + _WRAPPING)
        return _decoded(image_value(load_object(request.get_data(cache=False)).get("image")), Limits(max_bytes=limit))
    current_request().accept(limit)
    return _plain_body(kind)


def _decoded(image: bytes | str, limits: Limits) -> bytes:
    """Return the bytes of an image value; raises TooLarge, InvalidBase64 and Busy."""
    if isinstance(image, bytes):
        return image
    if len(image) <= _LONG:
        return bytes_from_text(image, limits)
    decoded: bytes = concurrency.call_native(bytes_from_text, image, limits)
    return decoded


def _plain_body(kind: str) -> bytes:
    data = request.get_data(cache=False)
    if not data or kind == "application/x-www-form-urlencoded":
        raise MissingImage
    if not kind.startswith("image/") and kind != "application/octet-stream":
        raise UnsupportedFormat
    return data


def images() -> list[tuple[str | None, bytes]]:
    """Return name and bytes of each of the `files` of the current request; raises MissingImage, TooLarge."""
    most = current_app.config["MAX_BATCH_FILES"]
    limit = current_app.config["MAX_BATCH_BYTES"]
    current_request().accept(limit, most, wrapping=_WRAPPING, spare_parts=_SPARE_PARTS)
    files = request.files.getlist("files")
    if not files:
        raise MissingImage
    if len(files) > most:
        raise TooManyParts(limit=most)
    return [(file.filename, _content(file)) for file in files]


def batch_item(index: int, filename: str | None, outcome: Prediction | VisionAIError) -> dict[str, Any]:
    """Return the JSON of one picture of a batch."""
    if isinstance(outcome, VisionAIError):
        return {"index": index, "filename": filename, "status": status_of(outcome), **error_body(outcome)}
    return {"index": index, "filename": filename, "status": 200, "prediction": prediction_body(outcome)}


def _content(file: FileStorage) -> bytes:
    """Return what was uploaded as a file; its buffer shares the bytes, where reading them would copy."""
    return cast(io.BytesIO, file.stream).getvalue()


def _some(data: bytes) -> bytes:
    if not data:
        raise MissingImage
    return data
