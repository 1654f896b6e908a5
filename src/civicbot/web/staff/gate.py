"""The layer before the staff desk: only requests of logged-in staff, made from our own pages, go through."""

from __future__ import annotations

from http import HTTPMethod
from typing import Any, Protocol
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civicbot.errors import RecordsUnavailableError
from civicbot.review.access import Actor, NotAllowedError
from civicbot.review.sessions import Sessions
from civicbot.web.errors import known_error, plain_error
from civicbot.web.origins import same_origin
from civicbot.web.staff.cookies import Cookies

LOGIN = "/staff/login"
HOME = "/staff/"
_KEY = "civicbot.staff"
_READING = (HTTPMethod.GET, HTTPMethod.HEAD)


class RequestLike(Protocol):
    """A request of Starlette; Gradio's hold one of these in ``request``."""

    @property
    def scope(self) -> Any:
        """The ASGI scope."""
        ...


class Doorkeeper:
    """Knows whose request it is.

    Args:
        sessions: looks tokens up.
        cookies: reads them.
    """

    def __init__(self, sessions: Sessions, cookies: Cookies) -> None:
        self._sessions = sessions
        self._cookies = cookies

    def actor(self, scope: Scope, *, active: bool = True) -> Actor | None:
        """Who makes a request, as of now; None when nobody is logged in. Blocking.

        Raises:
            RecordsUnavailableError: the database cannot be reached.
        """
        return self._sessions.actor(self._cookies.token(scope), active=active)


class StaffGate:
    """ASGI layer that lets only logged-in staff through to what is mounted at ``/staff``.

    Pages are sent to the log-in page, programs get 401 in the error shape. Requests that change something must come
    from our own pages. Nothing is kept in caches.

    Args:
        app: what is mounted.
        doorkeeper: knows whose request it is.
    """

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper) -> None:
        self._app = app
        self._doorkeeper = doorkeeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app for staff."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no part of the desk needs a web socket
            return
        response = await self._refusal(scope)
        if response is not None:
            await response(scope, receive, _unkept(send))
            return
        await self._app({**scope, _KEY: self._doorkeeper}, receive, _unkept(send))

    async def _refusal(self, scope: Scope) -> Response | None:
        if scope["method"] not in _READING and not is_own(scope):
            return foreign()
        try:
            # What the page loads by itself does not count as use; what its user does goes through actor_of.
            actor = await run_in_threadpool(self._doorkeeper.actor, scope, active=False)
        except RecordsUnavailableError as error:
            return known_error(error)
        if actor is not None:
            return None
        if is_program(scope):
            return plain_error(401, message="Nobody is logged in.", hint=f"Log in at {LOGIN}.")
        return RedirectResponse(login_address(scope), 303)


def actor_of(request: RequestLike | Any, *, active: bool = True) -> Actor:
    """Who makes a request that came through :class:`StaffGate`, looked up anew at each call.

    Args:
        request: Starlette's or Gradio's.
        active: whether this counts as use of the session. Give False for what a page asks by itself from time to
            time, or staff who have left their desk are never logged out.

    Raises:
        NotAllowedError: nobody is logged in (any more).
        RecordsUnavailableError: the database cannot be reached.
    """
    inner = getattr(request, "request", None)
    scope: Any = getattr(inner if hasattr(inner, "scope") else request, "scope", None)
    doorkeeper = scope.get(_KEY) if isinstance(scope, dict) else None
    actor = doorkeeper.actor(scope, active=active) if isinstance(doorkeeper, Doorkeeper) else None
    if actor is None:
        raise NotAllowedError("Nobody is logged in.", hint=f"Log in at {LOGIN}.", code="logged_out")
    return actor


def is_own(scope: Scope) -> bool:
    """Whether one of our own pages made a request, as the browser says.

    ``Sec-Fetch-Site`` is the browser's own word; where it is missing (old browsers, plain http), ``Origin`` counts.
    """
    headers = Headers(scope=scope)
    told = headers.getlist("sec-fetch-site")
    if told:
        return told == ["same-origin"]
    origins = headers.getlist("origin")
    return len(origins) == 1 and same_origin(origins[0], scope)


def foreign() -> Response:
    """The answer to a request that none of our own pages made."""
    return plain_error(
        403,
        code="forbidden_origin",
        message="This was not sent by a page of this server.",
        hint="Open the page anew; behind a reverse proxy, CIVICBOT_TRUSTED_PROXIES must name it.",
    )


def is_program(scope: Scope) -> bool:
    """Whether a request is a program's, or a page's own call, which cannot be sent to the log-in page."""
    accept = Headers(scope=scope).get("accept", "")
    inner = scope["path"].removeprefix(scope.get("root_path", "")).strip("/").split("/")
    asks_for_page = "text/html" in accept or accept in ("", "*/*")
    return scope["method"] not in _READING or "gradio_api" in inner or not asks_for_page


def login_address(scope: Scope) -> str:
    """The log-in page, with the way back to what was asked for."""
    query = scope.get("query_string", b"").decode("latin-1")
    goal = safe_goal(scope["path"] + (f"?{query}" if query else ""))
    return LOGIN if goal == HOME else f"{LOGIN}?next={quote(goal, safe='/')}"


def safe_goal(told: str) -> str:
    """Where a log-in may lead: an address below ``/staff`` of this server, or the desk's first page.

    Args:
        told: from the address of the log-in page, which anybody may have written.
    """
    path = told.partition("?")[0].partition("#")[0]
    plain = told.isascii() and told.isprintable() and "\\" not in told and " " not in told
    steps = path.split("/")
    below = steps[:2] == ["", "staff"] and not {"", ".", ".."} & set(steps[2:-1]) and steps[-1] not in (".", "..")
    encoded = "%2e" in path.lower() or "%2f" in path.lower() or "%5c" in path.lower()
    door = path.rstrip("/") in (LOGIN, "/staff/logout", f"{LOGIN}/oidc", f"{LOGIN}/oidc/callback")
    if not (plain and below and not encoded and not door and len(told) <= 2000) or path == "/staff":
        return HOME
    return told


def _unkept(send: Send) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return marked
