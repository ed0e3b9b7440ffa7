"""Webhooks' signatures, as both clients verify them; the first is the example of the specification's libraries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from visionai_client import SignatureError, verify_webhook

from scripts.javascript import node

from .conftest import PROGRAMS, run

BODY = '{"test": 2432232314}'
SIGNED = 1614265330
GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": str(SIGNED), "webhook-signature": GOOD}
DELIVERY = {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "body": BODY, "headers": HEADERS, "now": SIGNED}


def verified(language: str, delivery: dict[str, Any], folder: Path) -> Any:
    """What a client makes of a delivery."""
    if language == "javascript":
        return json.loads(run([str(node()), str(PROGRAMS / "verify.mjs"), json.dumps(delivery)], folder))
    try:
        return verify_webhook(delivery["secret"], delivery["body"].encode(), delivery["headers"], delivery["now"])
    except SignatureError:
        return "refused"


@pytest.fixture(params=["javascript", "python"])
def language(request: pytest.FixtureRequest) -> str:
    if request.param == "javascript" and node() is None:
        pytest.skip("There is no node on this machine.")
    name: str = request.param
    return name


@pytest.mark.parametrize("signature", [GOOD, f"v1,bm9uZQ== v1a,b3RoZXI= {GOOD}"])
def test_a_delivery_of_the_server_is_read(language: str, signature: str, tmp_path: Path) -> None:
    delivery = DELIVERY | {"headers": HEADERS | {"webhook-signature": signature}}
    assert verified(language, delivery, tmp_path) == {"test": 2432232314}


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": BODY.replace("4", "5")},
        {"now": SIGNED + 301},
        {"now": SIGNED - 301},
        {"secret": "whsec_bm90IHRoZSBzZWNyZXQ="},
        {"headers": {**HEADERS, "webhook-id": "msg_another"}},
        {"headers": {**HEADERS, "webhook-signature": "v1,"}},
        {"headers": {**HEADERS, "webhook-signature": GOOD.replace("v1,", "v2,")}},
        {"headers": {**HEADERS, "webhook-timestamp": "soon"}},
        {"headers": {"webhook-id": "msg_another"}},
    ],
    ids=str,
)
def test_what_is_not_of_the_server_or_of_now_is_refused(language: str, wrong: dict[str, Any], tmp_path: Path) -> None:
    assert verified(language, DELIVERY | wrong, tmp_path) == "refused"
