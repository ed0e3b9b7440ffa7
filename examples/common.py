"""What both Python clients share: the command line, signing in, sessions, where pictures come from, how an answer is
shown.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}
QUESTIONS = ("health", "emotions", "model_info")
ANSWER_SECONDS = 30
SESSION_SECONDS = 60
"""How long the server keeps a session whose client is away."""

Answer = dict[str, Any]


class SessionOver(Exception):
    """The server does not let us go on; the message says why."""


@dataclass
class Recording:
    """The session that frames are recorded into; `receipt` is the key to it where there is no account.

    `over` says that it is so: `moved` to another connection, or `lost`.
    """

    uid: str
    receipt: str | None
    over: str | None = None

    @property
    def claim(self) -> Answer:
        """What a client that connects again says of it: Socket.IO in `auth`, `/ws` in `session_start`."""
        return {"session": self.uid, **({"receipt": self.receipt} if self.receipt else {})}

    def taken_up(self, answer: Answer) -> None:
        """Look at the answer to that claim; raises SessionOver."""
        if answer["status"] == "error":
            raise SessionOver(answer["message"])
        print("session: the connection was cut; it goes on", flush=True)


class Client(Protocol):
    """A connection, whichever way, whose calls return what the server answered."""

    recording: Recording | None

    def __enter__(self) -> Client: ...

    def __exit__(self, *_: object) -> None: ...

    def ask(self, command: str, **fields: Any) -> Answer:
        """Return the answer to a command: one of `QUESTIONS`, or of a session."""

    def predict(self, image: bytes) -> Answer:
        """Return what is seen in a picture; `status` is success, no_face, dropped, busy or error."""


def run(connect: Callable[[str, str | None], Client], description: str, default_url: str) -> int:
    """Do what the command line asks for; return 1 if any answer was an error."""
    asked = arguments(description, default_url)
    token = login(asked.url, asked.user) if asked.user else asked.token
    failed = False
    with connect(asked.url, token) as client:
        for question in filter(vars(asked).get, QUESTIONS):
            print(json.dumps(client.ask(question), indent=2, ensure_ascii=False))
        if asked.session is not None:
            begin(client, asked)
        # The next picture goes when the last one was answered: nothing piles up.
        for name, image in pictures(asked):
            answer = client.predict(image)
            failed |= answer["status"] == "error"
            print(line(name, answer), flush=True)
            if client.recording is not None and client.recording.over:
                raise SessionOver(client.recording.over)
        if client.recording is not None:
            print(summary(client.ask("session_end")))
    return int(failed)


def begin(client: Client, asked: argparse.Namespace) -> None:
    """Begin the session that the command line asks for, or go on with one; raises SessionOver where there is none."""
    if asked.go_on:
        fields = {"session": asked.go_on, **({"receipt": asked.receipt} if asked.receipt else {})}
    else:
        texts = {"title": asked.session, "participant": asked.participant}
        fields = {name: text for name, text in texts.items() if text}
    begun = client.ask("session_start", **fields)
    if begun["status"] == "error":
        raise SessionOver(begun["message"])
    client.recording = Recording(begun["uid"], begun.get("receipt", asked.receipt))
    # Whoever has the receipt can read and delete the session; it is not told again.
    key = f" receipt {begun['receipt']}" if "receipt" in begun else ""
    print(f"session {begun['uid']}{key}", flush=True)
    if asked.mark:
        print(f"marked {asked.mark!r} at {client.ask('marker', label=asked.mark)['offset_ms'] / 1000:.1f} s")


def come_back(connect: Callable[[], None], failures: tuple[type[Exception], ...]) -> None:
    """Connect again for as long as the server keeps a session; raises the last failure."""
    deadline = time.monotonic() + SESSION_SECONDS
    while True:
        try:
            return connect()
        except failures:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def arguments(description: str, default_url: str) -> argparse.Namespace:
    """Return what the command line says; exits where it asks for nothing."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image", nargs="*", type=Path, metavar="IMAGE", help="pictures to send")
    parser.add_argument("--folder", type=Path, help="send every picture of a folder")
    parser.add_argument("--camera", type=int, nargs="?", const=0, help="send a camera's frames (0 is the first)")
    parser.add_argument("--session", nargs="?", const="", metavar="TITLE", help="record into a session, to its end")
    parser.add_argument("--participant", help="who takes part in it, better a code than a name")
    parser.add_argument("--mark", metavar="LABEL", help="mark its beginning")
    parser.add_argument("--go-on", metavar="UID", help="go on with a session that was cut off within the last minute")
    parser.add_argument("--receipt", help="the receipt of that session, where it is of no account")
    parser.add_argument("--health", action="store_true", help="show how the service is")
    parser.add_argument("--emotions", action="store_true", help="show the seven expressions")
    parser.add_argument("--model-info", action="store_true", help="show which network answers")
    parser.add_argument("--url", default=default_url, help="the server (default: %(default)s)")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--token", help="predictions are those of this token's user")
    who.add_argument("--user", help="sign in as this user (VISIONAI_PASSWORD, or it is asked for)")
    asked = parser.parse_args()
    if asked.go_on and asked.session is None:
        asked.session = ""
    check_url(asked.url, default_url)
    if not (asked.image or asked.folder or asked.camera is not None or any(map(vars(asked).get, QUESTIONS))):
        parser.error("name a picture, --folder, --camera, --health, --emotions or --model-info")
    return asked


