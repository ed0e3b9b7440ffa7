"""Webhooks and rules over REST."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.api.conftest import Login
from visionai.database.sessions import reading
from visionai.models import AuditEntry
from visionai.services.webhooks import rules, webhooks

HOOK = {"url": "https://example.org/hook", "events": ["session.ended"]}
RULE = {"name": "Happy", "expression": "happy", "share": 0.5, "seconds": 10}
HOOKS, RULES = "/api/v1/webhooks", "/api/v1/rules"


def made(client: FlaskClient, headers: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = client.post(HOOKS, json={**HOOK, **changes}, headers=headers)
    assert answer.status_code == 201, answer.json
    body: dict[str, Any] = answer.json
    return body


def test_a_webhook_is_made_and_its_secret_is_shown_once(client: FlaskClient, login: Login) -> None:
    headers = login()
    answer = client.post(HOOKS, json={**HOOK, "description": " <b>Mine</b> "}, headers=headers)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    assert body["secret"].startswith("whsec_")
    assert answer.headers["Location"].endswith(f"{HOOKS}/{body['id']}")
    shown = client.get(f"{HOOKS}/{body['id']}", headers=headers).json
    assert shown == {name: value for name, value in body.items() if name != "secret"}
    assert (shown["url"], shown["events"], shown["description"]) == (HOOK["url"], HOOK["events"], "<b>Mine</b>")
    assert (shown["active"], shown["disabled_reason"], shown["failures"]) == (True, None, 0)
    assert client.get(HOOKS, headers=headers).json == {"count": 1, "webhooks": [shown]}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://example.org/" + "a" * 2048}, "url"),
        ({"url": ""}, "url"),
        ({"url": None}, "url"),
        ({"url": 7}, "url"),
        ({"events": []}, "events"),
        ({"events": ["session.started"]}, "events"),
        ({"events": ["webhook.test"]}, "events"),
        ({"events": "session.ended"}, "events"),
        ({"events": ["session.ended"] * 5}, "events"),
        ({"description": "a" * 201}, "description"),
    ],
)
def test_what_does_not_fit_is_said_by_its_field(
    client: FlaskClient, login: Login, changes: dict[str, Any], field: str
) -> None:
    answer = client.post(HOOKS, json={**HOOK, **changes}, headers=login())
    assert answer.status_code == 422
    assert [*answer.json["error"]["details"]] == [field]


def test_it_is_changed_and_turned_off_and_on(client: FlaskClient, login: Login) -> None:
    headers = login()
    address = f"{HOOKS}/{made(client, headers)['id']}"
    changed = client.patch(address, json={"events": ["rule.fired"], "url": "https://example.org/2"}, headers=headers)
    assert (changed.json["events"], changed.json["url"]) == (["rule.fired"], "https://example.org/2")
    off = client.patch(address, json={"active": False}, headers=headers).json
    assert (off["active"], off["disabled_reason"]) == (False, "owner")
    refused = client.post(f"{address}/test", headers=headers)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "webhook_inactive")
    on = client.patch(address, json={"active": True}, headers=headers).json
    assert (on["active"], on["disabled_reason"]) == (True, None)
    assert client.patch(address, json={"url": "http://10.0.0.1/"}, headers=headers).status_code == 422


def test_its_deliveries_are_listed_page_by_page_and_tried_again(client: FlaskClient, login: Login) -> None:
    headers = login()
    address = f"{HOOKS}/{made(client, headers)['id']}"
    tests = [client.post(f"{address}/test", headers=headers) for _ in range(3)]
    assert {answer.status_code for answer in tests} == {202}
    first = client.get(f"{address}/deliveries?limit=2", headers=headers).json
    assert [one["id"] for one in first["deliveries"]] == [answer.json["id"] for answer in tests[:0:-1]]
    query = {"limit": 2, "cursor": first["next_cursor"]}
    last = client.get(f"{address}/deliveries", query_string=query, headers=headers).json
    assert (last["count"], last["next_cursor"]) == (1, None)
    [delivery] = last["deliveries"]
    assert delivery["event"] == "webhook.test"
    assert (delivery["status"], delivery["tries"], delivery["error"]) == ("pending", 0, None)
    again = client.post(f"{address}/deliveries/{delivery['id']}/retry", headers=headers)
    assert (again.status_code, again.json["id"]) == (202, delivery["id"])
    assert client.get(f"{address}/deliveries?cursor=x", headers=headers).status_code == 422
    assert client.post(f"{address}/deliveries/{uuid4()}/retry", headers=headers).status_code == 404


def test_those_of_others_are_not_there(client: FlaskClient, login: Login) -> None:
    mine, theirs = login(), login("otra")
    hook = f"{HOOKS}/{made(client, mine)['id']}"
    delivery = client.post(f"{hook}/test", headers=mine).json["id"]
    rule = f"{RULES}/{client.post(RULES, json=RULE, headers=mine).json['id']}"
    for method, address in (
        *(("get", hook), ("patch", hook), ("delete", hook), ("post", f"{hook}/test"), ("get", f"{hook}/deliveries")),
        *(("post", f"{hook}/deliveries/{delivery}/retry"), ("get", rule), ("patch", rule), ("delete", rule)),
    ):
        answer = client.open(address, method=method.upper(), json={}, headers=theirs)
        assert answer.status_code == 404, (method, address)
        assert client.open(address, method=method.upper(), json={}).status_code == 401
    other = f"{HOOKS}/{made(client, mine)['id']}"
    assert client.post(f"{other}/deliveries/{delivery}/retry", headers=mine).status_code == 404
    assert client.get(HOOKS, headers=theirs).json == {"count": 0, "webhooks": []}
    assert client.get(RULES, headers=theirs).json == {"count": 0, "rules": []}


def test_it_is_deleted(client: FlaskClient, login: Login) -> None:
    headers = login()
    address = f"{HOOKS}/{made(client, headers)['id']}"
    client.post(f"{address}/test", headers=headers)
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address, headers=headers).status_code == 404


def test_a_user_has_so_many_and_no_more(client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST_WEBHOOKS", 1)
    monkeypatch.setattr(rules, "MOST_RULES", 1)
    headers = login()
    for address, body in ((HOOKS, HOOK), (RULES, RULE)):
        assert client.post(address, json=body, headers=headers).status_code == 201
        answer = client.post(address, json=body, headers=headers)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "too_many")
        assert client.post(address, json=body, headers=login("otra")).status_code == 201


def test_a_rule_is_made_changed_and_deleted(client: FlaskClient, login: Login) -> None:
    headers = login()
    answer = client.post(RULES, json=RULE, headers=headers)
    assert answer.status_code == 201
    body = answer.json
    address = f"{RULES}/{body['id']}"
    assert answer.headers["Location"].endswith(address)
    assert {name: body[name] for name in RULE} == RULE
    assert (body["people"], body["active"]) == (1, True)
    assert client.get(address, headers=headers).json == body
    assert client.get(RULES, headers=headers).json == {"count": 1, "rules": [body]}
    changed = client.patch(address, json={"share": 1, "active": False}, headers=headers).json
    assert changed == {**body, "share": 1.0, "active": False}
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address, headers=headers).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"name": "a" * 101},
        {"expression": "bored"},
        {"share": 0},
        {"share": 1.01},
        {"share": "NaN"},
        {"share": "much"},
        {"seconds": 0},
        {"seconds": 601},
        {"seconds": 1.5},
        {"people": 0},
        {"people": 101},
    ],
)
def test_a_rule_that_does_not_fit_is_refused(client: FlaskClient, login: Login, changes: dict[str, Any]) -> None:
    answer = client.post(RULES, json={**RULE, **changes}, headers=login())
    assert answer.status_code == 422
    assert [*answer.json["error"]["details"]] == [*changes]


def test_what_is_done_is_in_the_audit_log_without_what_people_wrote(
    app: Flask, client: FlaskClient, login: Login
) -> None:
    headers = login()
    for address, body in ((HOOKS, {**HOOK, "description": "private"}), (RULES, {**RULE, "name": "private"})):
        made_one = client.post(address, json=body, headers=headers).json["id"]
        client.patch(f"{address}/{made_one}", json={"active": False}, headers=headers)
        client.delete(f"{address}/{made_one}", headers=headers)
    with reading() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.audit_id).all()[-6:]
    names = ("webhook.created", "webhook.changed", "webhook.deleted", "rule.created", "rule.changed", "rule.deleted")
    assert [entry.action for entry in entries] == [*names]
    assert {entry.actor_name for entry in entries} == {"usuario"}
    assert not any("private" in str(entry.details) or "example" in str(entry.details) for entry in entries)


def test_they_are_in_the_export_of_their_owner_without_the_secret(client: FlaskClient, login: Login) -> None:
    headers = login()
    body = made(client, headers)
    client.post(f"{HOOKS}/{body['id']}/test", headers=headers)
    client.post(RULES, json=RULE, headers=headers)
    answer = client.get("/api/v1/auth/users/me/export", headers=headers)
    [hook], [rule] = answer.json["webhooks"], answer.json["rules"]
    assert (hook["url"], hook["events"]) == (HOOK["url"], HOOK["events"])
    assert [one["payload"]["type"] for one in hook["deliveries"]] == ["webhook.test"]
    assert {name: rule[name] for name in RULE} == RULE
    assert body["secret"] not in answer.text
