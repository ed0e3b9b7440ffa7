"""The exception tree: everything that can go wrong for a reason a caller can act on, with stable codes, no HTTP.

A message is an English template that says what is wrong and what to do. It is translated where it is shown, so it
is marked with `N_` for the catalogue and filled from `details` by name.
"""

from __future__ import annotations

from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark `text` for the translation catalogue and return it unchanged."""
    return text


class VisionAIError(Exception):
    """A failure with a stable `code`, a translatable `message` template and `details` that fill it."""

    code: ClassVar[str] = "internal_error"
    message: ClassVar[str] = N_("Something went wrong here. Try again; if it stays, tell the operator.")

    def __init__(self, **details: Any) -> None:
        self.details = details
        super().__init__(self.message % details if details else self.message)


class RetryableError(VisionAIError):
    """A failure that passes: the same call may succeed after `retry_after` seconds."""

    retry_after: ClassVar[int] = 1

    def __init__(self, *, retry_after: int | None = None, **details: Any) -> None:
        self.retry_after_seconds = self.retry_after if retry_after is None else retry_after
        super().__init__(**details)


# What was sent ------------------------------------------------------------------------------------------------------


class BadRequest(VisionAIError):
    """The request itself is at fault."""


class MissingImage(BadRequest):
    code = "missing_image"
    message = N_(
        "No picture was sent, or an empty one. Send it as the multipart field “file”, as JSON “image” or as the body."
    )


class InvalidBase64(BadRequest):
    code = "invalid_base64"
    message = N_("The picture is not valid base64. Encode the file's bytes, with or without a “data:” prefix.")


class InvalidJSON(BadRequest):
    code = "invalid_json"
    message = N_("The message is not valid JSON, or not a JSON object.")


class ValidationFailed(BadRequest):
    """Fields of a body, query or message do not fit; `details` maps each to what is wrong with it."""

    code = "validation_failed"
    message = N_("Some fields are not valid; “details” names them.")

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__()
        self.details = fields


class RequestTimeout(BadRequest):
    code = "request_timeout"
    message = N_("The request came too slowly. Send it over a faster connection, or less at once.")


class UnknownCommand(BadRequest):
    code = "unknown_command"
    message = N_("There is no such command; “available_commands” lists those that exist.")


# The picture --------------------------------------------------------------------------------------------------------


class ImageError(VisionAIError):
    """The picture cannot be read, or nothing can be read from it."""


class TooLarge(ImageError):
    code = "too_large"
    message = N_("That is over the limit of %(limit)s bytes. Send less at once.")


class TooManyParts(TooLarge):
    """A form has more pictures or fields than are taken at once; `limit` may be 1."""

    message = N_("That form has too many parts. Pictures at once: %(limit)s at most.")


class UnsupportedFormat(ImageError):
    code = "unsupported_format"
    message = N_("That is not a JPEG, PNG, WebP, BMP or GIF picture. Convert it to one of these.")


class BrokenImage(ImageError):
    code = "broken_image"
    message = N_("The picture is damaged or incomplete and cannot be decoded. Send the whole file.")


class TookTooLong(BrokenImage):
    """A picture kept a thread for longer than any does; sent again, it would keep another."""

    message = N_("The picture takes too long to decode and was given up. Save it anew with another program.")


class ImageTooLarge(ImageError):
    code = "image_too_large"
    message = N_(
        "The picture has %(width)s x %(height)s pixels; at most %(limit)s in all are read. Send a smaller one."
    )


class ImageTooSmall(ImageError):
    code = "image_too_small"
    message = N_(
        "The picture has %(width)s x %(height)s pixels; both sides need at least %(limit)s. Send a larger one."
    )


class NoFace(ImageError):
    code = "no_face"
    message = N_(
        "No face was found. Send a picture with a visible face; if it is a face crop already, add detect=false."
    )


# Who asks -----------------------------------------------------------------------------------------------------------


class AuthenticationError(VisionAIError):
    """The caller did not show who they are."""


class InvalidToken(AuthenticationError):
    code = "invalid_token"
    message = N_("The token is missing or not valid. Sign in again, or leave the token out where none is needed.")


class TokenExpired(AuthenticationError):
    code = "token_expired"
    message = N_("The token has expired. Refresh it or sign in again.")


class InvalidKey(InvalidToken):
    """A key that there is not, that was revoked, or whose user is inactive or gone."""

    message = N_("The key is not valid, or was revoked. Make another one in the profile.")


class KeyExpired(TokenExpired):
    message = N_("The key has expired. Make another one in the profile.")


class BadCredentials(AuthenticationError):
    code = "bad_credentials"
    message = N_("The user name or the password is wrong, or the account is not active.")


class Forbidden(VisionAIError):
    code = "forbidden"
    message = N_("You may not do this or see this.")


class OutOfScope(Forbidden):
    """A key may not do what it was used for."""

    message = N_("This takes the scope “%(scope)s”, which this key does not have. Make a key that has it.")


class LoginNeeded(Forbidden):
    """A key was used for what concerns the account itself."""

    message = N_("A key may not do this. Sign in.")


class AdministratorsOnly(Forbidden):
    """A user who is no administrator wanted a key that administers."""

    message = N_("Only administrators may make keys with the scope “admin”.")


class UsernameTaken(VisionAIError):
    code = "username_taken"
    message = N_("That user name is taken. Choose another one.")


class LastAdministrator(VisionAIError):
    """Without this account nobody could administer the server any more."""

    code = "last_administrator"
    message = N_("This is the last active administrator. Make somebody else an administrator first.")


class NotFound(VisionAIError):
    code = "not_found"
    message = N_("There is nothing here. Check the address.")


class UserNotFound(NotFound):
    message = N_("There is no user of that name. Check how it is written.")


class NoVersionBefore(NotFound):
    """Nothing that the audit log knows of was in force before what is now."""

    message = N_("No earlier version is known. Activate one from the list.")


class TooManyKeys(VisionAIError):
    code = "too_many_keys"
    message = N_("You have %(limit)s keys. Revoke one of them before you make another.")


# Recorded sessions --------------------------------------------------------------------------------------------------


class NoSession(VisionAIError):
    """A stream's client has no session that a command could speak of."""

    code = "no_session"
    message = N_("This connection records into no session. Start one first.")


