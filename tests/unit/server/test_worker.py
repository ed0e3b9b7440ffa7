"""The worker's own parts; its life and end are shown by `tests/system/streaming/test_worker.py`."""

from __future__ import annotations

import socket

from visionai.server.worker import Door


def test_a_connection_that_was_accepted_as_the_door_closed_still_learns_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()):
        door, address = Door(listener), listener.getsockname()
        client, _ = door.accept()
        door.close()
        assert door.getsockname() == address
        client.close()
