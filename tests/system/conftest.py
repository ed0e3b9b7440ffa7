"""What a failed test of a running server shows beside its error: what the server logged last."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.support.servers import Server

LAST_CHARACTERS = 4000


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("The server's log", server.log.read_text(errors="replace")[-LAST_CHARACTERS:]))
    return report
