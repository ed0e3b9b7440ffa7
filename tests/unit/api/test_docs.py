from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/docs/api", "/docs/api/"])
def test_swagger_ui_is_a_page_without_inline_script(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", answer.text))
    assert not re.search(r"<[^>]+ (on\w+|style)=", answer.text)


def test_everything_the_page_needs_comes_from_this_server(client: FlaskClient) -> None:
    page = client.get("/docs/api").text
    addresses = re.findall(r'(?:src|href|data-document)="([^"]+)"', page)
    assert len(addresses) >= 4
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
