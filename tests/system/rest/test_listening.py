from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest

from tests.support.servers import PROGRAM, start_server


@pytest.mark.parametrize("program", [PROGRAM, ["wsgi.py"]], ids=["gunicorn", "the development server"])
def test_an_empty_host_is_loopback_and_not_every_interface(program: Sequence[str], tmp_path: Path) -> None:
    server = start_server(tmp_path, program=program, HOST="")
    processes = [psutil.Process(server.process.pid), *server.workers]
    listening = {
        connection.laddr
        for process in processes
        for connection in process.net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    server.stop()
    assert listening == {("127.0.0.1", server.port)}
