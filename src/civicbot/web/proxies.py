"""What reverse proxies say of a request, believed only when they are ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_FORWARDED = frozenset(
    {
        b"forwarded",
        b"x-forwarded-for",
        b"x-forwarded-host",
        b"x-forwarded-port",
        b"x-forwarded-prefix",
        b"x-forwarded-proto",
        b"x-forwarded-server",
        b"x-forwarded-ssl",
        b"x-real-ip",
    }
)
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


class ProxyHeaders:
    """ASGI layer that puts the client's address, scheme and host, as trusted proxies tell them, into the request.

    ``X-Forwarded-For`` is read from the right, since each proxy adds the address that it saw: the first one that is
    no trusted proxy is the client, and what stands left of it is whatever the client wrote. Of
    ``X-Forwarded-Proto`` and ``X-Forwarded-Host`` the last value counts. From everybody else these headers are
    taken away, and the next layers never see any of them.

    Args:
        app: the next layer.
        trusted: the addresses of the proxies; with none, nothing is believed.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[Network] = ()) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app."""
        if scope["type"] in ("http", "websocket"):
            scope.update(self._told(scope))  # in place: the outer layers read what the inner ones add
        await self._app(scope, receive, send)

    def _told(self, scope: Scope) -> dict[str, object]:
        """What changes in the request."""
        headers = Headers(scope=scope)
        bare = [(name, value) for name, value in scope["headers"] if name not in _FORWARDED]
        changed: dict[str, object] = {"headers": bare}
        peer = scope.get("client")
        if peer and self._is_trusted(_address(peer[0])):
            client = self._client(headers)
            if client is not None:
                changed["client"] = (str(client), 0)
            scheme = _last(headers, "x-forwarded-proto").lower()
            if scheme in ("http", "https"):
                changed["scheme"] = scheme if scope["type"] == "http" else scheme.replace("http", "ws")
            host = _last(headers, "x-forwarded-host")
            if _HOST.fullmatch(host):
                changed["headers"] = [pair for pair in bare if pair[0] != b"host"] + [(b"host", host.encode("ascii"))]
        return changed

    def _client(self, headers: Headers) -> Address | None:
        """The right-most address that is no trusted proxy, or the left-most one when all are."""
        found: Address | None = None
        for item in reversed(",".join(headers.getlist("x-forwarded-for")).split(",")):
            address = _address(item)
            if address is None:
                break  # nothing left of what cannot be read is believed
            found = address
            if not self._is_trusted(address):
                break
        return found

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def _last(headers: Headers, name: str) -> str:
    return ",".join(headers.getlist(name)).rpartition(",")[2].strip()


def _address(text: str) -> Address | None:
    """The address in ``192.0.2.1``, ``192.0.2.1:80``, ``2001:db8::1`` or ``[2001:db8::1]:80``; None if it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
