from __future__ import annotations

import pytest

from visionai.addresses import reduced


@pytest.mark.parametrize(
    ("address", "mode", "kept"),
    [
        ("203.0.113.77", "truncated", "203.0.113.0"),
        ("2001:db8:1:2::77", "truncated", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "truncated", "203.0.113.0"),
        ("fe80::1%eth0", "truncated", "fe80::"),
        ("203.0.113.77", "full", "203.0.113.77"),
        ("2001:0DB8::77", "full", "2001:db8::77"),
        ("203.0.113.77", "off", None),
        ("", "full", None),
        (None, "truncated", None),
        ("unix:/run/socket", "full", None),
    ],
)
def test_an_address_is_kept_only_as_far_as_the_setting_says(address: str | None, mode: str, kept: str | None) -> None:
    assert reduced(address, mode) == kept
