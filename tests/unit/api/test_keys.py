"""Keys over REST: made by who is signed in, shown once, and held to their scopes on every operation there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.unit.api.images import png
from visionai.contract import scopes
from visionai.contract.scopes import Need, Scope
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.models import ApiKey, AuditEntry, User, Webhook
from visionai.services.keys import keys, meter
from visionai.services.keys.keys import NewKey

API = "/api/v1"

Login = Callable[..., dict[str, str]]
Snapshot = dict[str, list[tuple[Any, ...]]]

ALL_OF_A_USER = tuple(scope for scope in Scope if scope is not Scope.ADMIN)

VOLATILE = {"last_used_at", "used", "used_on"}


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def key_of(username: str, *allowed: Scope, **limits: Any) -> dict[str, str]:
    """Make a key of a user's and return the headers that show it."""
    user = db.session.scalars(select(User).where(User.username == username)).one()
    return bearer(keys.create(user.user_id, NewKey("program", allowed or ALL_OF_A_USER, **limits)).text)


def snapshot(**whose: Any) -> Snapshot:
    """Every row of every table (of the columns named in `whose`, those rows), but when keys were used and refused."""
    found: Snapshot = {}
    db.session.rollback()
    for table in db.metadata.sorted_tables:
        asked = select(*[column for column in table.columns if column.name not in VOLATILE])
        if table.name == "audit_log":
            asked = asked.where(table.c.action != "key.refused")
        of_theirs = [table.c[name] == value for name, value in whose.items() if name in table.c]
        if of_theirs or not whose:
            found[table.name] = sorted(map(tuple, db.session.execute(asked.where(*of_theirs))), key=repr)
    db.session.rollback()
    return found


