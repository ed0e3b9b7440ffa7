"""A server that is started again with a new key in front of its ring: nobody is signed out."""

from __future__ import annotations

from pathlib import Path

import jwt
import requests

from tests.support.servers import SECRET, start_server

NEW = "a new secret that is the first of the ring"
ACCOUNT = {"username": "usuario", "password": "una frase larga"}


def test_logins_go_on_when_the_server_starts_again_with_a_new_first_key(tmp_path: Path) -> None:
    first = start_server(tmp_path)
    requests.post(f"{first.url}/api/v1/auth/register", json=ACCOUNT, timeout=30)
    login = requests.post(f"{first.url}/api/v1/auth/login", json=ACCOUNT, timeout=30).json()
    assert first.stop() == 0

    (tmp_path / "ring").write_text(f"{NEW}\n{SECRET}\n")
    second = start_server(tmp_path, SECRET_KEYS_FILE=str(tmp_path / "ring"))
    bearer = {"Authorization": f"Bearer {login['access_token']}"}
    me = requests.get(f"{second.url}/api/v1/auth/users/me", headers=bearer, timeout=30)
    assert me.json()["username"] == "usuario"
    bearer = {"Authorization": f"Bearer {login['refresh_token']}"}
    fresh = requests.post(f"{second.url}/api/v1/auth/refresh", headers=bearer, timeout=30).json()["access_token"]
    assert jwt.decode(fresh, NEW, ["HS256"])["type"] == "access"
    assert second.stop() == 0
