"""A client of the REST API, which opens streams too."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self, cast

from .. import answers
from ..http import Call
from ..pictures import Picture, encoded
from .accounts import AsyncAccounts
from .dashboard import AsyncDashboard
from .keys import AsyncKeys
from .rules import AsyncRules
from .sessions import AsyncSessions
from .stream import AsyncStream
from .transport import AsyncTransport
from .webhooks import AsyncWebhooks


class AsyncClient:
    """A client of the server at `url`, with its path if it has one.

    `key` is one for programs, or a token that you got elsewhere; `accounts.login` signs in, and `timeout` is in
    seconds. Calls raise ApiError with the API's `code`. Those that the server refused for now (429, 503) are made again
    when it says, and those that change nothing also where it was not reached: three times in all, waiting for up to
    30 seconds.
    """

    def __init__(self, url: str, key: str | None = None, *, timeout: float = 30.0, language: str | None = None) -> None:
        self._transport = AsyncTransport(url, key, timeout, language)
        self.accounts = AsyncAccounts(self._transport)
        self.sessions = AsyncSessions(self._transport)
        self.dashboard = AsyncDashboard(self._transport)
        self.keys = AsyncKeys(self._transport)
        self.webhooks = AsyncWebhooks(self._transport)
        self.rules = AsyncRules(self._transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._transport.close()

    async def predict(
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
        return cast(answers.Prediction, await self._transport.json(call))

    async def predict_batch(
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
        return cast(answers.Batch, await self._transport.json(call))

    async def emotions(self) -> answers.Emotions:
        """Return the seven expressions, described in the client's language."""
        return cast(answers.Emotions, await self._transport.json(Call("GET", "/emotions")))

    async def model_info(self) -> answers.ModelInfo:
        """Tell which network answers."""
        return cast(answers.ModelInfo, await self._transport.json(Call("GET", "/model/info")))

    async def health(self) -> answers.Health:
        """Tell how the server is."""
        return cast(answers.Health, await self._transport.json(Call("GET", "/health")))

    def stream(self) -> AsyncStream:
        """Return a stream in the same name, to be entered by `async with`."""
        return AsyncStream(self._transport)
