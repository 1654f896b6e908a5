"""Which web sites may call the API from a visitor's browser."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from civicbot.web.errors import plain_error
from civicbot.web.metrics import Metrics

GUARDED = ("/api", "/gradio_api")
_PORTS = {"http": 80, "https": 443}


def no_site(_: str) -> bool:
    """No other site is registered."""
    return False


class OriginCheck:
    """ASGI layer that refuses calls from other web sites with 403.

    Requests without an ``Origin`` header (programs, same-origin GETs) and same-origin ones pass.

    Args:
        app: the next layer.
        metrics: counts the refusals.
        registered: says whether a foreign origin, such as ``https://city.example``, may call.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, registered: Callable[[str], bool] = no_site) -> None:
        self._app = app
        self._metrics = metrics
        self._registered = registered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app unless the request comes from a foreign site."""
        if scope["type"] == "http" and is_below(scope["path"], GUARDED):
            origins = Headers(scope=scope).getlist("origin")
            if origins and not self._allowed(origins, scope):
                self._metrics.rejected("origin")
                await plain_error(
                    403,
                    code="forbidden_origin",
                    message="This web site may not call this service.",
                    hint="Ask the operator to register the site, or call without an Origin header.",
                )(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _allowed(self, origins: list[str], scope: Scope) -> bool:
        if len(origins) > 1:
            return False
        return same_origin(origins[0], scope) or self._registered(origins[0])


def is_below(path: str, prefixes: tuple[str, ...]) -> bool:
    """Whether a path is one of the prefixes or lies below one."""
    return any(path == prefix or path.startswith(prefix + "/") for prefix in prefixes)


def same_origin(origin: str, scope: Scope) -> bool:
    """Whether an ``Origin`` header names the scheme, host and port that the request was sent to."""
    host = Headers(scope=scope).get("host", "")
    own = _parts(f"{scope['scheme']}://{host}")
    return own is not None and _parts(origin) == own


def _parts(origin: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an origin; None when it is not exactly that."""
    try:
        url = urlsplit(origin)
        port = url.port or _PORTS.get(url.scheme)
    except ValueError:
        return None
    bare = not (url.path or url.query or url.fragment) and "@" not in url.netloc
    if not (bare and url.scheme in _PORTS and url.hostname and port):
        return None
    return url.scheme, url.hostname, port
