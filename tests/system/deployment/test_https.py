"""HTTPS by nginx and by Caddy, as deploy/ sets them up: pages, streams, cookies, and one word of HSTS."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import websocket

from tests.support.caddy import caddy_or_skip
from tests.support.images import face_jpeg
from tests.support.nginx import nginx_or_skip

from .conftest import Start

SECONDS = 30


@dataclass(frozen=True)
class Site:
    """Where it is, over HTTPS and without, and the certificate that vouches for it."""

    secure: str
    plain: str
    certificate: str

    def get(self, path: str) -> requests.Response:
        return requests.get(f"https://{self.secure}{path}", timeout=SECONDS, verify=self.certificate)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(request: pytest.FixtureRequest, start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    ports = tuple(start(f"{request.param}-{name}", PRELOAD_MODEL="true").port for name in ("first", "second"))
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "nginx":
        yield from behind_nginx(folder, ports)
    else:
        caddy = caddy_or_skip(folder, ports)
        with caddy.running():
            yield Site(f"localhost:{caddy.tls_port}", f"localhost:{caddy.port}", str(caddy.certificate))


def behind_nginx(folder: Path, ports: tuple[int, ...]) -> Iterator[Site]:
    nginx = nginx_or_skip(folder, (ports[0], ports[1]))
    nginx.use_tls()
    with nginx.running():
        yield Site(f"localhost:{nginx.tls_port}", f"localhost:{nginx.port}", str(folder / "fullchain.pem"))


@pytest.mark.parametrize("path", ["/", "/api/v1/emotions", "/static/favicon.svg", "/nowhere"])
def test_browsers_are_told_once_to_stay_with_https(site: Site, path: str) -> None:
    assert site.get(path).raw.headers.getlist("Strict-Transport-Security") == ["max-age=31536000"]


def test_who_comes_without_is_sent_on(site: Site) -> None:
    answer = requests.get(f"http://{site.plain}/live?x=1", timeout=SECONDS, allow_redirects=False)
    assert answer.status_code == 308
    assert answer.headers["Location"].startswith("https://localhost")
    assert answer.headers["Location"].endswith("/live?x=1")


def test_a_stream_passes(site: Site) -> None:
    trusted = {"ca_certs": site.certificate, "cert_reqs": ssl.CERT_REQUIRED}
    client = websocket.create_connection(f"wss://{site.secure}/ws", timeout=SECONDS, sslopt=trusted)
    assert json.loads(client.recv())["type"] == "connection"
    client.send_binary(face_jpeg())
    assert json.loads(client.recv())["emotion_name"] == "happy"
    client.close()


def test_the_cookie_of_a_login_stays_with_https(site: Site) -> None:
    account = {"username": f"ana-{site.secure[-5:]}", "password": "a good long one"}
    base = f"https://{site.secure}/api/v1/auth"
    requests.post(f"{base}/register", json=account, timeout=SECONDS, verify=site.certificate)
    answer = requests.post(f"{base}/login?cookie=true", json=account, timeout=SECONDS, verify=site.certificate)
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_figures_do_not_pass(site: Site) -> None:
    assert site.get("/metrics").status_code == 404


def test_a_request_has_an_id(site: Site) -> None:
    assert len(site.get("/api/v1/emotions").headers["X-Request-ID"]) >= 32


def test_a_client_cannot_choose_the_path_of_the_links(site: Site) -> None:
    headers = {"X-Forwarded-Prefix": "/elsewhere"}
    page = requests.get(f"https://{site.secure}/", headers=headers, timeout=SECONDS, verify=site.certificate)
    assert page.status_code == 200
    assert "/elsewhere" not in page.text
