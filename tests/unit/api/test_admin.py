"""The calls of administrators: refused to everybody else, one by one as the document lists them, and what they do."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.unit.api.conftest import PASSWORD, Login
from visionai import ROOT
from visionai.database.sessions import writing
from visionai.extensions import db
from visionai.models import AuditEntry, ModelVersion, VersionStatus
from visionai.services import presence
from visionai.services.accounts import accounts
from visionai.services.weights import versions
from visionai.vision.weights import WeightsManifest

API = "/api/v1"
USERS, VERSIONS, AUDIT = f"{API}/admin/users", f"{API}/admin/versions", f"{API}/audit"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def admin(login: Login) -> dict[str, str]:
    return login("jefa", role="admin")


def audited() -> list[tuple[str, str | None, str | None]]:
    """Each row as what was done, by whom, on whom or what."""
    rows = db.session.query(AuditEntry).order_by(AuditEntry.audit_id)
    return [(row.action, row.actor_name, row.target_name or row.target_id) for row in rows]


def user_id_of(name: str) -> int:
    user = accounts.user_named(name)
    assert user is not None
    return user.user_id


def at_once(actions: Sequence[Callable[[], int]]) -> list[int]:
    """Run each in a thread of its own, from the same moment on, and return what they return."""
    began = threading.Barrier(len(actions))

    def run(action: Callable[[], int]) -> int:
        began.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


# Who may ----------------------------------------------------------------------------------------------------------


def test_every_call_under_admin_is_hidden_from_users_and_asks_anybody_for_a_token(
    client: FlaskClient, login: Login
) -> None:
    user = login()
    paths = client.get(f"{API}/openapi.json").json["paths"]
    calls = [(method, path) for path, methods in paths.items() if "/admin/" in path for method in methods]
    calls = [(method, path) for method, path in calls if method in ("get", "post", "put", "patch", "delete")]
    assert len(calls) >= 13
    for method, path in calls:
        address = re.sub(r"\{\w+\}", "1", path)
        as_user = client.open(address, method=method, json={}, headers=user)
        assert (as_user.status_code, as_user.json["error"]["code"]) == (404, "not_found"), (method, path)
        assert client.open(address, method=method, json={}).status_code == 401, (method, path)


def test_the_audit_log_is_forbidden_to_users_and_asks_anybody_for_a_token(client: FlaskClient, login: Login) -> None:
    assert client.get(AUDIT, headers=login()).status_code == 403
    assert client.get(AUDIT).status_code == 401


# Users ------------------------------------------------------------------------------------------------------------


@pytest.mark.databases
def test_users_are_listed_newest_first_with_what_is_known_of_them(
    client: FlaskClient, login: Login, admin: dict[str, str], picture: bytes
) -> None:
    ana = login("ana")
    client.post(f"{API}/predict", data=picture, content_type="image/png", headers=ana)
    client.post(f"{API}/sessions", headers=ana)
    accounts.create_user("never", PASSWORD)
    page = client.get(USERS, headers=admin).json
    assert [user["username"] for user in page["users"]] == ["never", "ana", "jefa"]
    assert [(user["predictions"], user["sessions"]) for user in page["users"]] == [(0, 0), (1, 1), (0, 0)]
    assert [user["last_seen"] is None for user in page["users"]] == [True, False, False]
    assert page["next_cursor"] is None
    assert "password" not in str(page)


def test_users_are_found_by_a_part_of_their_name_and_listed_by_pages(
    client: FlaskClient, admin: dict[str, str]
) -> None:
    for name in ("ana_1", "ANA_2", "other"):
        accounts.create_user(name, PASSWORD)
    first = client.get(f"{USERS}?q=na_&limit=1", headers=admin).json
    second = client.get(f"{USERS}?q=na_&limit=1&cursor={first['next_cursor']}", headers=admin).json
    assert [user["username"] for page in (first, second) for user in page["users"]] == ["ANA_2", "ana_1"]
    assert second["next_cursor"] is None
    assert client.get(f"{USERS}?q=%25", headers=admin).json["users"] == []


@pytest.mark.parametrize("registration", ["open", "closed"])
def test_a_user_is_created_with_a_password_that_is_told_once(
    app: Flask, client: FlaskClient, admin: dict[str, str], registration: str
) -> None:
    app.config["REGISTRATION"] = registration
    answer = client.post(USERS, json={"username": "ana", "role": "admin"}, headers=admin)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    password = answer.json["password"]
    assert len(password) == 16
    assert accounts.login("ana", password, None).user.role == "admin"
    assert ("user.created", "jefa", "ana") in audited()
    assert password not in str([row.details for row in db.session.query(AuditEntry)])


def test_a_new_password_ends_the_logins_there_are(client: FlaskClient, login: Login, admin: dict[str, str]) -> None:
    ana = login("ana")
    answer = client.post(f"{USERS}/{user_id_of('ana')}/password", headers=admin).json
    assert client.get(f"{API}/auth/verify", headers=ana).status_code == 401
    assert accounts.login("ana", answer["password"], None).user.username == "ana"
    assert ("user.password_reset", "jefa", "ana") in audited()


def test_a_user_is_promoted_and_demoted_which_ends_their_logins(
    client: FlaskClient, login: Login, admin: dict[str, str]
) -> None:
    ana, address = login("ana"), f"{USERS}/{user_id_of('ana')}"
    assert client.patch(address, json={"role": "admin"}, headers=admin).json["role"] == "admin"
    assert client.get(USERS, headers=ana).status_code == 200
    assert client.patch(address, json={"role": "user"}, headers=admin).json["role"] == "user"
    assert client.get(f"{API}/auth/verify", headers=ana).status_code == 401
    assert [row for row in audited() if row[0] == "user.role"] == [("user.role", "jefa", "ana")] * 2


def test_a_user_is_shut_out_and_let_in_again(client: FlaskClient, login: Login, admin: dict[str, str]) -> None:
    ana, address = login("ana"), f"{USERS}/{user_id_of('ana')}"
    assert client.patch(address, json={"is_active": False}, headers=admin).json["is_active"] is False
    assert client.get(f"{API}/auth/verify", headers=ana).status_code == 401
    assert client.patch(address, json={"is_active": True}, headers=admin).json["is_active"] is True
    assert client.get(f"{API}/auth/verify", headers=ana).status_code == 401
    assert client.get(f"{API}/auth/verify", headers=login("ana")).status_code == 200
    done = [row[0] for row in audited() if row[2] == "ana" and row[0].startswith("user.")]
    assert done == ["user.created", "user.deactivated", "user.activated"]


@pytest.mark.parametrize("change", [{"role": "user"}, {"is_active": False}, {"role": "user", "is_active": False}])
def test_the_last_administrator_can_neither_step_down_nor_shut_themselves_out(
    client: FlaskClient, admin: dict[str, str], change: dict[str, object]
) -> None:
    answer = client.patch(f"{USERS}/{user_id_of('jefa')}", json=change, headers=admin)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "last_administrator")
    assert client.delete(f"{API}/auth/users/me", headers=admin).status_code == 409
    assert client.get(USERS, headers=admin).status_code == 200


@pytest.mark.databases
def test_of_two_administrators_who_take_each_others_role_at_once_one_stays(
    app: Flask, login: Login, admin: dict[str, str]
) -> None:
    otra = login("otra", role="admin")
    addresses = [f"{USERS}/{user_id_of(name)}" for name in ("otra", "jefa")]

    def demote(address: str, headers: dict[str, str]) -> int:
        return app.test_client().patch(address, json={"role": "user"}, headers=headers).status_code

    statuses = at_once([partial(demote, addresses[0], admin), partial(demote, addresses[1], otra)])
    assert statuses[0] == 200 or statuses[1] == 200
    assert len([user for user in accounts.list_users() if user.role == "admin"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("post", USERS, {"username": MARKUP}, 422),
        ("post", USERS, {"username": "=cmd()"}, 422),
        ("post", USERS, {"username": "jefa"}, 409),
        ("post", USERS, {"username": "ana", "role": "root"}, 422),
        ("post", USERS, {}, 422),
        ("patch", f"{USERS}/1", {}, 422),
        ("patch", f"{USERS}/1", {"role": None}, 422),
        ("patch", f"{USERS}/1", {"is_active": "perhaps"}, 422),
        ("patch", f"{USERS}/999", {"role": "user"}, 404),
        ("patch", f"{USERS}/99999999999999999999", {"role": "user"}, 404),
        ("post", f"{USERS}/999/password", None, 404),
        ("get", f"{USERS}?limit=0", None, 422),
        ("get", f"{USERS}?cursor=nonsense", None, 422),
        ("put", f"{VERSIONS}/active", {"tag": "nobody"}, 404),
        ("put", f"{VERSIONS}/active", {"tag": ""}, 422),
        ("put", f"{VERSIONS}/active", {"tag": "\0"}, 422),
        ("put", f"{VERSIONS}/active", {}, 422),
        ("post", f"{VERSIONS}/rollback", None, 404),
        ("get", f"{API}/admin/retention?days=-1", None, 422),
        ("get", f"{AUDIT}?limit=101", None, 422),
        ("get", f"{AUDIT}?cursor=nonsense", None, 422),
        ("get", f"{AUDIT}?action=nonsense", None, 422),
        ("get", f"{AUDIT}?actor=", None, 422),
        ("get", f"{AUDIT}?since=yesterday", None, 422),
        ("get", f"{AUDIT}?since=2026-02-02&until=2026-01-01", None, 422),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    client: FlaskClient, admin: dict[str, str], method: str, path: str, body: object, status: int
) -> None:
    before = audited()
    answer = client.open(path, method=method, json=body, headers=admin)
    assert answer.status_code == status, answer.text
    assert audited() == before
    assert [user.username for user in accounts.list_users()] == ["jefa"]


# Versions ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def tags(tmp_path: Path) -> list[str]:
    """Two registered versions whose files are there, the first active, and one that only answers know of."""
    source = ROOT / "ml_models"
    for tag in ("v8.0.0", "v9.0.0"):
        folder = tmp_path / tag
        folder.mkdir()
        for file in source.glob("modelo_emociones.*"):
            shutil.copy(file, folder)
        manifest = folder / "modelo_emociones.json"
        own = WeightsManifest.read(manifest).model_version_tag
        manifest.write_text(manifest.read_text().replace(f'"{own}"', f'"{tag}"'))
        versions.register(WeightsManifest.read(manifest), manifest)
    versions.activate("v8.0.0")
    with writing() as session:
        session.add(ModelVersion(model_version_tag="seen", model_status=VersionStatus.SEEN))
    return ["v8.0.0", "v9.0.0"]


@pytest.mark.databases
def test_a_version_is_activated_and_rolled_back_and_the_list_says_by_whom(
    client: FlaskClient, admin: dict[str, str], tags: list[str]
) -> None:
    answer = client.put(f"{VERSIONS}/active", json={"tag": "v9.0.0"}, headers=admin)
    assert answer.status_code == 200, answer.text
    assert (answer.json["in_force"], answer.json["before"]) == ("v9.0.0", "v8.0.0")
    rows = {one["tag"]: one for one in answer.json["choices"]}
    assert (rows["v9.0.0"]["in_force"], rows["v9.0.0"]["activated_by"]) == (True, "jefa")
    assert rows["v9.0.0"]["metrics"]["even_accuracy"] > 0.5
    assert [rows[tag]["can_be_activated"] for tag in ("v8.0.0", "v9.0.0", "seen")] == [True, True, False]
    back = client.post(f"{VERSIONS}/rollback", headers=admin)
    assert (back.status_code, back.json["in_force"]) == (200, "v8.0.0")
    assert audited()[-2:] == [("model.activated", "jefa", "v9.0.0"), ("model.rolled_back", "jefa", "v8.0.0")]
    assert client.post(f"{VERSIONS}/rollback", headers=admin).status_code == 404


@pytest.mark.databases
def test_of_two_administrators_who_activate_at_once_the_last_one_wins(
    app: Flask, admin: dict[str, str], tags: list[str]
) -> None:
    statuses = at_once(
        [
            lambda tag=tag: app.test_client().put(f"{VERSIONS}/active", json={"tag": tag}, headers=admin).status_code
            for tag in tags
        ]
    )
    assert statuses == [200, 200]
    activations = [row for row in audited() if row[0] == "model.activated"]
    active = versions.active()
    assert active is not None
    assert (len(activations), activations[-1][2]) == (2, active.model_version_tag)


def test_weights_that_cannot_be_loaded_are_not_activated(
    client: FlaskClient, admin: dict[str, str], tags: list[str], tmp_path: Path
) -> None:
    (tmp_path / "v9.0.0" / "modelo_emociones.tflite").write_bytes(b"damaged")
    answer = client.put(f"{VERSIONS}/active", json={"tag": "v9.0.0"}, headers=admin)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
    assert str(tmp_path) not in answer.text
    assert client.get(VERSIONS, headers=admin).json["in_force"] == "v8.0.0"


# Status, retention, the log -----------------------------------------------------------------------------------------


@pytest.mark.databases
def test_the_status_has_the_figures_of_every_part(client: FlaskClient, admin: dict[str, str]) -> None:
    status = client.get(f"{API}/admin/status", headers=admin).json
    # This process may have had streams of other tests, whose clients it has not let go yet.
    assert (status["processes"], status["clients_connected"]) == (1, presence.count())
    assert (status["inference"]["waiting"], status["inference"]["busy_threads"]) == (0, 0)
    assert (status["recorder"]["state"], status["recorder"]["backlog"]) == ("ok", 0)
    assert 0 < status["disk"]["free_bytes"] <= status["disk"]["total_bytes"]
    database = status["database"]
    assert (database["state"], database["kind"]) == ("ok", db.engine.dialect.name)
    assert database["revision"] == database["expected"]
    assert database["size_bytes"] > 0


@pytest.mark.databases
def test_the_retention_says_what_the_next_pruning_would_delete(
    client: FlaskClient, admin: dict[str, str], picture: bytes
) -> None:
    client.post(f"{API}/predict", data=picture, content_type="image/png", headers=admin)
    shown = client.get(f"{API}/admin/retention", headers=admin).json
    assert {name: (rule["days"], rule["before"], rule["rows"]) for name, rule in shown.items()} == dict.fromkeys(
        ("predictions", "sessions", "audit"), (0, None, 0)
    )
    tried = client.get(f"{API}/admin/retention?days=30", headers=admin).json
    assert (tried["predictions"]["days"], tried["predictions"]["rows"], tried["audit"]["rows"]) == (30, 0, 0)
    assert tried["predictions"]["before"] is not None


@pytest.mark.databases
def test_the_audit_log_is_listed_newest_first_and_by_pages(client: FlaskClient, admin: dict[str, str]) -> None:
    client.post(USERS, json={"username": "ana"}, headers=admin)
    first = client.get(f"{AUDIT}?limit=2", headers=admin).json
    assert [entry["action"] for entry in first["entries"]] == ["user.created", "auth.login"]
    entry = first["entries"][0]
    assert entry["actor"] == {"kind": "user", "user_id": user_id_of("jefa"), "username": "jefa"}
    assert entry["target"] == {"kind": "user", "id": str(user_id_of("ana")), "username": "ana"}
    assert (entry["source_ip"], entry["details"]) == ("127.0.0.0", {"role": "user"})
    second = client.get(f"{AUDIT}?limit=2&cursor={first['next_cursor']}", headers=admin).json
    assert [entry["action"] for entry in second["entries"]] == ["user.created"]
    assert second["next_cursor"] is None


@pytest.mark.databases
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("actor=jefa", 2),
        ("actor=JEFA&action=auth.login", 1),
        ("actor=nobody", 1),
        ("actor=server", 1),
        ("actor=somebody", 0),
        ("action=auth.login_failed", 1),
        ("since=2026-01-01", 4),
        ("until=2026-01-01", 0),
    ],
)
def test_the_audit_log_is_narrowed(client: FlaskClient, admin: dict[str, str], query: str, count: int) -> None:
    client.post(USERS, json={"username": "ana"}, headers=admin)
    client.post(f"{API}/auth/login", json={"username": "ana", "password": "wrong"})
    assert client.get(f"{AUDIT}?{query}", headers=admin).json["count"] == count


def test_nothing_of_one_request_is_left_to_the_next(client: FlaskClient, admin: dict[str, str]) -> None:
    client.get(USERS, headers=admin)
    client.post(f"{API}/auth/login", json={"username": "jefa", "password": "wrong"})
    assert audited()[-1] == ("auth.login_failed", None, "jefa")
