"""Which web sites may call the API from a visitor's browser: our own, and those that are registered."""

from __future__ import annotations

from http import HTTPMethod
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from civicbot.errors import UnknownSiteError
from civicbot.web.cors import OPEN_TO_SITES, SITE_HEADER, Caller, preflight, set_caller
from civicbot.web.errors import known_error, plain_error
from civicbot.web.metrics import Metrics
from civicbot.web.ports import SitesPort

MCP_PATH = "/mcp"
GUARDED = (OPEN_TO_SITES, "/gradio_api", MCP_PATH)
SITES_PATH = "/api/v1/sites"
"""Below it the address names the site, whatever the header says."""

_PORTS = {"http": 80, "https": 443}
_REFUSED = Caller(allowed=False)


class OriginCheck:
    """ASGI layer that refuses calls from other web sites, unless they are registered and switched on.

    Requests without an ``Origin`` header (programs, same-origin GETs) and same-origin ones pass. A call that names a
    site must name one that is switched on; from a foreign origin it must be one of that site's own.

    Args:
        app: the next layer.
        metrics: counts the refusals.
        sites: the registered sites.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, sites: SitesPort) -> None:
        self._app = app
        self._metrics = metrics
        self._sites = sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app unless the request may not be made."""
        if scope["type"] != "http" or not is_below(scope["path"], GUARDED):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        caller = await self._judge(scope, headers)
        set_caller(scope, caller)
        if caller.reader and scope["method"] == HTTPMethod.OPTIONS and "access-control-request-method" in headers:
            await preflight()(scope, receive, send)
        elif caller.allowed:
            await self._app(scope, receive, send)
        else:
            self._metrics.rejected("origin")
            await _refusal(scope)(scope, receive, send)

    async def _judge(self, scope: Scope, headers: Headers) -> Caller:
        origins, names = headers.getlist("origin"), _named(scope["path"], headers)
        if len(origins) > 1 or len(names) > 1:
            return _REFUSED
        own = not origins or same_origin(origins[0], scope)
        if own and not names:
            return Caller()
        of_sites = is_below(scope["path"], (OPEN_TO_SITES,))
        if not (of_sites or is_below(scope["path"], (MCP_PATH,))):
            return Caller() if own else _REFUSED
        # The database may have to be looked at.
        if own:
            return await run_in_threadpool(self._own, names[0], framed=bool(origins))
        if not of_sites:
            return _REFUSED
        return await run_in_threadpool(self._foreign, origins[0], names)

    def _own(self, name: str, *, framed: bool) -> Caller:
        """A call from our own origin that names a site: from its frame, or of a program, which sends no origin."""
        site = self._sites.named(name)
        return _REFUSED if site is None else Caller(channel="embed" if framed else "api", site=site)

    def _foreign(self, origin: str, names: list[str]) -> Caller:
        """A call from the pages of another site; it must say for which one, where several share the origin."""
        sites = [site for site in self._sites.of_origin(origin) if site.enabled]
        meant = [site for site in sites if site.name == names[0]] if names else sites
        reader = origin if sites else None
        if len(meant) != 1:
            return Caller(allowed=False, reader=reader)
        return Caller(channel="widget", site=meant[0], reader=reader)


def _named(path: str, headers: Headers) -> list[str]:
    """The sites that a request names: one at most, if it is well made."""
    if is_below(path, (SITES_PATH,)):
        return [path.removeprefix(SITES_PATH).strip("/")]
    return headers.getlist(SITE_HEADER)


def _refusal(scope: Scope) -> JSONResponse:
    if is_below(scope["path"], (SITES_PATH,)) and scope["method"] != HTTPMethod.OPTIONS:
        error = UnknownSiteError(
            "There is no such site, or it may not be shown here.",
            hint="Ask the operator to register the site with the address that this page has.",
        )
        return known_error(error)
    return plain_error(
        403,
        code="forbidden_origin",
        message="This web site may not call this service.",
        hint="Ask the operator to register the site, or call without an Origin header.",
    )


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
