"""Sessions of both Python clients and of the smallest page: begun, marked, cut off, gone on with and ended."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from skimage import data

from tests.support.cutting_proxy import CuttingProxy, proxy_before

from .test_clients import EXAMPLES, Program, program
from .test_pages import chromium, page

__all__ = ["chromium", "page", "program"]

AWAY_SECONDS = 1.5
MANY = ["photo.jpg"] * 60


def through(proxy: CuttingProxy, program: Program, *words: str, when: Callable[[list[str]], bool]) -> list[str]:
    """Run a client through a proxy, which cuts it off for a while `when` its lines are so; return all of them."""
    url = re.sub(r":\d+", f":{proxy.port}", program.url)
    command = [sys.executable, str(EXAMPLES / program.file), "--url", url, *words]
    lines: list[str] = []
    cut = False
    with subprocess.Popen(
        command, cwd=program.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            lines.append(line.rstrip())
            if not cut and when(lines):
                cut = True
                proxy.cut(AWAY_SECONDS)
    return lines


def test_a_session_is_begun_marked_and_summed_up(program: Program) -> None:
    program("photo.jpg")  # Has the weights loaded, which may take longer than a face is waited for.
    done = program("photo.jpg", "photo.jpg", "--session", "Interview", "--participant", "P-07", "--mark", "question 1")
    assert done.returncode == 0, done.stderr
    begun, marked, first, _, ended, person = done.stdout.splitlines()
    assert re.fullmatch(r"session [0-9a-f-]{36} receipt [\w-]{43}", begun)
    assert marked.startswith("marked 'question 1' at 0.")
    assert "happy" in first
    assert "(1 face, person 1, " in first
    assert ended.startswith("session ended: ")
    assert re.fullmatch(r"person 1: \d+ s: happy 100%", person)


def test_two_people_are_two_persons(program: Program) -> None:
    astronaut = Image.fromarray(data.astronaut())
    both = Image.new("RGB", (2 * astronaut.width, astronaut.height))
    both.paste(astronaut, (0, 0))
    both.paste(astronaut, (astronaut.width, 0))
    both.save(program.folder / "both.jpg")
    done = program("both.jpg", "--session")
    assert re.search(r"\(2 faces, person \d, person \d, ", done.stdout), done.stdout
    people = [line.partition(":")[0] for line in done.stdout.splitlines()[-2:]]
    assert people == ["person 1", "person 2"]


def test_a_client_that_is_cut_off_goes_on_in_the_same_session(program: Program) -> None:
    def is_under_way(lines: list[str]) -> bool:
        return sum(" ms)" in line for line in lines) == 2

    with proxy_before(urlsplit(program.url).port or 0) as proxy:
        lines = through(proxy, program, *MANY, "--session", when=is_under_way)
    assert lines.count("session: the connection was cut; it goes on") == 1
    assert sum(" ms)" in line for line in lines) == len(MANY)
    (ended,) = [line for line in lines if line.startswith("session ended: ")]
    assert re.search(r", away \d+\.\d to \d+\.\d s$", ended)
    # Who comes back is followed anew, and is a person more.
    assert [line.partition(":")[0] for line in lines[-2:]] == ["person 1", "person 2"]


def test_without_a_session_a_cut_is_said_in_a_line(program: Program) -> None:
    with proxy_before(urlsplit(program.url).port or 0) as proxy:
        lines = through(proxy, program, *MANY, when=lambda lines: len(lines) == 2)
    assert lines[-1].startswith("It did not work: ")


def test_a_session_of_before_is_gone_on_with_by_its_receipt(program: Program) -> None:
    with proxy_before(urlsplit(program.url).port or 0) as proxy:
        command = [
            sys.executable,
            str(EXAMPLES / program.file),
            "--url",
            re.sub(r":\d+", f":{proxy.port}", program.url),
        ]
        with subprocess.Popen(
            [*command, *MANY, "--session"], cwd=program.folder, stdout=subprocess.PIPE, text=True
        ) as killed:
            assert killed.stdout is not None
            _, session, _, receipt = killed.stdout.readline().split()
            killed.kill()
    done = program("photo.jpg", "--go-on", session, "--receipt", receipt)
    assert done.stdout.startswith(f"session {session}\n"), done.stdout + done.stderr
    assert "session ended: " in done.stdout


@pytest.mark.parametrize(
    "words", [("--go-on", "nonsense"), ("--go-on", "00000000-0000-4000-8000-000000000000", "--receipt", "wrong")]
)
def test_a_session_that_is_none_is_said_in_a_line(program: Program, words: tuple[str, ...]) -> None:
    done = program("photo.jpg", *words)
    assert done.returncode == 1
    assert done.stderr.startswith("The session is over: ")
    assert len(done.stderr.splitlines()) == 1


def test_the_smallest_page_records_a_session(page: Page, server_url: str, photo: Path) -> None:
    page.goto(f"{server_url}/examples/browser.html")
    page.get_by_role("button", name="Start a session").click()
    expect(page.locator("pre")).to_contain_text("receipt")
    page.set_input_files("input", photo)
    expect(page.locator("output")).to_contain_text("happy")
    page.get_by_role("button", name="Mark").click()
    expect(page.locator("pre")).to_contain_text("marked")
    page.get_by_role("button", name="End").click()
    expect(page.locator("pre")).to_contain_text("ended: 1 s, 1 person")
