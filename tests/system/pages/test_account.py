"""Accounts in the browser: made, used, kept over an expired token, left and deleted."""

from __future__ import annotations

import json
import time

import jwt
import pytest
from playwright.sync_api import Page, Route, StorageState, expect

from tests.support.servers import SECRET

from .conftest import PASSWORD, USERNAME, Visitor, arrive


def register(page: Page, name: str) -> None:
    """Fill in the form of `/register` and send it."""
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")


def test_somebody_registers_is_signed_in_leaves_and_comes_back(visit: Visitor) -> None:
    page = visit("/register?next=/history")
    register(page, "nueva")
    arrive(page, "/history")
    expect(page.locator("#empty")).to_be_visible()
    page.goto("/profile")
    page.click("#sign-out")
    expect(page.locator("#account-sign-in")).to_be_visible()
    page.goto("/sign-in?next=/profile")
    register(page, "nueva")
    arrive(page, "/profile")
    expect(page.locator("#name")).to_have_text("nueva")


def test_no_token_is_where_a_script_of_others_could_find_it(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/history", storage_state=signed_in)
    expect(page.locator("#rows time").first).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == ["visionai.user"]
    assert page.evaluate("sessionStorage.length") == 0
    assert "refresh" not in page.evaluate("document.cookie")
    (cookie,) = [cookie for cookie in page.context.cookies() if cookie["name"] == "visionai_refresh"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"
    assert cookie["path"] == "/api/v1/auth/refresh"


def test_nothing_is_lost_when_a_token_expires_in_mid_use(visit: Visitor, signed_in: StorageState) -> None:
    visit.expected.append("401")
    page = visit("/", storage_state=signed_in)
    handed_out: list[str] = []

    def expire(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        if not handed_out:
            body["access_token"] = expired(body["access_token"])
        handed_out.append(body["access_token"])
        route.fulfill(response=answer, body=json.dumps(body))

    page.route("**/auth/refresh", expire)
    page.goto("/history")
    expect(page.locator("#rows time").first).to_be_visible()
    expect(page.locator("#account-name")).to_have_text(USERNAME)
    assert len(handed_out) == 2


def expired(token: str) -> str:
    """Return `token` as it will be when its time is over."""
    claims = jwt.decode(token, SECRET, algorithms=["HS256"])
    return jwt.encode({**claims, "exp": int(time.time()) - 60}, SECRET, algorithm="HS256")


def test_a_login_that_ended_elsewhere_is_said_and_invites_back(visit: Visitor) -> None:
    visit.expected.append("401")
    page = visit("/register?next=/profile")
    register(page, "doble")
    arrive(page, "/profile")
    expect(page.locator("#since")).not_to_be_empty()
    token = page.request.post("/api/v1/auth/refresh", headers={"X-VisionAI-Client": "web"}).json()["access_token"]
    page.request.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {token}"})
    page.goto("/history")
    expect(page.locator("#sign-in-first")).to_be_visible()


WRONG = {
    "a wrong password": ("/sign-in", USERNAME, "something else", "#failed-text", "wrong", "401"),
    "a name that is taken": ("/register", USERNAME, PASSWORD, "#failed-text", "taken", "409"),
    "a name that is markup": (
        "/register",
        "<img src=x onerror=alert(1)>",
        PASSWORD,
        "#username-wrong",
        "Choose",
        "422",
    ),
    "a name that is a formula": ("/register", '=HYPERLINK("x")', PASSWORD, "#username-wrong", "Choose", "422"),
    "a short password": ("/register", "corta", "abc", "#password-wrong", "at least 6 characters (72 at most", "422"),
}


@pytest.mark.parametrize(("path", "name", "password", "where", "said", "status"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_where_it_is_wrong(
    visit: Visitor, path: str, name: str, password: str, where: str, said: str, status: str
) -> None:
    visit.expected.append(status)
    page = visit(path)
    page.fill("#username", name)
    page.fill("#password", password)
    page.press("#password", "Enter")
    expect(page.locator(where)).to_contain_text(said)
    assert page.locator("img[src=x]").count() == 0


def test_a_password_is_changed_and_an_account_deleted_with_all_it_holds(visit: Visitor) -> None:
    page = visit("/register?next=/profile")
    register(page, "breve")
    arrive(page, "/profile")
    page.fill("#current_password", PASSWORD)
    page.fill("#new_password", "otra frase larga")
    page.press("#new_password", "Enter")
    expect(page.locator("#toast")).to_have_text("Password changed.")
    with page.expect_download() as saved:
        page.click("#export")
    held = json.loads(saved.value.path().read_text())
    assert "breve" in json.dumps(held)
    page.click("#delete")
    page.fill("#confirm-name", "breve")
    page.click("#confirm-delete")
    arrive(page, "/")
    expect(page.locator("#account-sign-in")).to_be_visible()
    assert page.evaluate("localStorage.length") == 0
