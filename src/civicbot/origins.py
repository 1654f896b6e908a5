"""Web origins (scheme, host, port), as browsers write them in an ``Origin`` header."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

import idna

LONGEST = 300
"""No origin is longer, in characters; a host's name has at most 253."""

_PORTS = {"http": 80, "https": 443}
_SHAPE = re.compile(
    r"(?P<scheme>[Hh][Tt][Tt][Pp][Ss]?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\%]+)"
    r"(?::(?P<port>[0-9]{1,5}))?/?"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def normal_origin(text: str) -> str:
    """An origin as every browser writes it: lower case, international names in their ASCII form, no default port.

    Args:
        text: as people write it; ``https://광주.한국``, ``HTTPS://City.Example:443`` and one slash at the end will do.

    Raises:
        ValueError: it is anything but a scheme (http, https), a host and perhaps a port; the message says why.
    """
    text = text.strip()
    found = _SHAPE.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        raise ValueError(
            f"{text[:LONGEST]!r} is no web origin: write scheme and host, such as https://www.city.example, "
            "perhaps a port, and nothing behind them"
        )
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else _PORTS[scheme]
    if not 1 <= port <= 65535:
        raise ValueError(f"{text!r} has the port {port}; ports go from 1 to 65535")
    host = _host(found["host"].lower(), text)
    return f"{scheme}://{host}" if port == _PORTS[scheme] else f"{scheme}://{host}:{port}"


def is_local(origin: str) -> bool:
    """Whether a normal origin is on the very machine that the browser runs on."""
    host = urlsplit(origin).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def _host(host: str, text: str) -> str:
    """A host in its normal form: an address, or a name in ASCII."""
    try:
        if host.startswith("["):
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        name = _ascii(host)
        # Browsers read a name that ends in a number as an address, in several odd ways; only the plain one is taken.
        return str(IPv4Address(name)) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name
    except (AddressValueError, UnicodeError, ValueError):
        raise ValueError(f"{text!r} names no host that a browser can open; check its spelling") from None


def _ascii(host: str) -> str:
    name = host if host.isascii() else idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    labels = name.split(".")
    if len(name) > 253 or not all(len(label) <= 63 and _LABEL.fullmatch(label) for label in labels):
        raise ValueError("not a host's name")
    for label in labels:
        if label.startswith("xn--"):
            idna.ulabel(label)  # raises what a browser refuses as well
    return name
