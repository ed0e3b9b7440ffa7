# Written from _async by `python -m scripts.clients`.
"""A client of the REST API, which opens streams too."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self, cast

from .. import answers
from ..http import Call
from ..pictures import Picture, encoded
from .accounts import Accounts
from .dashboard import Dashboard
from .keys import Keys
from .rules import Rules
from .sessions import Sessions
from .stream import Stream
from .transport import Transport
from .webhooks import Webhooks


class Client:
    """A client of the server at `url`, with its path if it has one.

    `key` is one for programs, or a token that you got elsewhere; `accounts.login` signs in, and `timeout` is in
    seconds. Calls raise ApiError with the API's `code`. Those that the server refused for now (429, 503) are made again
    when it says, and those that change nothing also where it was not reached: three times in all, waiting for up to
    30 seconds.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float = 30.0, language: str | None = None) -> None:
        self._transport = Transport(url, key, timeout, language)
        self.accounts = Accounts(self._transport)
        self.sessions = Sessions(self._transport)
        self.dashboard = Dashboard(self._transport)
        self.keys = Keys(self._transport)
        self.webhooks = Webhooks(self._transport)
        self.rules = Rules(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def predict(
        self,
        picture: Picture,
        *,
        detect: bool | None = None,
        record: bool | None = None,
        prior: answers.Prior | None = None,
        session: str | None = None,
        offset_ms: int | None = None,
        receipt: str | None = None,
    ) -> answers.Prediction:
        """Have a picture read; raises ApiError, `no_face` where none is found.

        `confidence` says how many people would say the same: at 0.8 eight of ten, of pictures like those the network
        learned from. What is told is what a face looks like, not what somebody feels. `session` is the uid of one that
        the picture is recorded into, `receipt` its receipt where no account owns it.
        """
        query = {"detect": detect, "record": record, "prior": prior, "session": session, "offset_ms": offset_ms}
        call = Call("POST", "/predict", query, content=encoded(picture), receipt=receipt)
        return cast(answers.Prediction, self._transport.json(call))

    def predict_batch(
        self,
        pictures: Iterable[Picture],
        *,
        detect: bool | None = None,
        record: bool | None = None,
        prior: answers.Prior | None = None,
        session: str | None = None,
        receipt: str | None = None,
    ) -> answers.Batch:
        """Have up to 32 pictures read, each as it would be alone."""
        query = {"detect": detect, "record": record, "prior": prior, "session": session}
        files = [("files", (f"picture-{index}", encoded(picture))) for index, picture in enumerate(pictures)]
        call = Call("POST", "/predict/batch", query, files=files, receipt=receipt)
        return cast(answers.Batch, self._transport.json(call))

    def emotions(self) -> answers.Emotions:
        """Return the seven expressions, described in the client's language."""
        return cast(answers.Emotions, self._transport.json(Call("GET", "/emotions")))

    def model_info(self) -> answers.ModelInfo:
        """Tell which network answers."""
        return cast(answers.ModelInfo, self._transport.json(Call("GET", "/model/info")))

    def health(self) -> answers.Health:
        """Tell how the server is."""
        return cast(answers.Health, self._transport.json(Call("GET", "/health")))

    def stream(self) -> Stream:
        """Return a stream in the same name, to be entered by `with`."""
        return Stream(self._transport)
