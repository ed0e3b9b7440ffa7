"""Use each part of visionai_client once, and print what came back as one JSON object.

Usage: python features.py URL PHOTO
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image
from visionai_client import ApiError, Client

url, file = sys.argv[1:]
photo = Path(file).read_bytes()
seen = {}


def refusal(call, *arguments, **options):
    """Return what a call is refused with."""
    try:
        return call(*arguments, **options)
    except ApiError as error:
        return [error.status, error.code]


anybody = Client(url, language="en")
seen["health"] = anybody.health()["status"]
seen["emotions"] = anybody.emotions()["emotions"][0]["description"]
seen["picture"] = anybody.predict(file, record=False)["emotion_name"]
with Path(file).open("rb") as opened:
    seen["file"] = anybody.predict(opened, record=False)["emotion_name"]
pixels = np.asarray(Image.open(file))
seen["pixels"] = anybody.predict(pixels, record=False)["emotion_name"]
seen["pillow"] = anybody.predict(Image.open(file), record=False)["emotion_name"]
seen["model"] = anybody.model_info()["status"]
seen["batch"] = [one["status"] for one in anybody.predict_batch([photo, bytes(9)], record=False)["results"]]
seen["refused"] = refusal(anybody.predict, bytes(9))
seen["closed"] = refusal(anybody.sessions.list)

lent = anybody.sessions.start(title="Lent")
seen["withoutReceipt"] = refusal(anybody.sessions.get, lent["uid"])
seen["withReceipt"] = anybody.sessions.get(lent["uid"], receipt=lent["receipt"])["title"]
anybody.sessions.delete(lent["uid"], receipt=lent["receipt"])
anybody.close()

with Client(url) as own:
    account = ["python", "una frase larga"]
    own.accounts.register(*account)
    tokens = own.accounts.login(*account)
    seen["me"] = own.accounts.me()["username"]
    with Client(url) as later:
        later.accounts.resume(tokens["refresh_token"])
        seen["resumed"] = later.accounts.me()["username"]

    with own.stream() as stream:
        uid = stream.start_session(title="Interview", participant="P-07")["uid"]
        answer = stream.predict(photo)
        seen["frame"] = [answer["status"], answer["emotion_name"], answer["faces"][0]["person"]]
        stream.mark("question 3")
        summary = stream.end_session()
        seen["ended"] = [summary["status"], len(summary["people"])]

    other = own.sessions.start(title="Pictures")["uid"]
    own.predict(photo, session=other, offset_ms=1000)
    marker = own.sessions.mark(other, "smile", offset_ms=1000)
    own.sessions.unmark(other, marker["id"])
    own.sessions.edit(other, people=[{"person": 1, "label": "Ana"}])
    seen["labelled"] = [person["label"] for person in own.sessions.end(other)["people"]]
    seen["listed"] = [session["title"] for session in own.sessions.all(limit=1)]
    seen["timeline"] = len(own.sessions.timeline(uid)["people"][0]["points"]) > 0
    seen["compared"] = [session["title"] for session in own.sessions.compare([uid, other])["sessions"]]
    seen["exported"] = b"".join(own.sessions.export(uid)).decode().split(",")[:2]

    seen["stats"] = own.dashboard.stats(user="me")["most_common_emotion"]["name"]
    seen["recent"] = own.dashboard.recent(user="me", limit=1)["count"]
    seen["days"] = len(own.dashboard.timeline(days=3)["timeline"])
    seen["detail"] = own.dashboard.emotion("happy")["statistics"]["percentage"] > 0
    seen["user"] = own.dashboard.user("python")["username"]
    seen["since"] = own.dashboard.stats(since=datetime(2100, 1, 1, tzinfo=UTC))["total_predictions"]
    seen["rows"] = b"".join(own.dashboard.export(format="csv")).decode().split(",")[:2]

    key = own.keys.create("Lab", ["predict"])
    with Client(url, key["key"]) as program:
        seen["key"] = [program.predict(photo, record=False)["emotion_name"], *refusal(program.sessions.list)]
    own.keys.revoke(key["id"])
    seen["revoked"] = [one["revoked_at"] is not None for one in own.keys.list()["keys"]]
    rule = own.rules.create("Smiles", "happy", share=0.6, seconds=10)
    own.rules.edit(rule["id"], people=2)
    seen["rule"] = [own.rules.get(rule["id"])["people"], own.rules.list()["count"]]
    own.rules.delete(rule["id"])
    hook = own.webhooks.create("https://receiver.invalid/hook", ["session.ended"], description="Lab")
    told = own.webhooks.test(hook["id"])
    delivered = own.webhooks.deliveries(hook["id"], limit=1)["deliveries"]
    retried = own.webhooks.retry(hook["id"], told["id"])
    seen["told"] = [told["event"], delivered[0]["id"] == told["id"] == retried["id"]]
    seen["webhook"] = [hook["secret"][:6], own.webhooks.get(hook["id"])["description"]]
    seen["off"] = own.webhooks.edit(hook["id"], active=False)["disabled_reason"]
    own.webhooks.delete(hook["id"])
    seen["left"] = [own.rules.list()["count"], own.webhooks.list()["count"]]

    own.sessions.delete(uid)
    seen["deleted"] = refusal(own.sessions.get, uid)
    own.accounts.logout()
    seen["loggedOut"] = refusal(own.sessions.list)
print(json.dumps(seen))
