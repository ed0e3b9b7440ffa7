"""nginx's own opinion of the configuration in deploy/nginx, without TLS and with it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.nginx import Nginx, nginx_or_skip


@pytest.fixture
def nginx(tmp_path: Path) -> Nginx:
    return nginx_or_skip(tmp_path)


def test_nginx_accepts_the_configuration(nginx: Nginx) -> None:
    assert "test is successful" in nginx.check()


def test_nginx_accepts_the_configuration_with_tls(nginx: Nginx) -> None:
    nginx.use_tls()
    assert "test is successful" in nginx.check()


def test_a_mistake_in_it_would_be_found(nginx: Nginx) -> None:
    (nginx.folder / "locations.conf").write_text("proxy_pas http://visionai;")
    with pytest.raises(subprocess.CalledProcessError):
        nginx.check()
