"""Write pictures of the pages into `docs/screenshots/`.

`python -m scripts.screenshots` starts a server with example data of its own and looks at it with Debian's Chromium. The
only face on the pictures is `scripts.faces.portrait()`.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Literal

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from scripts import browser, example_data, example_sessions, faces
from tests.support.servers import environment_of, migrate, start_server

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "docs" / "screenshots"
TOKENS = ROOT / "static" / "css" / "tokens.css"
SCREEN: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
USERNAME, RESEARCHER, PASSWORD = "ana", "irene", "una frase larga"
PATIENCE_MS = 60_000
# What is watched before a picture is taken of it: half of the minute that the live page shows.
WATCHED_MS = 30_000
FLAT_COLOURS, MIXED_COLOURS = 48, 160


def main() -> None:
    """Take every picture, in light and in dark."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder) / "instance") as (url, sessions):
        photo = faces.write_photo(Path(folder) / "astronaut.jpg")
        camera = faces.write_camera(Path(folder) / "camera.mjpeg")
        with sync_playwright() as playwright:
            chromium = browser.launch(playwright.chromium, *browser.camera_of(camera))
            for scheme in SCHEMES:
                take(signed_in_page(chromium, url, scheme, SCREEN), scheme, photo)
                take_sessions(signed_in_page(chromium, url, scheme, SCREEN, RESEARCHER), scheme, sessions)
            phone = signed_in_page(chromium, url, "dark", PHONE)
            live(phone)
            save(phone, "phone-live-dark")
            dashboard(phone)
            save(phone, "phone-dashboard-dark")
            chromium.close()


@contextmanager
def served(instance: Path) -> Iterator[tuple[str, list[str]]]:
    """Run a server with a week of example data; yield its address, and the uids of the sessions that it has."""
    migrate(instance, environment_of(instance))
    example_data.fill(instance, USERNAME, PASSWORD)
    uids = example_sessions.fill(instance, RESEARCHER, PASSWORD)
    server = start_server(instance)
    try:
        yield server.url, uids
    finally:
        server.stop()


def signed_in_page(chromium: Browser, url: str, scheme: Scheme, size: ViewportSize, username: str = USERNAME) -> Page:
    """Open a page in which an example user has signed in."""
    context = chromium.new_context(
        base_url=url,
        viewport=size,
        color_scheme=scheme,
        locale="en-US",
        permissions=["camera"],
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    browser.sign_in(page, username, PASSWORD)
    return page


def take(page: Page, scheme: Scheme, photo: Path) -> None:
    """Take the pictures of one appearance."""
    home(page, photo)
    save(page, f"home-{scheme}")
    dashboard(page)
    save(page, f"dashboard-{scheme}")
    live(page)
    save(page, f"live-{scheme}")
    page.goto("/history")
    expect(page.locator("#rows time").first).to_be_visible()
    save(page, f"history-{scheme}")
    page.goto("/model")
    expect(page.locator("#state")).to_have_attribute("data-state", "on")
    page.wait_for_load_state("networkidle")
    save(page, f"model-{scheme}")


def take_sessions(page: Page, scheme: Scheme, uids: list[str]) -> None:
    """Take the pictures of recorded sessions in one appearance."""
    first, second, *_ = uids
    page.goto("/sessions")
    expect(page.locator("tbody tr").first).to_be_visible()
    save(page, f"sessions-{scheme}")
    page.goto(f"/sessions/{second}")
    expect(page.get_by_role("slider")).to_be_visible()
    save(page, f"session-{scheme}")
    page.goto(f"/sessions/compare?uid={first}&uid={second}")
    expect(page.locator("#lines svg").first).to_be_visible()
    save(page, f"compare-{scheme}")


def home(page: Page, photo: Path) -> None:
    page.goto("/")
    page.set_input_files("#file", photo)
    expect(page.locator("#outcome .verdict")).to_be_visible()


def live(page: Page) -> None:
    """Watch the camera, of which nothing is kept, so that the dashboard's figures stay those of the example."""
    page.goto("/live")
    page.click("#agree")
    expect(page.locator("#overlay")).to_have_attribute("data-emotions", "happy")
    page.wait_for_timeout(WATCHED_MS)


def dashboard(page: Page) -> None:
    page.goto("/dashboard")
    expect(page.locator("#latest time").first).to_be_visible()
    expect(page.locator("#updates")).to_have_attribute("data-state", "on")
    page.wait_for_load_state("networkidle")


def save(page: Page, name: str) -> None:
    """Write what the window shows as a PNG of 256 colours: a third of the size, and hardly to be told apart."""
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(palette=palette_of(seen), dither=Image.Dither.FLOYDSTEINBERG).save(
        OUTPUT / f"{name}.png", optimize=True
    )


def palette_of(seen: Image.Image) -> Image.Image:
    """Return 256 colours for a picture: those of the style sheet and its commonest stay; a photo shares the rest."""
    tokens = [int(digits, 16) for colour in re.findall(r"#(\w{6})\b", TOKENS.read_text()) for digits in wrap(colour, 2)]
    colours, counts = np.unique(np.asarray(seen).reshape(-1, 3), axis=0, return_counts=True)
    flat: list[int] = colours[np.argsort(counts)[::-1][:FLAT_COLOURS]].ravel().tolist()
    mixed = seen.quantize(MIXED_COLOURS, Image.Quantize.MEDIANCUT).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette((tokens + flat + mixed)[: 256 * 3])
    return palette


if __name__ == "__main__":
    main()
