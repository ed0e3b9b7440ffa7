"""Where a webhook may point, against requests to the inside (SSRF): the form of its address, and what that resolves to.

The form is checked when a webhook is made. Addresses are checked at every try, all of them, and the connection goes to
one that was checked: a name may resolve to something else a moment later (DNS rebinding).
"""

from __future__ import annotations

# C: the functions of `socket` become green ones when the process is patched, and this runs on native threads.
import _socket
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

from ...contract.webhooks import MAX_URL
from ...errors import N_, ValidationFailed

HTTPS_ONLY = N_("Give an address that begins with https://.")
MALFORMED = N_("This is no address of the web. Give one such as https://example.org/hook.")
NO_EXTRAS = N_("Leave user names, passwords and what follows a “#” out of the address.")
PRIVATE = N_("This address is not a public one. The operator may allow it (WEBHOOK_PRIVATE_TARGETS).")

_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.ASCII)
_PORTS = {"https": 443, "http": 80}
_UNSAFE = re.compile(r"[\s\\\x00-\x20\x7f-\x9f]")

# IPv6 that the registries give out (RFC 4291, section 2.4), but for tunnels, whose ends may be anywhere.
_GIVEN_OUT = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
_NAT64 = IPv6Network("64:ff9b::/96")

Resolve = Callable[[str, int], Sequence[str]]


class TargetRefused(Exception):
    """A name resolves to an address that is not a public one, be it one of several."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `host` is a name in ASCII or an IP address, `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """Host and port as a `Host` header has them; the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def parse(url: str, *, private: bool) -> Target:
    """Return the parts of an address; raises ValidationFailed for one that a webhook may not have.

    With `private`, http and addresses of one's own network are taken too.
    """
    if len(url) > MAX_URL or _UNSAFE.search(url):
        raise _wrong(MALFORMED)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as err:
        raise _wrong(MALFORMED) from err
    if parts.scheme != "https" and not (private and parts.scheme == "http"):
        raise _wrong(HTTPS_ONLY)
    if "@" in parts.netloc or "#" in url:
        raise _wrong(NO_EXTRAS)
    host = _host(parts, private=private)
    port = _PORTS[parts.scheme] if port is None else port
    if not port:
        raise _wrong(MALFORMED)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, quote((parts.path or "/") + query, safe="/?:@!$&'()*+,;=-._~%[]"))


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses of a host, in the order in which they are to be tried; raises OSError."""
    found = _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def addresses(target: Target, *, private: bool, resolve: Resolve = resolve) -> Sequence[str]:
    """Return the addresses to connect to; raises TargetRefused where one of them is not public, OSError for none."""
    found = resolve(target.host, target.port)
    if not found:
        raise OSError("The name has no address")
    if not private and not all(map(is_public, found)):
        raise TargetRefused
    return found


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, whichever way it is written."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False  # With a zone, which is of this machine's links, or nothing that we know.
    if isinstance(ip, IPv4Address):
        return _is_public_v4(ip)
    if ip.ipv4_mapped is not None:
        return _is_public_v4(ip.ipv4_mapped)
    if ip in _NAT64:
        return _is_public_v4(IPv4Address(int(ip) & 0xFFFFFFFF))
    return _is_public_v6(ip)


def _is_public_v4(ip: IPv4Address) -> bool:
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _is_public_v6(ip: IPv6Address) -> bool:
    return ip in _GIVEN_OUT and ip.is_global and not any(ip in tunnel for tunnel in _TUNNELS)


def _host(parts: SplitResult, *, private: bool) -> str:
    """Return the host in ASCII; raises ValidationFailed where it is none, or plainly not a public one."""
    name = parts.hostname or ""
    if name.startswith("[") or ":" in name:
        return _literal(name, private=private)
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError as err:
        raise _wrong(MALFORMED) from err
    # An address in a shorter form, in octal or in hexadecimal is one for some resolvers and a name for others.
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _literal(host, private=private)
    if not _NAME.fullmatch(host):
        raise _wrong(MALFORMED)
    if not private and f".{host}".endswith(".localhost"):
        raise _wrong(PRIVATE)
    return host


def _literal(text: str, *, private: bool) -> str:
    try:
        address = str(ip_address(text))
    except ValueError as err:
        raise _wrong(MALFORMED) from err
    if "%" in address:
        raise _wrong(MALFORMED)
    if not private and not is_public(address):
        raise _wrong(PRIVATE)
    return address


def _wrong(text: str) -> ValidationFailed:
    return ValidationFailed({"url": [text]})
