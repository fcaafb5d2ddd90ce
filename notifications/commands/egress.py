"""The one way out to typed addresses: resolved once, pinned, private networks refused (RELIABILITY 5.3)."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

from kernel.errors import Unprocessable

PORTS = (80, 443, 8080, 8443)
CONNECT_SECONDS = 5
ANSWER_SECONDS = 10
LONGEST_ANSWER = 4_096


class Forbidden(Unprocessable):
    """The address may not be called: not HTTP, a strange port, or inside a private network."""

    code = "address_refused"


def parts_of(url: str) -> SplitResult:
    """The parts of an http(s) URL with a host and an allowed port; Forbidden otherwise."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden(_("That is not a web address. Write it as https://host/path.")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Forbidden(_("Write the address as https://host/path, without a user name."))
    if port is not None and port not in PORTS:
        raise Forbidden(_("Only ports 80, 443, 8080 and 8443 are called."))
    return parts


def resolve(parts: SplitResult, *, allows_private: bool) -> str:
    """One address of the host; Forbidden when any of its addresses is not on the public internet."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(_plain(parts.hostname or ""), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Forbidden(_("The host %(host)s is not known.") % {"host": parts.hostname}) from error
    addresses = [str(entry[4][0]).split("%", 1)[0] for entry in found]
    if not allows_private and not all(is_public(address) for address in addresses):
        raise Forbidden(_("The host %(host)s is inside a private network.") % {"host": parts.hostname})
    return addresses[0]


def _plain(host: str) -> str:
    """Addresses written as one number, in octal or in hexadecimal are addresses too."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return host


def is_public(address: str) -> bool:
    """Whether the address is an ordinary one of the public internet, however it is written."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def post(url: str, body: bytes, headers: Mapping[str, str], *, allows_private: bool = False) -> int:
    """POST to the pinned address, follow no redirect, return the status. OSError when it cannot be reached."""
    parts = parts_of(url)
    address = resolve(parts, allows_private=allows_private)
    connection = _Pinned(parts, address)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        response.read(LONGEST_ANSWER)
        return response.status
    except http.client.HTTPException as error:
        raise OSError(str(error) or type(error).__name__) from error
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """Connects to the address that was checked, whatever the name means by now; the name stays in Host and TLS."""

    def __init__(self, parts: SplitResult, address: str) -> None:
        secure = parts.scheme == "https"
        super().__init__(parts.hostname or "", parts.port or (443 if secure else 80), timeout=ANSWER_SECONDS)
        self._address, self._context = address, ssl.create_default_context() if secure else None

    def connect(self) -> None:
        raw: Any = socket.create_connection((self._address, self.port), CONNECT_SECONDS)
        raw.settimeout(ANSWER_SECONDS)
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host) if self._context else raw
