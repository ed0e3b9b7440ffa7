"""The dashboard looked at closer: steps, ranges, shares, drill-down to rows, filters, comparison and marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, StorageState, expect

from scripts.browser import sign_in
from tests.support.servers import Server, environment_of, migrate, start_server

from . import dashboard_data
from .conftest import PASSWORD, USERNAME, Visitor, new_context
from .test_dashboard import figure

DIGIT = re.compile(r"\d")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of these tests alone, whose readings are known to the minute."""
    folder = tmp_path_factory.mktemp("dashboard")
    migrate(folder, environment_of(folder))
    dashboard_data.fill(folder, USERNAME, PASSWORD)
    server = start_server(folder)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def remembered(browser: Browser, server: Server, username: str) -> StorageState:
    context = new_context(browser, server)
    sign_in(context.new_page(), username, PASSWORD)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> StorageState:
    return remembered(browser, server, USERNAME)


@pytest.fixture(scope="module")
def admin(browser: Browser, server: Server) -> StorageState:
    return remembered(browser, server, dashboard_data.ADMIN)


def query(page: Page) -> str:
    return page.url.partition("?")[2]


# Left, upper edge, width and lower edge of the parts of an expression, in the order of the bars.
PARTS = """(name) => {
    const { d } = document.querySelector(`#time-chart .bar[data-emotion=${name}]`).attributes;
    return d.value.split("Z").filter(Boolean).map((part) => part.match(/[\\d.]+/g).map(Number).slice(0, 4));
}"""


def bar(page: Page, index: int) -> dict[str, float]:
    """Return where in its chart a bar of happiness is, which lies lowest."""
    place: dict[str, float] = page.evaluate(
        f"""(index) => {{
            const [x, top, width, bottom] = ({PARTS})("happy")[index];
            return {{ x: x + width / 2, y: (top + bottom) / 2 }};
        }}""",
        index,
    )
    return place


def test_what_is_counted_is_named_and_compared_with_the_period_before(visit: Visitor) -> None:
    page = visit("/dashboard?period=24h")
    figure(page)
    expect(page.locator(".totals")).to_contain_text("Seconds seen")
    expect(page.locator(".totals")).not_to_contain_text("Predictions")
    expect(page.locator("#total-change")).to_have_text(re.compile(r"[+-]?\d+% against the period before"))
    expect(page.locator("#average-change")).to_have_text(re.compile(r"[+-]?\d+\.\d points"))
    expect(page.locator("#compared")).to_contain_text("Compared with")


