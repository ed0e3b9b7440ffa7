"""A stream of frames over `/ws`: one in flight, sessions across connections."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any, Self, cast

from .. import answers, frames
from ..errors import StreamError
from ..messages import HeldSession
from ..pictures import Picture, encoded
from .connection import AsyncConnection
from .io import AsyncIterable, Lock, each, pause
from .transport import AsyncTransport

BUSY_SECONDS = 0.25


class AsyncStream:
    """A connection that comes back by itself, with its session, for up to `patience` seconds.

    Commands go one after the other, each when the last one was answered, so that frames never pile up. They raise
    StreamError with the API's `code`, or with "disconnected" or "timeout". `session` is the one that frames are
    recorded into; it is None again when it was moved to another connection, or lost.
    """

    def __init__(self, transport: AsyncTransport, patience: float = 60.0) -> None:
        self._connection = AsyncConnection(transport, patience)
        self._turn = Lock()

    async def __aenter__(self) -> Self:
        async with self._turn:
            await self._connection.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._connection.close()

    @property
    def session(self) -> HeldSession | None:
        return self._connection.session

    @property
    def resumed(self) -> int:
        """How often the session was taken up again after the connection was lost."""
        return self._connection.resumed

    async def predict(
        self,
        picture: Picture,
        *,
        detect: bool | None = None,
        record: bool | None = None,
        prior: answers.Prior | None = None,
        offset_ms: int | None = None,
    ) -> frames.FrameAnswer:
        """Have one frame read; `status` may be "busy" or "dropped" too, as the server says."""
        fields = {"detect": detect, "record": record, "prior": prior, "offset_ms": offset_ms}
        return cast(frames.FrameAnswer, await self._ask("predict", image=encoded(picture), **fields))

    async def read(
        self,
        source: Iterable[Picture] | AsyncIterable[Picture],
        *,
        detect: bool | None = None,
        record: bool | None = None,
        prior: answers.Prior | None = None,
    ) -> AsyncIterator[frames.FrameAnswer]:
        """Go through the answers to the frames of `source`, which is asked for one when the last was answered.

        A frame that the server had no time for is passed over, and the pause that it asks for is kept.
        """
        async for picture in each(source):
            answer = await self.predict(picture, detect=detect, record=record, prior=prior)
            if answer["status"] == "busy":
                await pause(answer["retry_after_ms"] / 1000 if "retry_after_ms" in answer else BUSY_SECONDS)
            elif answer["status"] != "dropped":
                yield answer

    async def start_session(
        self,
        *,
        title: str | None = None,
        participant: str | None = None,
        notes: str | None = None,
        source: str = "camera",
    ) -> frames.BegunSession:
        """Begin a session, into which frames are recorded from now on; one that there is ends with it.

        The answer has a `receipt` where there is no account: it cannot be had again.
        """
        begun = await self._ask("session_start", title=title, participant=participant, notes=notes, source=source)
        self._connection.session = HeldSession(begun["uid"], begun.get("receipt"))
        return cast(frames.BegunSession, begun)

    async def take_up(self, uid: str, receipt: str | None = None) -> frames.BegunSession:
        """Go on with a session that another connection had."""
        held = HeldSession(uid, receipt)
        begun = await self._ask("session_start", **held.claim)
        self._connection.session = held
        return cast(frames.BegunSession, begun)

    async def mark(self, label: str, *, offset_ms: int | None = None) -> frames.StreamMarker:
        """Mark a moment of the session: now, or one of `offset_ms` since it began."""
        return cast(frames.StreamMarker, await self._ask("marker", label=label, offset_ms=offset_ms))

    async def end_session(self) -> frames.EndedSession:
        """End the session and return its summary."""
        try:
            ended = await self._ask("session_end")
        except StreamError as error:
            if error.code in ("no_session", "not_found"):
                self._connection.session = None
            raise
        self._connection.session = None
        return cast(frames.EndedSession, ended)

    async def stats(self) -> AsyncIterator[answers.Stats]:
        """Go through the figures of the dashboard as they change; use a stream of its own for it."""
        await self._ask("subscribe", topic="dashboard")
        while True:
            async with self._turn:
                message = await self._connection.next_stats()
            if message is not None:
                yield cast(answers.Stats, message)

    async def health(self) -> dict[str, Any]:
        return await self._ask("health")

    async def emotions(self) -> answers.Emotions:
        return cast(answers.Emotions, await self._ask("emotions"))

    async def model_info(self) -> answers.ModelInfo:
        return cast(answers.ModelInfo, (await self._ask("model_info"))["info"])

    async def _ask(self, command: str, **fields: Any) -> dict[str, Any]:
        async with self._turn:
            return await self._connection.ask(command, **fields)
