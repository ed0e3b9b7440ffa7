"""The developer home in a browser: samples that are copied and filled, a console, and the references."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.support.servers import Server

from .conftest import Visitor, arrive

KEY = "vai_4fzGWUkXc09d_SzzTrF5nBTzFoGq2zdnRnmR5m6bdcBSZTnwUIoLPvJ1"
MARKUP = '<img src=x onerror="alert(1)">'
DOCUMENT = {
    "channels": {
        "ws": {
            "address": "/ws",
            "messages": {
                "predict": {"$ref": "#/components/messages/predict"},
                "prediction": {"name": "prediction", "summary": MARKUP, "payload": {"type": "object"}},
            },
        }
    },
    "operations": {
        "predict": {
            "action": "receive",
            "channel": {"$ref": "#/channels/ws"},
            "messages": [{"$ref": "#/channels/ws/messages/predict"}],
            "reply": {"messages": [{"$ref": "#/channels/ws/messages/prediction"}]},
        }
    },
    "components": {
        "messages": {"predict": {"name": "predict", "payload": {"$ref": "#/components/schemas/Predict"}}},
        "schemas": {
            "Predict": {
                "required": ["image"],
                "properties": {
                    "image": {"type": "string", "description": "The picture."},
                    "faces": {
                        "type": "array",
                        "items": {"properties": {"next": {"$ref": "#/components/schemas/Predict"}}},
                    },
                },
            }
        },
    },
}


def test_a_sample_is_copied_with_the_readers_key_and_this_address(visit: Visitor, server: Server) -> None:
    page = visit("/docs/images", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#key:enabled").fill(KEY)
    sample = page.locator(".sample", has_text=KEY).first
    sample.locator(".copy").click()
    expect(page.locator("#toast")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"Authorization: Bearer {KEY}" in copied
    assert f"{server.url}/api/v1/predict" in copied


def test_a_key_stays_in_the_memory_of_the_page(visit: Visitor) -> None:
    page = visit("/docs/images")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#key:enabled").fill(KEY)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert KEY not in kept
    # A favicon may still be on its way.
    assert [url for url in asked if KEY in url or "/static/" not in url] == []
    page.reload()
    expect(page.locator("#key:enabled")).to_have_value("")
    expect(page.locator("#guide")).not_to_contain_text(KEY)


def test_what_could_end_a_quotation_is_no_key(visit: Visitor) -> None:
    page = visit("/docs/images")
    field = page.locator("#key:enabled")
    field.fill("x'; rm -rf ~; '")
    expect(page.locator("#key-wrong")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#guide .key").first).to_have_text("YOUR_KEY")
    field.fill("")
    expect(page.locator("#key-wrong")).to_be_hidden()


def test_the_console_reads_a_picture_and_answers_commands(visit: Visitor, photo: Path) -> None:
    page = visit("/docs/live-stream")
    log = page.locator("#console-log li")
    page.locator("#console-connect:enabled").press("Enter")
    expect(page.locator("#console-state")).to_contain_text("/ws")
    expect(log.first).to_contain_text('"type": "connection"')
    page.locator("#console-sample").click()
    expect(log.first).to_contain_text('"emotion_name": "happy"')
    expect(log.first).to_contain_text('"recorded": false')
    page.set_input_files("#console-file", photo)
    expect(log).to_have_count(5)
    expect(log.first).to_contain_text('"status": "success"')
    page.locator("#console [data-command=health]").click()
    expect(log.first).to_contain_text('"type": "health"')
    page.locator("#console-connect").click()
    expect(page.locator("#console-state")).to_have_text("Not connected.")
    expect(page.locator("#console-sample")).to_be_disabled()


def test_the_console_sends_the_key_and_does_not_show_it(visit: Visitor) -> None:
    page = visit("/docs/live-stream")
    page.locator("#key:enabled").fill("nonsense")
    page.locator("#console-connect:enabled").click()
    page.locator("#console-sample:enabled").click()
    log = page.locator("#console-log")
    expect(log).to_contain_text("invalid_token")
    expect(log).to_contain_text('"token": "…"')


def test_old_addresses_of_the_reference_lead_there(visit: Visitor) -> None:
    page = visit("/docs#/auth")
    arrive(page, "/docs/api")
    page.locator("#operations-tag-auth").wait_for()
    assert page.url.endswith("#/auth")


def test_the_document_of_the_stream_is_shown_as_text(visit: Visitor) -> None:
    page = visit.new_page()
    page.route("**/api/v1/asyncapi.json", lambda route: answer(route))
    page.goto("/docs/stream")
    channels = page.locator("#channels")
    expect(channels.locator("h2")).to_have_text("ws")
    channels.locator("summary", has_text="predict · Clients send").click()
    rows = channels.locator("details[open] tbody tr")
    expect(rows.first).to_have_text("imagestringThe picture. · always there")
    expect(channels).to_contain_text("faces[].next.image")
    channels.locator("summary", has_text="prediction · Clients receive").click()
    expect(channels.get_by_text(MARKUP)).to_be_visible()


def test_the_reference_of_the_stream_shows_both_channels_of_the_servers_own_document(visit: Visitor) -> None:
    page = visit("/docs/stream")
    expect(page.locator("#channels h2")).to_have_count(2)
    for message in ("predict · Clients send", "prediction · Clients receive", "session_start · Clients send"):
        expect(page.locator("#channels summary", has_text=message).first).to_be_visible()


def answer(route: Route) -> None:
    route.fulfill(body=json.dumps(DOCUMENT), content_type="application/json")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_fits_the_narrowest_window(visit: Visitor, language: str) -> None:
    page = visit.new_page(locale=language, viewport={"width": 320, "height": 640})
    page.goto("/docs")
    for path in page.locator(".docs-ways a").evaluate_all("links => links.map((link) => link.pathname)"):
        if path == "/docs/api":
            continue
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