def test_an_odd_day_is_two_clicks_from_its_rows(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    page.locator("#time-chart").click(position=bar(page, 5))  # type: ignore[arg-type]
    page.wait_for_url("**period=own&from=*emotion=happy*")
    expect(page.locator("#bucket-hour")).to_be_checked()
    count = figure(page)
    page.click("#rows-toggle")
    page.wait_for_url("**rows=1*")
    expect(page.locator("#latest-title")).to_be_focused()
    expect(page.locator("#latest tbody tr")).to_have_count(min(25, count))
    assert set(page.locator("#latest tbody .emotion").all_inner_texts()) == {"Happiness"}
    page.go_back()
    expect(page.locator("#rows-toggle")).to_have_attribute("aria-expanded", "false")
    page.go_back()
    page.wait_for_url("**/dashboard")


def test_rows_go_on_page_by_page_and_back(visit: Visitor) -> None:
    page = visit("/dashboard?rows=1")
    first = page.locator("#latest tbody tr").first
    expect(first).to_be_visible()
    shown = first.get_attribute("data-id")
    page.click("#rows-older")
    expect(page.locator("#rows-place")).to_have_text("Page 2")
    expect(first).not_to_have_attribute("data-id", str(shown))
    page.reload()
    expect(page.locator("#rows-place")).to_have_text("Page 2")
    page.click("#rows-newer")
    expect(page.locator("#rows-place")).to_have_text("Page 1")
    expect(first).to_have_attribute("data-id", str(shown))
    expect(page.locator("#rows-newer")).to_be_disabled()


def test_a_range_is_dragged_to_zoom_in_and_left_by_going_back(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    page.locator("#time-chart").scroll_into_view_if_needed()
    box = page.locator("#time-chart").bounding_box()
    assert box
    start, end = bar(page, 4), bar(page, 5)
    page.mouse.move(box["x"] + start["x"], box["y"] + start["y"])
    page.mouse.down()
    page.mouse.move(box["x"] + end["x"], box["y"] + end["y"], steps=4)
    page.mouse.up()
    page.wait_for_url("**period=own&from=*")
    expect(page.locator("#bucket-hour")).to_be_checked()
    expect(page.locator("#chips .chip")).to_have_count(1)
    page.go_back()
    expect(page.locator("#filter-period")).to_have_value("7d")
    expect(page.locator("#time-table tbody tr")).to_have_count(7)


def test_the_bars_are_worked_with_by_keys_alone(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    plot = page.locator("#time-plot")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^7 steps, [\d,]+ seconds, most of them \w+, \d+%\.$"))
    plot.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")  # Yesterday: early in the day, today may have little of anything.
    expect(page.locator("#time-readout")).to_have_text(re.compile(r"^\w+ \d+: [\d,]+ seconds?$"))
    page.keyboard.press("ArrowUp")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r"· Happiness: [\d,]+ \(\d+\.\d%\)$"))
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    expect(plot).to_have_attribute("aria-valuetext", re.compile(r" to .*: [\d,]+ seconds$"))
    page.keyboard.press("Enter")
    page.wait_for_url("**period=own&from=*")
    expect(plot).to_be_focused()
    expect(page.locator("#time-table tbody")).to_contain_text(DIGIT)


def test_a_row_of_the_table_narrows_as_its_bar_does(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    page.get_by_text("Show as a table").click()
    page.locator("#time-table tbody tr").nth(5).locator("td button").nth(2).click()
    page.wait_for_url("**period=own&from=*emotion=neutral*")


def pointed_at(chart: Locator, place: Callable[[], dict[str, float]]) -> Locator:
    """Move the pointer about a place of a chart, as a hand does, until the chart says what is there.

    One move alone may be lost: on a page that still settles the place moves from under it.
    """
    tip = chart.locator(".tip")
    for turn in range(40):
        x, y = place()["x"] + turn % 2, place()["y"]
        chart.hover(position={"x": x, "y": y})
        if tip.is_visible():
            break
        chart.page.wait_for_timeout(250)
    expect(tip).to_be_visible()
    return tip


def test_a_slice_narrows_to_its_expression_and_clicked_again_lets_go_of_it(visit: Visitor) -> None:
    page = visit("/dashboard")
    expect(page.locator("#total")).to_have_text(DIGIT)
    slice_of = """() => {
        const slice = document.querySelector("#shares-chart .slice[data-emotion=happy]");
        const [x, y, , , , , , endX, endY] = slice.getAttribute("d").match(/-?[\\d.]+/g).map(Number);
        const start = Math.atan2(y - 100, x - 100);
        const angle = (Math.atan2(endY - 100, endX - 100) - start + 2 * Math.PI) % (2 * Math.PI);
        const [across, down] = [Math.cos(start + angle / 2), Math.sin(start + angle / 2)];
        const { left, top } = document.getElementById("shares-chart").getBoundingClientRect();
        const point = new DOMPoint(100 + 85 * across, 100 + 85 * down).matrixTransform(slice.getScreenCTM());
        return { x: point.x - left, y: point.y - top };
    }"""
    chart = page.locator("#shares-chart")
    tip = pointed_at(chart, lambda: page.evaluate(slice_of))
    expect(tip).to_have_text(re.compile(r"^Happiness[\d,]+ \(\d+\.\d%\)$"))
    chart.click(position=page.evaluate(slice_of))
    expect(page).to_have_url(re.compile("emotion=happy"))
    expect(page.locator("#shares-of")).to_have_text("of all")
    chart.click(position=page.evaluate(slice_of))
    expect(page).not_to_have_url(re.compile("emotion="))


def test_shares_make_each_bar_the_whole_of_its_step(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    page.get_by_label("Shares").check()
    page.wait_for_url("**show=shares")
    page.wait_for_function(
        f"""() => {{
            const heights = new Map();
            for (const bar of document.querySelectorAll("#time-chart .bar")) {{
                for (const [x, top, , bottom] of ({PARTS})(bar.dataset.emotion)) {{
                    heights.set(x, (heights.get(x) ?? 0) + bottom - top);
                }}
            }}
            const [first, ...others] = heights.values();
            return others.length === 6 && others.every((height) => Math.abs(height - first) < 0.1);
        }}"""
    )


def test_the_tooltip_tells_from_the_top_of_the_stack_down_and_in_all(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    tip = pointed_at(page.locator("#time-chart"), lambda: bar(page, 5))
    lines = tip.locator(".tip-line").all_inner_texts()
    assert [line.partition(":")[0] for line in (lines[0], lines[-1])] == ["Anger", "Happiness"]
    assert all(re.fullmatch(r"\w+: [\d,]+ \(\d+\.\d%\)", line) for line in lines)
    assert re.fullmatch(r"[\d,]+ seconds", tip.locator(".tip-foot").inner_text())
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_the_legend_names_each_with_letters_from_pleasant_to_unpleasant(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    names = ["Happiness", "Surprise", "Neutral", "Sadness", "Fear", "Disgust", "Anger"]
    entries = [re.compile(rf"^{name[:2]}\s*{name}$") for name in names]
    expect(page.locator("#legend li")).to_have_text(entries, use_inner_text=True)


def test_a_session_is_looked_at_by_the_minute(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/dashboard", storage_state=signed_in)
    figure(page)
    page.get_by_text("More filters").click()
    page.locator("#filter-session").select_option(index=1)
    page.wait_for_url("**?session=*")
    expect(page.locator("#total")).to_have_text(str(60 * dashboard_data.MINUTES))
    expect(page.locator("#bucket-minute")).to_be_checked()
    expect(page.locator("#time-table tbody tr")).to_have_count(dashboard_data.MINUTES)
    expect(page.locator("#uncertain")).to_have_text("0%")
    expect(page.locator("#chips .chip")).to_have_text([f"Session: {dashboard_data.TITLE}×"])
    page.locator("#chips .chip").click()
    page.wait_for_url("**/dashboard")
    expect(page.locator("#filter-period")).to_have_value("7d")


def test_a_minute_leads_to_its_rows(visit: Visitor, signed_in: StorageState) -> None:
    page = visit("/dashboard", storage_state=signed_in)
    figure(page)
    page.get_by_text("More filters").click()
    page.locator("#filter-session").select_option(index=1)
    expect(page.locator("#time-table tbody tr")).to_have_count(dashboard_data.MINUTES)
    page.locator("#time-chart").click(position=bar(page, 2))  # type: ignore[arg-type]
    page.wait_for_url("**period=range*rows=1*")
    expect(page.locator("#total")).to_have_text("60")
    expect(page.locator("#latest tbody tr")).to_have_count(25)


def test_versions_are_marked_where_they_changed_and_filtered_by(visit: Visitor) -> None:
    page = visit("/dashboard")
    figure(page)
    expect(page.locator("#marks")).to_contain_text(f"{dashboard_data.NEW_VERSION} since")
    page.get_by_text("More filters").click()
    page.select_option("#filter-version", dashboard_data.NEW_VERSION)
    page.wait_for_url("**version=v1.1.0")
    expect(page.locator("#total")).to_have_text("60")
    page.select_option("#filter-source", "picture")
    page.wait_for_url("**source=picture*")
    expect(page.locator("#chips .chip")).to_have_text(["Pictures×", "Version: v1.1.0×", "Clear all"])
    page.locator("#chips .all").click()
    page.wait_for_url("**/dashboard")
    expect(page.locator("#chips")).to_be_hidden()


def test_an_administrator_looks_at_a_user(visit: Visitor, admin: StorageState) -> None:
    page = visit("/dashboard", storage_state=admin)
    everything = figure(page)
    page.get_by_text("More filters").click()
    page.fill("#filter-user", USERNAME)
    page.press("#filter-user", "Enter")
    page.wait_for_url(f"**user={USERNAME}")
    expect(page.locator("#total")).not_to_have_text(f"{everything:,}")
    assert 0 < figure(page) < everything
    visit.expected.append("404")
    page.fill("#filter-user", "nobody-of-that-name")
    page.press("#filter-user", "Enter")
    expect(page.locator("#failed-text")).not_to_be_empty()
    expect(page.locator("#board")).to_be_hidden()


def test_another_user_is_not_shown_and_not_passed_over_in_silence(visit: Visitor, signed_in: StorageState) -> None:
    visit.expected.append("403")
    page = visit(f"/dashboard?user={dashboard_data.ADMIN}", storage_state=signed_in)
    expect(page.locator("#failed")).to_be_visible()
    expect(page.locator("#board")).to_be_hidden()


def test_one_expression_has_its_share_in_the_place_of_the_most_common(visit: Visitor) -> None:
    page = visit("/dashboard?emotion=happy")
    figure(page)
    expect(page.locator("#common-name")).to_have_text("Share of Happiness")
    expect(page.locator("#common")).to_have_text(re.compile(r"^\d+%$"))


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("from=2026-11-24&to=2026-11-20", "The first day must not be later than the last."),
        ("from=2024-01-01&to=2026-01-01", "Choose at most 365 days."),
    ],
)
def test_dates_that_do_not_fit_are_said_at_the_field_over_no_figures(visit: Visitor, dates: str, said: str) -> None:
    page = visit(f"/dashboard?period=own&{dates}")
    expect(page.locator("#filter-from-wrong")).to_have_text(said)
    expect(page.locator("#filter-from")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#board")).to_be_hidden()
    page.fill("#filter-from", "2026-11-20")
    page.fill("#filter-to", "2026-11-24")
    page.locator("#filter-to").blur()
    expect(page.locator("#filter-from-wrong")).to_be_hidden()


def test_filters_without_a_hit_can_be_taken_away(visit: Visitor) -> None:
    page = visit("/dashboard?period=own&from=2001-01-01&to=2001-01-07")
    expect(page.locator("#empty")).to_contain_text("No readings match these filters")
    expect(page.locator("#empty-ever")).to_be_hidden()
    page.click("#empty-clear")
    figure(page)


def test_the_time_zone_is_named(visit: Visitor) -> None:
    page = visit("/dashboard", timezone_id="America/Bogota")
    expect(page.locator("#time-zone")).to_have_text("Times are those of America/Bogota (GMT-5).")
