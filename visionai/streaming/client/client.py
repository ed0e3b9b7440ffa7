"""One connected client, whatever its transport: frames in, answers out."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from ... import concurrency
from ...database.availability import DATABASE_AWAY, unavailable
from ...errors import Busy, UnknownCommand, VisionAIError
from ...services.accounts.identity import Identity
from ...services.analysis import Sighting, Source, conclude
from ...services.recording.readings import Readings
from ...signals import image_analyzed, image_answered, image_failed
from ...vision.frames import read_frame
from ...vision.results import Analysis
from ...vision.tracking.tracker import FaceTracker, TrackedFace
from .answers import failure_body, read_frame_body, unread_frame_body
from .commands import AVAILABLE, run
from .credentials import Credentials
from .frames import Frame, FrameSlot
from .payload import flag_of, image_of, offset_of, prior_of, seq_of
from .recorded_sessions import STARTS_PER_MINUTE
from .run import Run
from .shared import Reply, Shared
from .throttle import FrameThrottle, Throttle

logger = logging.getLogger(__name__)

Read = tuple[Frame, Analysis | None, tuple[TrackedFace, ...], Exception | None]


class Client:
    """One connected client: who it is, its newest frame, and the faces it shows.

    `push` sends the client an event that it did not ask for. The client waits for its answers by `reply`, which every
    event that it sends comes with.
    """

    def __init__(
        self, shared: Shared, transport: str, address: str | None, language: str, push: Reply, token: str | None
    ) -> None:
        self.shared = shared
        self.transport = transport
        self.language = language
        self.push = push
        self._address = shared.kept_address(address)
        self._credentials = Credentials(shared, token, self._address)
        self._slot = FrameSlot()
        self._throttle = FrameThrottle(shared.limits.max_fps)
        self._tracker = FaceTracker()
        self._lock = concurrency.Guard()
        self._reading = False
        self._being_read: Frame | None = None
        self._resuming = False
        self.run: Run | None = None
        self.session_starts = Throttle(STARTS_PER_MINUTE, 60.0)
        self._readings = Readings(shared.recorder, shared.limits.reading_ms)
        self._gone = False

    @property
    def is_waiting(self) -> bool:
        """Whether a frame of this client has yet to be answered."""
        return self._reading or bool(self._slot)

    def receive(self, command: Any, payload: Any, reply: Reply) -> None:
        """Answer a command of the client's, once: at once, or later for `predict`."""
        try:
            if command == "predict":
                self._offer(self._frame(payload, reply))
            else:
                self._credentials.admit(command, payload)
                reply(*run(self, command, payload))
        except VisionAIError as error:
            self._fail(error, payload, command, reply)
        except DATABASE_AWAY as error:
            self._fail(unavailable(error), payload, command, reply)
        except Exception:
            logger.exception("A command of a stream failed")
            self._fail(VisionAIError(), payload, command, reply)

    @property
    def identity(self) -> Identity | None:
        """Who opened the connection, while the token holds."""
        return self._credentials.identity

    def who(self, payload: Any) -> Identity | None:
        """Return whom a payload speaks for: its own token's user, else the connection's; raises InvalidToken."""
        return self._credentials.who(payload)

    def leave(self) -> None:
        """Write what is open of the client, which has gone; what is still being read is written as it ends."""
        self._gone = True
        self._readings.flush()
        if self.run is not None:
            self.shared.holders.leave(self, self.run)

    def give_up_waiting(self) -> None:
        """Answer the frame that nobody has begun to read, if there is one: there is no time for it any more."""
        frame = self._slot.take()
        if frame is not None:
            self._leave_unread(frame, "busy")

    def lose(self, run: Run, status: str) -> None:
        """Record into the session of `run` no longer, and tell the client: it was `moved`, or is `lost`."""
        if self.run is run:
            self.hold(None)
            self.push("session", {"type": "session", "status": status, "uid": str(run.uid)})

    def hold(self, run: Run | None) -> None:
        """Let the frames from now on belong to a recorded session, or to none."""
        self._readings.flush()
        self.run = run

    def look_after(self, now: float) -> None:
        """Write a reading that nothing follows, and look whether the token still holds."""
        self._readings.flush_if_due(now)
        self.check_token(now)

    def check_token(self, now: float) -> None:
        """Look whether the connection's token still holds, if that is due; without it the client is anonymous."""
        status = self._credentials.lost(now)
        if status is not None:
            self._leave_session_of_account()
            self.shared.dashboard.recheck(self)
            self.push("auth", {"type": "auth", "status": status})

    def _leave_session_of_account(self) -> None:
        """Stop recording into a session that the client may no longer see."""
        run = self.run
        if run is not None and run.user_id is not None:
            self.shared.holders.leave(self, run)
            self.lose(run, "lost")

    def _fail(self, error: VisionAIError, payload: Any, command: Any, reply: Reply) -> None:
        if command == "predict":
            image_answered.send(self.transport, status="error", age_ms=0.0)
        body = failure_body(error, self.language, seq_of(payload))
        if isinstance(error, UnknownCommand):
            body["available_commands"] = list(AVAILABLE)
        reply("error", body)

    def _frame(self, payload: Any, reply: Reply) -> Frame:
        image = image_of(payload)
        source = Source.of(self._credentials.admitted("predict", payload), self._address)
        return Frame(
            image,
            seq_of(payload),
            flag_of(payload, "detect"),
            flag_of(payload, "record"),
            prior_of(payload, self.shared.prior),
            source,
            reply,
            self._run_of(source),
            offset_of(payload),
        )

    def _run_of(self, source: Source) -> Run | None:
        """Return the recorded session that frames of a source belong to: its owner's alone."""
        run = self.run
        return run if run is not None and run.user_id in (None, source.user_id) else None

    def _offer(self, frame: Frame) -> None:
        """Put a frame where the one before waits, if it still does."""
        try:
            frame.held = self.shared.memory.hold(len(frame.image))
        except Busy:
            self._leave_unread(frame, "busy")
            return
        if self.shared.closing:
            self._leave_unread(frame, "busy")
            return
        with self._lock:
            if self.is_waiting:
                self._throttle.piled(frame.arrived)
            older = self._slot.put(frame)
        if older is not None:
            self._leave_unread(older, "dropped")
        self._read_next()

    def _read_next(self) -> None:
        """Queue the waiting frame, if there is one, none is being read, and the client's pace allows."""
        with self._lock:
            if self._reading or not self._slot:
                return
            now = time.monotonic()
            if delay := self._throttle.delay(now):
                if not self._resuming:
                    self._resuming = True
                    concurrency.spawn(self._resume, delay)
                return
            self._throttle.took(now)
            self._reading = True
        try:
            # Which frame is read is decided on the native thread: the newest at that moment.
            self.shared.engine.submit(self._read, self._conclude)
        except Busy:
            frame = self._done_reading(self._slot.take())
            if frame is not None:
                self._leave_unread(frame, "busy")

    def _resume(self, delay: float) -> None:
        concurrency.sleep(delay)
        self._resuming = False
        self._read_next()

    def _read(self, analyzer: Any) -> Read | None:
        """Read the newest frame; runs on a native thread, which has the tracker to itself meanwhile."""
        frame = self._being_read = self._slot.take()
        if frame is None:
            return None
        try:
            analysis, faces = read_frame(
                analyzer,
                frame.image,
                self._tracker,
                detect=frame.detect,
                prior=frame.prior,
                now=frame.arrived,
                limits=self.shared.limits.image,
            )
        except Exception as error:  # noqa: BLE001 - it goes to where the frame is answered, and is logged there
            return frame, None, (), error
        return frame, analysis, faces, None

    def _conclude(self, read: Read | None, error: BaseException | None) -> None:
        """Answer what was read and turn to the next frame; runs as a task, and waits for nothing."""
        being_read, self._being_read = self._being_read, None
        if error is not None:
            # Where a frame was being read its thread was given up, and may still follow faces with the old tracker.
            self._tracker = FaceTracker()
            self._readings.flush()
            if self.run is not None:
                self.run.forget_tracks()
            frame = self._done_reading(being_read or self._slot.take())
            if frame is not None:
                self._answer_unread(frame, error)
        else:
            self._done_reading(None)
            if read is not None:
                self._answer(*read)
        self._read_next()

    def _done_reading(self, frame: Frame | None) -> Frame | None:
        with self._lock:
            self._reading = False
        return frame

    def _answer(
        self, frame: Frame, analysis: Analysis | None, faces: tuple[TrackedFace, ...], error: Exception | None
    ) -> None:
        if analysis is None:
            self._answer_unread(frame, error or VisionAIError())
            return
        image_analyzed.send(self.shared.engine, analysis=analysis)
        tracks = [face.track_id for face in faces]
        people = frame.run.people(tracks) if frame.run is not None else None
        sighting = _sighting(frame, tracks, people) if frame.record else None
        began = time.monotonic()
        prediction = conclude(analysis, frame.source, frame.uid, self._readings, sighting)
        if self._gone or frame.run is not self.run:
            self._readings.flush()
        frame.recording = (began, time.monotonic()) if sighting else None
        self._reply(frame, read_frame_body(frame, prediction, faces, people), analysis)

    def _answer_unread(self, frame: Frame, error: BaseException) -> None:
        if isinstance(error, Busy):
            self._leave_unread(frame, "busy")
        else:
            self._answer_error(frame, error)

    def _answer_error(self, frame: Frame, error: BaseException) -> None:
        if not isinstance(error, VisionAIError):
            frame.context.run(partial(logger.error, "A frame could not be read", exc_info=error))
            error = VisionAIError()
        image_failed.send(self.transport, code=error.code)
        frame.tell(self.transport, "error", frame.age_ms, None, error.code)
        frame.reply("error", failure_body(error, self.language, frame.seq))

    def _leave_unread(self, frame: Frame, status: str) -> None:
        self._reply(frame, unread_frame_body(frame, status, self.shared.engine.version_tag))

    def _reply(self, frame: Frame, body: dict[str, Any], analysis: Analysis | None = None) -> None:
        frame.tell(self.transport, body["status"], body["age_ms"], analysis, None)
        frame.reply("prediction", body)


def _sighting(frame: Frame, tracks: list[int], people: list[int | None] | None) -> Sighting:
    run = frame.run
    if run is None or people is None:
        return Sighting(tracks, int(frame.arrived * 1000), frame.arrived)
    clock_ms = run.place(frame.arrived, frame.offset_ms)
    return Sighting(tracks, clock_ms, frame.arrived, run.session_id, people)