class TestMaking:
    def test_a_key_is_shown_once(self, client: FlaskClient, login: Login) -> None:
        headers = login()
        asked = {"name": " Lab ", "scopes": ["stream", "predict"], "rate": 60, "daily_quota": 1000}
        made = client.post(f"{API}/keys", json=asked, headers=headers)
        assert made.status_code == 201
        assert made.headers["Cache-Control"] == "no-store"
        body = made.json
        assert re.fullmatch(rf"vai_{body['id']}_[0-9A-Za-z]{{43}}", body.pop("key"))
        assert (body["name"], body["scopes"]) == ("Lab", ["predict", "stream"])
        listed = client.get(f"{API}/keys", headers=headers)
        assert listed.json == {"count": 1, "keys": [body]}

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"name": " "}, "name"),
            ({"name": "x" * 81}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["predict", "fly"]}, "scopes"),
            ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
            ({"expires_at": "tomorrow"}, "expires_at"),
            ({"rate": 0}, "rate"),
            ({"rate": -1}, "rate"),
            ({"rate": 60_001}, "rate"),
            ({"rate": 1.5}, "rate"),
            ({"daily_quota": 0}, "daily_quota"),
            ({"daily_quota": 10**12}, "daily_quota"),
        ],
    )
    def test_what_does_not_fit_is_named(
        self, client: FlaskClient, login: Login, wrong: dict[str, Any], field: str
    ) -> None:
        asked = {"name": "Lab", "scopes": ["predict"], **wrong}
        refused = client.post(f"{API}/keys", json=asked, headers=login())
        assert (refused.status_code, refused.json["error"]["code"]) == (422, "validation_failed")
        assert list(refused.json["error"]["details"]) == [field]
        assert db.session.scalars(select(ApiKey)).all() == []

    def test_a_scope_above_ones_own_is_refused(self, client: FlaskClient, login: Login) -> None:
        asked = {"name": "Lab", "scopes": ["admin"]}
        assert client.post(f"{API}/keys", json=asked, headers=login()).status_code == 403
        assert client.post(f"{API}/keys", json=asked, headers=login("root", "admin")).status_code == 201

    def test_markup_in_a_name_is_text(self, client: FlaskClient, login: Login) -> None:
        asked = {"name": "<b>=1+1</b>", "scopes": ["predict"]}
        assert client.post(f"{API}/keys", json=asked, headers=login()).json["name"] == "<b>=1+1</b>"

    def test_a_stranger_makes_none(self, client: FlaskClient) -> None:
        assert client.post(f"{API}/keys", json={"name": "Lab", "scopes": ["predict"]}).status_code == 401

    def test_a_revoked_key_is_refused_and_still_listed(self, client: FlaskClient, login: Login) -> None:
        headers = login()
        made = client.post(f"{API}/keys", json={"name": "Lab", "scopes": ["predict"]}, headers=headers).json
        shown = bearer(made["key"])
        assert client.get(f"{API}/auth/verify", headers=shown).status_code == 200
        assert client.delete(f"{API}/keys/{made['id']}", headers=login("bea")).status_code == 404
        assert client.delete(f"{API}/keys/{made['id']}", headers=headers).status_code == 204
        refused = client.get(f"{API}/auth/verify", headers=shown)
        assert (refused.status_code, refused.json["error"]["code"]) == (401, "invalid_token")
        assert client.get(f"{API}/keys", headers=headers).json["keys"][0]["revoked_at"] is not None

    def test_a_key_that_expired_says_so(
        self, client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        login()
        shown = key_of("usuario", expires_at=utc_now() + timedelta(hours=1))
        monkeypatch.setattr(keys, "utc_now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
        assert client.get(f"{API}/auth/verify", headers=shown).json["error"]["code"] == "token_expired"

    @pytest.mark.parametrize("place", ["token", "key", "access_token"])
    def test_a_key_in_a_query_is_not_looked_at(self, client: FlaskClient, login: Login, place: str) -> None:
        login()
        text = key_of("usuario")["Authorization"].removeprefix("Bearer ")
        assert client.get(f"{API}/auth/verify?{place}={text}").status_code == 401


class TestUse:
    def test_a_prediction_with_a_key_is_the_users(self, client: FlaskClient, login: Login, picture: bytes) -> None:
        login()
        headers = key_of("usuario", Scope.PREDICT)
        answer = client.post(f"{API}/predict", data=picture, content_type="image/png", headers=headers)
        assert (answer.status_code, answer.json["user"]) == (200, "usuario")
        assert "RateLimit-Limit" not in answer.headers

    def test_a_picture_goes_into_a_session_by_a_key_that_has_that_scope_too(
        self, client: FlaskClient, login: Login, picture: bytes
    ) -> None:
        uid = client.post(f"{API}/sessions", json={}, headers=login()).json["uid"]

        def status(*allowed: Scope) -> int:
            headers = key_of("usuario", *allowed)
            address = f"{API}/predict?session={uid}"
            return client.post(address, data=picture, content_type="image/png", headers=headers).status_code

        assert [status(Scope.PREDICT), status(Scope.PREDICT, Scope.SESSIONS)] == [403, 200]

    def test_a_key_of_an_administrator_without_that_scope_lists_its_own_sessions_alone(
        self, client: FlaskClient, login: Login
    ) -> None:
        client.post(f"{API}/sessions", json={}, headers=login())
        login("root", "admin")
        for allowed, count in (((Scope.SESSIONS,), 0), ((Scope.SESSIONS, Scope.ADMIN), 1)):
            assert client.get(f"{API}/sessions", headers=key_of("root", *allowed)).json["count"] == count

    def test_every_answer_tells_what_is_left_of_a_limit(
        self, client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        login()
        headers = key_of("usuario", Scope.PREDICT, rate=2)
        monkeypatch.setattr(meter, "utc_now", lambda: datetime(2026, 1, 1, 12, 0, 40, tzinfo=UTC))

        def told(answer: TestResponse) -> tuple[int, list[str]]:
            return answer.status_code, [answer.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")]

        assert told(client.get(f"{API}/auth/verify", headers=headers)) == (200, ["2", "1", "20"])
        assert told(client.get(f"{API}/history", headers=headers)) == (403, ["2", "0", "20"])
        refused = client.get(f"{API}/auth/verify", headers=headers)
        assert told(refused) == (429, ["2", "0", "20"])
        assert refused.json["error"]["code"] == "rate_limited"
        assert refused.headers["Retry-After"] == "20"

    def test_a_quota_that_is_used_up_says_when_the_day_ends(
        self, client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        login()
        headers = key_of("usuario", daily_quota=1)
        monkeypatch.setattr(meter, "utc_now", lambda: datetime(2026, 1, 1, 23, 0, tzinfo=UTC))
        client.get(f"{API}/auth/verify", headers=headers)
        refused = client.get(f"{API}/auth/verify", headers=headers)
        assert (refused.status_code, refused.json["error"]["code"]) == (429, "quota_exceeded")
        assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"] == "3600"

    def test_a_picture_of_a_batch_is_a_call(self, client: FlaskClient, login: Login) -> None:
        login()
        headers = key_of("usuario", Scope.PREDICT, daily_quota=5)

        def batch() -> TestResponse:
            files = [(BytesIO(png(64, 48)), f"{number}.png") for number in range(3)]
            return client.post(f"{API}/predict/batch", data={"files": files}, headers=headers)

        assert batch().headers["RateLimit-Remaining"] == "2"
        assert batch().status_code == 429

    def test_starts_of_sessions_with_a_token_that_is_refused_do_not_upset_the_limiter(
        self, client: FlaskClient, login: Login, caplog: pytest.LogCaptureFixture
    ) -> None:
        login()
        for headers, status in ((bearer("wrong"), 401), (key_of("usuario", Scope.PREDICT), 403)):
            assert client.post(f"{API}/sessions", json={}, headers=headers).status_code == status
        assert "unreachable" not in caplog.text

    def test_use_out_of_scope_is_audited_once_an_hour_by_key_and_operation(
        self, client: FlaskClient, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        login()
        headers = key_of("usuario", Scope.PREDICT)

        def refused(hour: int) -> list[tuple[int | None, dict[str, Any]]]:
            monkeypatch.setattr(meter, "utc_now", lambda: datetime(2026, 1, 1, hour, tzinfo=UTC))
            for _ in range(3):
                client.get(f"{API}/history", headers=headers)
            db.session.rollback()
            rows = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "key.refused"))
            return [(row.actor_id, row.details) for row in rows]

        row = (1, {"operation": "history.show", "needs": "sessions"})
        assert refused(10) == [row]
        assert refused(11) == [row, row]


class Operation:
    """An operation of the document, filled with what is somebody's."""

    def __init__(self, app: Flask, path: str, method: str, parts: dict[str, str]) -> None:
        self.method = method.upper()
        kind = path.split("/")[3]
        self.address = re.sub(
            r"\{(\w+)\}", lambda found: parts.get(f"{kind} {found[1]}", parts.get(found[1], "1")), path
        )
        endpoint, _ = app.url_map.bind("localhost").match(self.address, self.method)
        self.need = scopes.of_operation(endpoint)

    def call(self, client: FlaskClient, headers: dict[str, str]) -> TestResponse:
        body = {} if self.method in ("GET", "DELETE") else {"json": {}}
        return client.open(self.address, method=self.method, headers=headers, **body)  # type: ignore[arg-type]


@pytest.fixture
def hers(client: FlaskClient, login: Login) -> dict[str, str]:
    """What Ana has, by the names of parts of addresses, of one kind of address where that comes first."""
    headers = login("ana")
    texts = {"title": "Ana's own title", "participant": "Ana's own participant", "notes": "Ana's own notes"}
    uid = client.post(f"{API}/sessions", json=texts, headers=headers).json["uid"]
    mark = {"label": "Ana's own mark", "offset_ms": 0}
    marker = client.post(f"{API}/sessions/{uid}/markers", json=mark, headers=headers)
    client.post(f"{API}/predict", data=png(64, 48), content_type="image/png", headers=headers)
    key = client.post(f"{API}/keys", json={"name": "Ana's own key", "scopes": ["predict"]}, headers=headers).json
    told = {"url": "https://example.org/ana", "events": ["session.ended"], "description": "Ana's own hook"}
    hook = client.post(f"{API}/webhooks", json=told, headers=headers).json["id"]
    delivery = client.post(f"{API}/webhooks/{hook}/test", headers=headers).json["id"]
    asked = {"name": "Ana's own rule", "expression": "happy", "share": 0.5, "seconds": 10}
    rule = client.post(f"{API}/rules", json=asked, headers=headers).json["id"]
    user_id = client.get(f"{API}/auth/users/me", headers=headers).json["user_id"]
    parts = {"uid": uid, "key_id": key["id"], "marker_id": marker.json["id"], "user_id": user_id}
    parts |= {"webhooks uid": hook, "delivery": delivery, "rules uid": rule}
    return {name: str(part) for name, part in parts.items()} | {"username": "ana", "emotion_name": "happy"}


def operations(app: Flask, client: FlaskClient, parts: dict[str, str]) -> Iterator[Operation]:
    for path, methods in client.get(f"{API}/openapi.json").json["paths"].items():
        for method in methods.keys() & {"get", "post", "put", "patch", "delete"}:
            yield Operation(app, path, method, parts)


class TestWalk:
    def test_every_operation_says_what_it_needs(self, app: Flask) -> None:
        endpoints = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith(f"{API}/")}
        declared = scopes.OPERATIONS.keys() | {
            endpoint for endpoint in endpoints if endpoint.rpartition(".")[0] in scopes.BLUEPRINTS
        }
        assert {endpoint for endpoint in endpoints - declared if not endpoint.startswith("api-docs.")} == set()
        assert scopes.OPERATIONS.keys() <= endpoints

    def test_what_is_not_declared_needs_a_login(self) -> None:
        assert scopes.of_operation("new.thing") is Need.LOGIN
        assert scopes.of_command("new_thing") is Need.LOGIN

    def test_a_key_without_the_scope_reads_and_changes_nothing(
        self, app: Flask, client: FlaskClient, login: Login, hers: dict[str, str]
    ) -> None:
        login("root", "admin")
        shown = {need: key_of("root", *(set(Scope) - {need})) for need in (*Scope, Need.LOGIN)}  # type: ignore[arg-type]
        before = snapshot()
        for operation in operations(app, client, hers):
            if operation.need in (Need.NOTHING, Need.ANY_KEY):
                continue
            answer = operation.call(client, shown[operation.need])
            expected = (401, "invalid_token") if operation.address.endswith("/refresh") else (403, "forbidden")
            assert (answer.status_code, answer.json["error"]["code"]) == expected, operation.address
        assert snapshot() == before

    def test_a_key_of_another_user_reads_and_changes_nothing(
        self, app: Flask, client: FlaskClient, login: Login, hers: dict[str, str]
    ) -> None:
        login("bea")
        shown = key_of("bea")
        whose = {"user_id": int(hers["user_id"]), "webhook_id": db.session.scalars(select(Webhook.webhook_id)).one()}
        before = snapshot(**whose)
        assert all(before[table] for table in ("sessions", "api_keys", "webhooks", "webhook_deliveries", "rules"))
        ids = {hers[name] for name in ("uid", "key_id", "webhooks uid", "delivery", "rules uid")}
        met = set()
        for operation in operations(app, client, hers):
            answer = operation.call(client, shown)
            assert "Ana's own" not in answer.text, operation.address
            if named := ids & set(operation.address.split("/")):
                assert answer.status_code in (403, 404), operation.address
                met |= named
        assert met == ids
        assert snapshot(**whose) == before