class SessionEnded(VisionAIError):
    code = "session_ended"
    message = N_("This session has ended. Start another one.")


# Calibration --------------------------------------------------------------------------------------------------------


class TooFewPictures(VisionAIError):
    code = "too_few_pictures"
    message = N_(
        "A calibration needs at least two expressions with %(least)s pictures each in which a face was found. "
        "There are: %(found)s."
    )


class CalibrationRefused(VisionAIError):
    """A calibration that cross-validation speaks against; `details` hold its figures."""

    code = "calibration_refused"
    message = N_(
        "This calibration does not help: on pictures that it did not see, balanced accuracy goes from "
        "%(recall_before)s to %(recall_after)s (standard error of the difference %(recall_error)s) and log loss from "
        "%(loss_before)s to %(loss_after)s (%(loss_error)s). Both have to improve by more than the standard error."
    )


class LabelsExchanged(CalibrationRefused):
    """Two classes whose labels look exchanged."""

    message = N_(
        "Most pictures of “%(first)s” are read as “%(second)s”, and the other way round. Check whether their labels "
        "are exchanged."
    )


class LabelsUnrelated(CalibrationRefused):
    """Labels that agree with the network no more often than by chance."""

    message = N_(
        "The pictures and their labels agree no better than by chance (balanced accuracy %(recall_after)s). Check the "
        "labels."
    )


class CalibrationNameTaken(VisionAIError):
    code = "calibration_name_taken"
    message = N_("This version has a calibration of that name. Choose another one: answers were logged under it.")


