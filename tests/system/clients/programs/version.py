"""Speak to a server with one version of python-socketio, and print what came back as one JSON object.

Usage: python version.py URL PHOTO
"""

import base64
import json
import sys
import threading
from pathlib import Path

import socketio

url, file = sys.argv[1:3]
image = Path(file).read_bytes()
seen = {}

for transports in (["websocket"], ["polling", "websocket"]):
    client = socketio.Client(reconnection=False)
    said, told = {}, {"connection": threading.Event(), "prediction": threading.Event()}

    def heard(event, said=said, told=told):
        """Return a listener that notes what came with an event."""

        def note(body):
            said[event] = body
            told[event].set()

        return note

    def ask(event, payload=None, client=client):
        """Send a command and wait for its acknowledgement."""
        return client.call(event, payload, namespace="/stream", timeout=60)

    for event in told:
        client.on(event, heard(event), namespace="/stream")
    client.connect(url, namespaces=["/stream"], transports=transports)
    told["connection"].wait(60)
    read = ask("predict", {"image": image, "seq": 1})
    client.emit("predict", {"image": base64.b64encode(image).decode(), "seq": 2}, namespace="/stream")
    told["prediction"].wait(60)
    begun, ended = ask("session_start", {"title": "Interview"}), ask("session_end")
    refused = ask("predict", {"image": [1, 2, 3]})
    seen["+".join(transports)] = [
        said["connection"]["status"],
        read["emotion_name"],
        read["seq"],
        said["prediction"]["seq"],
        begun["status"],
        ended["status"],
        refused["error"]["code"],
    ]
    client.disconnect()

stranger, reasons, refused = socketio.Client(reconnection=False), [], threading.Event()


def note_reason(*reason):
    reasons.extend(reason)
    refused.set()


stranger.on("connect_error", note_reason, namespace="/stream")
try:
    stranger.connect(url, auth={"token": "wrong"}, namespaces=["/stream"], transports=["websocket"])
except (TypeError, socketio.exceptions.ConnectionError) as error:
    # Versions before 5.1 know no `auth`, and connect without waiting for the namespace.
    seen["refused"] = "no auth" if isinstance(error, TypeError) else None
if seen.get("refused") != "no auth":
    refused.wait(60)
    seen["refused"] = next(reason["data"]["error"]["code"] for reason in reasons if isinstance(reason, dict))
stranger.disconnect()
print(json.dumps(seen))