def check_url(url: str, like: str) -> None:
    """Exit with a line where `url` is not of the kind of `like`, or names no server."""
    scheme = like.partition("://")[0]
    try:
        parts = urlsplit(url)
        fits = parts.scheme in (scheme, f"{scheme}s") and parts.hostname and (parts.port or 1)
    except ValueError:
        fits = False
    if not fits:
        sys.exit(f"--url takes {scheme}://host:port or {scheme}s://host:port, such as {like}; not {url!r}")


def login(url: str, username: str) -> str:
    """Return a token for `username`; the password is VISIONAI_PASSWORD or is asked for."""
    password = os.environ.get("VISIONAI_PASSWORD") or getpass.getpass(f"Password of {username}: ")
    # ws://host/ws is served by the same server as http://host/api.
    base = url.replace("ws", "http", 1).removesuffix("/ws") if url.startswith("ws") else url.rstrip("/")
    body = json.dumps({"username": username, "password": password}).encode()
    headers = {"Content-Type": "application/json", "Accept-Language": "en"}
    try:
        with urlopen(Request(f"{base}/api/v1/auth/login", body, headers), timeout=ANSWER_SECONDS) as response:
            return json.load(response)["access_token"]
    except HTTPError as error:
        sys.exit(f"Login: {json.load(error)['error']['message']}")


def pictures(asked: argparse.Namespace) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of every picture that was asked for."""
    for file in asked.image:
        yield file.name, file.read_bytes()
    for file in sorted(asked.folder.iterdir()) if asked.folder else ():
        if file.suffix.lower() in PICTURES:
            yield file.name, file.read_bytes()
    if asked.camera is not None:
        yield from camera_frames(asked.camera)


def camera_frames(number: int) -> Iterator[tuple[str, bytes]]:
    """Yield JPEGs of a camera until it ends or Ctrl+C is pressed."""
    try:
        import cv2
    except ImportError:
        sys.exit("The camera needs OpenCV: pip install opencv-python")
    camera = cv2.VideoCapture(number)
    if not camera.isOpened():
        sys.exit(f"There is no camera {number}, or another program uses it.")
    try:
        while (taken := camera.read())[0]:
            encoded, jpeg = cv2.imencode(".jpg", taken[1])
            if encoded:
                yield "camera", jpeg.tobytes()
    except KeyboardInterrupt:
        print()
    finally:
        camera.release()


def line(name: str, answer: Answer) -> str:
    """Return an answer as a line for people."""
    if answer["status"] == "error":
        return f"{name}: {answer['message']}"
    if answer["status"] != "success":
        return f"{name}: {answer['status']}"
    faces = "1 face" if len(answer["faces"]) == 1 else f"{len(answer['faces'])} faces"
    unsure = ", uncertain" if answer["uncertain"] else ""
    people = "".join(f", person {face['person']}" for face in answer["faces"] if face.get("person"))
    took = f"{answer['processing_time_ms']} ms"
    return f"{name}: {answer['emotion_name']} {answer['confidence']:.0%}{unsure} ({faces}{people}, {took})"


def summary(ended: Answer) -> str:
    """Return the summary of a session as lines for people."""
    if ended["status"] == "error":
        return f"session: {ended['message']}"
    gaps = "".join(f", away {start / 1000:.1f} to {end / 1000:.1f} s" for start, end in ended["gaps"])
    return "\n".join([f"session {ended['status']}: {ended['seconds']} s{gaps}", *map(of_person, ended["people"])])


def of_person(person: Answer) -> str:
    """Return a person of a session with the shares of their seconds by expression, the largest first."""
    shares = sorted((person["shares"] or {}).items(), key=lambda share: -share[1])
    said = ", ".join(f"{emotion} {share:.0%}" for emotion, share in shares if share)
    return f"person {person['label'] or person['person']}: {person['seconds']} s: {said}"
