"""Where a webhook may point: the forms of addresses, and what names resolve to."""

from __future__ import annotations

import pytest

from visionai.errors import ValidationFailed
from visionai.services.webhooks import targets
from visionai.services.webhooks.targets import Target, TargetRefused


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org", Target("https", "example.org", 443, "/")),
        ("HTTPS://Example.ORG:8443/a/b?c=d", Target("https", "example.org", 8443, "/a/b?c=d")),
        ("https://example.org./x", Target("https", "example.org", 443, "/x")),
        ("https://correo.españa.es/ñ", Target("https", "correo.xn--espaa-rta.es", 443, "/%C3%B1")),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700:4700::1111]:9/", Target("https", "2606:4700:4700::1111", 9, "/")),
        ("https://a_b.example.org/%2e", Target("https", "a_b.example.org", 443, "/%2e")),
    ],
)
def test_a_public_address_is_taken_apart(url: str, target: Target) -> None:
    assert targets.parse(url, private=False) == target


@pytest.mark.parametrize(
    ("target", "netloc"),
    [
        (Target("https", "example.org", 443, "/"), "example.org"),
        (Target("https", "example.org", 80, "/"), "example.org:80"),
        (Target("http", "::1", 80, "/"), "[::1]"),
        (Target("http", "::1", 81, "/"), "[::1]:81"),
    ],
)
def test_the_usual_port_is_left_out_of_the_host_header(target: Target, netloc: str) -> None:
    assert target.netloc == netloc


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/", targets.HTTPS_ONLY),
        ("ftp://example.org/", targets.HTTPS_ONLY),
        ("file:///etc/passwd", targets.HTTPS_ONLY),
        ("gopher://example.org/", targets.HTTPS_ONLY),
        ("//example.org/", targets.HTTPS_ONLY),
        ("example.org", targets.HTTPS_ONLY),
        ("https://ana@example.org/", targets.NO_EXTRAS),
        ("https://ana:secret@example.org/", targets.NO_EXTRAS),
        ("https://example.org@127.0.0.1/", targets.NO_EXTRAS),
        ("https://example.org/#a", targets.NO_EXTRAS),
        ("https://example.org/#", targets.NO_EXTRAS),
        ("https://", targets.MALFORMED),
        ("https://:443/", targets.MALFORMED),
        ("https://example.org:0/", targets.MALFORMED),
        ("https://example.org:65536/", targets.MALFORMED),
        ("https://example.org:ab/", targets.MALFORMED),
        ("https://exa mple.org/", targets.MALFORMED),
        ("https://example.org/\r\nX: y", targets.MALFORMED),
        ("https://example.org\\@127.0.0.1/", targets.MALFORMED),
        ("https://a..b/", targets.MALFORMED),
        ("https://exa%6dple.org/", targets.MALFORMED),
        ("https://[::1/", targets.MALFORMED),
        ("https://[fe80::1%25eth0]/", targets.MALFORMED),
        (f"https://example.org/{'a' * 2048}", targets.MALFORMED),
        *(
            (f"https://{host}/", targets.MALFORMED)
            for host in ("2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "127.0.0.01", "1.2.3.4.5")
        ),
        *((f"https://{host}/", targets.PRIVATE) for host in ("localhost", "localhost.", "LOCALHOST", "a.localhost")),
        ("https://ｌocalhost/", targets.PRIVATE),
        ("https://①②⑦.0.0.1/", targets.PRIVATE),
        ("https://127.0.0.1/", targets.PRIVATE),
        ("https://127.0.0.1./", targets.PRIVATE),
        ("https://[::1]/", targets.PRIVATE),
        ("https://169.254.169.254/latest/meta-data", targets.PRIVATE),
    ],
)
def test_another_address_is_refused(url: str, why: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        targets.parse(url, private=False)
    assert refused.value.details == {"url": [why]}


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/", "http://localhost/", "https://10.0.0.7/", "http://[::1]/"])
def test_an_operator_may_allow_private_ones(url: str) -> None:
    targets.parse(url, private=True)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9"),
        *("::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::7f00:1", "100::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a00:1"),
        *("64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::", "2001::1", "fe80::1%eth0", "x"),
    ],
)
def test_an_address_of_the_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not targets.is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert targets.is_public(address)


TARGET = Target("https", "example.org", 443, "/")


def test_a_name_is_refused_where_one_of_its_addresses_is_not_public() -> None:
    with pytest.raises(TargetRefused):
        targets.addresses(TARGET, private=False, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])


def test_a_name_with_public_addresses_alone_is_taken_in_their_order() -> None:
    found = ["2606:4700:4700::1111", "8.8.8.8"]
    assert targets.addresses(TARGET, private=False, resolve=lambda *_: found) == found


def test_a_name_without_an_address_cannot_be_reached() -> None:
    with pytest.raises(OSError, match="no address"):
        targets.addresses(TARGET, private=False, resolve=lambda *_: [])


def test_the_machines_own_resolver_gives_each_address_once() -> None:
    assert targets.resolve("127.0.0.1", 80) == ["127.0.0.1"]