class ReadingsExpired(VisionAIError):
    code = "readings_expired"
    message = N_("These readings are too old, or of other weights than those served now. Read the pictures again.")


# Webhooks -----------------------------------------------------------------------------------------------------------


class TooManyWebhooks(VisionAIError):
    code = "too_many"
    message = N_("You have %(limit)s webhooks. Delete one of them before you add another.")


class TooManyRules(TooManyWebhooks):
    message = N_("You have %(limit)s rules. Delete one of them before you add another.")


class WebhookInactive(VisionAIError):
    """Nothing is sent to a webhook that is off."""

    code = "webhook_inactive"
    message = N_("This webhook is off. Turn it on first.")


# What passes --------------------------------------------------------------------------------------------------------


class Busy(RetryableError):
    code = "busy"
    message = N_("The server is full at the moment. Try again shortly.")


class RateLimited(RetryableError):
    code = "rate_limited"
    message = N_("Too many attempts. Wait before you try again.")
    retry_after = 60


class TooManySessions(RateLimited):
    """An account has as many sessions open as it may."""

    message = N_("You have %(limit)s sessions open. End one of them before you start another.")


class KeyRateLimited(RateLimited):
    """A key was used more often than its calls a minute."""

    message = N_("This key has used its %(limit)s calls of this minute.")


class QuotaExceeded(RetryableError):
    code = "quota_exceeded"
    message = N_("This key has used its %(limit)s calls of today. The day ends at midnight UTC.")
    retry_after = 3600


class DatabaseUnavailable(RetryableError):
    code = "database_unavailable"
    message = N_("The database cannot be reached at the moment. Try again shortly.")
    retry_after = 5


class DatabaseOutdated(DatabaseUnavailable):
    """The schema is of another revision than the code's; whoever runs the server has to act."""

    code = "database_outdated"
    message = N_("The database has revision %(revision)s, and this server needs %(wanted)s. Run `flask db upgrade`.")


class DatabaseEmpty(DatabaseOutdated):
    """The database was never migrated; `revision` is None."""

    message = N_("The database has no tables yet, and this server needs revision %(wanted)s. Run `flask db upgrade`.")


class DatabaseTooNew(DatabaseUnavailable):
    """A newer release migrated the database, and code of this revision does not run on it."""

    code = "database_too_new"
    message = N_(
        "The database has revision %(revision)s, which is too new for this server (%(wanted)s). Run the newer version "
        "of the server."
    )


class DiskFull(RetryableError):
    """Rows could not wait on the disk if the database went away."""

    code = "disk_full"
    message = N_("The disk of the server has no room for predictions that wait for the database. Free some.")
    retry_after = 30


class ModelUnavailable(RetryableError):
    """There is no network to read pictures with; whoever runs the server has to act."""

    code = "model_unavailable"
    message = N_(
        "The weights of the network cannot be loaded, so no picture can be read. Tell the operator: the log says why; "
        "MODEL_PATH or `flask model activate` names others."
    )
    retry_after = 5


class ModelLoading(ModelUnavailable):
    """The network will be there in a moment."""

    message = N_("The network is being loaded. Try again in a moment.")
    retry_after = 1


# What the operator set up -------------------------------------------------------------------------------------------


class SetupError(VisionAIError):
    """A file, setting or package of this installation is not as it must be; `str()` names it in one line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.args = (text,)


class WeightsError(SetupError, ModelUnavailable):
    """A weights file is missing, damaged, of another shape, or not the one its manifest names.

    `str()` names the file, for the log and the command line; a client is told the message of ModelUnavailable alone.
    """


class DatasetError(SetupError):
    """A data set cannot be read or has nothing in it."""


class MalformedRequest(VisionAIError):
    """The request is not the HTTP that it says it is."""

    code = "bad_request"
    message = N_("The request cannot be read. Check how it is put together.")


class MethodNotAllowed(VisionAIError):
    """The address exists and does not know this method."""

    code = "method_not_allowed"
    message = N_("This address does not take that method; the “Allow” header lists those it takes.")
