"""What is kept of the live page: a session, whose receipt or account is shown, over lost connections too."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import socketio
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.support.servers import Server, start_server

from .conftest import Visitor
from .test_consent import expect_the_question
from .test_live import expect_a_smile, start_camera


def rows(server: Server, query: str, *values: object) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(server.folder / "visionai.sqlite3")
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def keep(page: Page) -> tuple[str, str]:
    """Have the camera kept and return the session and the receipt that are shown."""
    start_camera(page, keep=True)
    expect(page.locator("#recording-state")).to_have_text("Figures of every second are being kept.")
    return page.locator("#recording-uid").inner_text(), page.locator("#recording-receipt").inner_text()


def end(page: Page) -> None:
    page.click("#stop")
    expect(page.locator("#recording-state")).to_contain_text(re.compile(r"Kept: \d+ seconds? of people"))


def test_every_row_that_is_kept_belongs_to_the_session_whose_receipt_is_shown(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    (last,) = rows(server, "SELECT max(predic_id) FROM predictions_log")[0]
    session, receipt = keep(page)
    page.wait_for_timeout(1200)
    end(page)
    kept = rows(server, "SELECT session_id FROM predictions_log WHERE predic_id > ?", last)
    ((session_id, status, digest),) = rows(
        server, "SELECT session_id, status, receipt_sha256 FROM sessions WHERE uid = ?", session.replace("-", "")
    )
    assert set(kept) == {(session_id,)}
    assert (status, digest) == ("ended", hashlib.sha256(receipt.encode()).hexdigest())


def test_without_the_choice_there_is_no_session(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    before = rows(server, "SELECT count(*) FROM sessions")
    start_camera(page)
    expect(page.locator("#recording")).to_be_hidden()
    page.click("#stop")
    assert rows(server, "SELECT count(*) FROM sessions") == before


def test_a_session_of_an_account_has_no_receipt(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/live", storage_state=signed_in)
    _, receipt = keep(page)
    assert receipt == ""
    expect(page.locator("#recording-own")).to_be_visible()
    expect(page.locator("#recording-receipt-row")).to_be_hidden()
    end(page)


def test_the_receipt_is_in_no_storage_of_the_browser(visit: Visitor) -> None:
    page = visit("/live")
    _, receipt = keep(page)
    stored = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    assert receipt not in stored
    end(page)


def sessions_of(server: Server, uid: str) -> int:
    ((count,),) = rows(server, "SELECT count(*) FROM sessions WHERE uid = ?", uid.replace("-", ""))
    return int(str(count))


def delete(page: Page) -> None:
    """Say twice that the session is to be deleted."""
    page.click("#recording-delete")
    page.click("#delete-dialog [value=yes]")


def test_a_session_is_deleted_where_it_is_shown(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    session, _ = keep(page)
    assert sessions_of(server, session) == 1
    delete(page)
    expect(page.locator("#recording")).to_be_hidden()
    assert sessions_of(server, session) == 0
    expect_the_question(page)


def test_a_session_is_deleted_by_its_receipt_and_by_no_other(visit: Visitor, server: Server) -> None:
    visit.expected.append("404")
    page = visit("/live")
    session, receipt = keep(page)
    end(page)
    page.goto("/privacy")
    page.fill("#session", session)
    page.fill("#receipt", "another")
    page.press("#receipt", "Enter")
    expect(page.locator("#failed-text")).not_to_be_empty()
    assert sessions_of(server, session) == 1
    page.fill("#receipt", f" {receipt} ")
    page.press("#receipt", "Enter")
    expect(page.locator("#toast")).to_have_text("The session is deleted.")
    assert sessions_of(server, session) == 0
    expect(page.locator("#receipt")).to_have_value("")


def test_a_session_that_goes_on_elsewhere_is_kept_no_more_and_asked_for_again(visit: Visitor, server: Server) -> None:
    page = visit("/live")
    session, receipt = keep(page)
    other = socketio.SimpleClient()
    other.connect(server.url, namespace="/stream", transports=["websocket"])
    assert other.call("session_start", {"session": session, "receipt": receipt})["resumed"] is True
    expect(page.locator("#recording-state")).to_contain_text("goes on elsewhere")
    expect_the_question(page)
    other.call("session_end")
    other.disconnect()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop."""
    server = start_server(tmp_path / "mortal")
    yield server
    server.stop()


def test_a_session_goes_on_when_the_connection_is_back(browser: Browser, mortal: Server) -> None:
    visit = Visitor(browser, mortal)
    visit.expected.append("ERR_CONNECTION_REFUSED")
    page = visit("/live")
    session, _ = keep(page)
    mortal.kill()
    expect(page.locator("#lost")).to_contain_text("Connection lost")
    again = start_server(mortal.folder, mortal.port)
    expect(page.locator("#recording-state")).to_contain_text("The connection was away for")
    expect_a_smile(page)
    assert page.locator("#recording-uid").inner_text() == session
    end(page)
    ((gaps,),) = rows(again, "SELECT gaps FROM sessions WHERE uid = ?", session.replace("-", ""))
    assert gaps != "[]"
    visit.close()
    again.stop()
