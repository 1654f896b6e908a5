"""What of Gradio's own addresses is open, how often they may be called, and what its page looks like outside."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Mapping
from http import HTTPMethod

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civicbot.model import Language
from civicbot.web.errors import RateLimitedError, known_error, plain_error
from civicbot.web.headers import page_policy
from civicbot.web.languages import wished_language
from civicbot.web.limits import RateLimit, client_of
from civicbot.web.metrics import Metrics
from civicbot.web.origins import is_below
from civicbot.web.phrases import Phrases

JOIN = "/gradio_api/queue/join"
OPEN = frozenset(
    {
        "/",
        "/theme.css",
        "/robots.txt",
        "/config",
        JOIN,
        "/gradio_api/queue/data",
        "/gradio_api/cancel",
        "/gradio_api/startup-events",
    }
)
OPEN_BELOW = ("/assets", "/static", "/gradio_api/heartbeat")

_OUTSIDE = re.compile(r'\s*(?:<meta\s+(?:property="og:|name="twitter:)[^>]*>|<link rel="manifest"[^>]*>)')

_SCRIPT = re.compile(r"<script>.*?</script>\s*", re.DOTALL)
_UNUSED = "iframeResizer.contentWindow"
"""Marks the script that lets a foreign page set the size of its frame; foreign frames are forbidden."""

NONCE_BYTES = 18
"""Randomness of a nonce, 144 bits."""


class GradioGate:
    """ASGI layer before the mounted Gradio app: uploads, direct calls, proxies and the like stay shut.

    Args:
        app: the Gradio app.
        not_found: answers everything that is not open.
        asking: the limit of questions.
        moving: a wider limit of everything else that the page has run, such as a language switch.
        quiet_functions: ids of the events that ask nothing.
        metrics: counts the refusals.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        not_found: ASGIApp,
        asking: RateLimit,
        moving: RateLimit,
        quiet_functions: frozenset[int],
        metrics: Metrics,
    ) -> None:
        self._app = app
        self._not_found = not_found
        self._asking = asking
        self._moving = moving
        self._quiet = quiet_functions
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs Gradio if the address is open and the client may call it."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path == JOIN and scope["method"] == HTTPMethod.POST:
            await self._join(scope, receive, send)
        elif path in OPEN or is_below(path, OPEN_BELOW):
            await self._app(scope, receive, send)
        elif is_below(path, ("/gradio_api",)):
            await plain_error(404)(scope, receive, send)
        else:
            await self._not_found(scope, receive, send)

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        first = await receive()  # the body limit hands the whole body over at once
        limit = self._moving if self._is_quiet(first.get("body", b"")) else self._asking
        try:
            limit.hit(client_of(scope))
        except RateLimitedError as error:
            self._metrics.rejected("rate")
            await known_error(error)(scope, receive, send)
            return
        handed = False

        async def replayed() -> Message:
            nonlocal handed
            if handed:
                return await receive()
            handed = True
            return first

        await self._app(scope, replayed, send)

    def _is_quiet(self, body: bytes) -> bool:
        """Whether an event asks nothing; what cannot be read counts as a question."""
        try:
            call = json.loads(body)
        except (ValueError, RecursionError):
            return False
        function = call.get("fn_index") if isinstance(call, dict) else None
        return type(function) is int and function in self._quiet


class OwnFrontPage:
    """ASGI layer that makes the HTML around Gradio's app ours: language, title, style; nothing from elsewhere."""

    def __init__(self, app: ASGIApp, phrases: Mapping[Language, Phrases]) -> None:
        self._app = app
        self._phrases = phrases

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app; rewrites the answer to ``GET /``."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        language = wished_language(scope)
        plain = dict(scope, headers=[(name, value) for name, value in scope["headers"] if name != b"accept-encoding"])
        start: Message = {}
        chunks: list[bytes] = []

        async def collected(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._send(start, b"".join(chunks), language, scope["method"], send)

        await self._app(plain, receive, collected)

    async def _send(self, start: Message, body: bytes, language: Language, method: str, send: Send) -> None:
        headers = MutableHeaders(raw=list(start["headers"]))
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        if headers.get("content-type", "").startswith("text/html") and body:
            body = rewrite(body.decode("utf-8"), language, self._phrases[language], nonce).encode("utf-8")
        if method == HTTPMethod.GET:
            headers["content-length"] = str(len(body))
        headers["Vary"] = "Accept-Language"
        headers["Cache-Control"] = "no-store"  # a nonce is for one time
        headers["Content-Security-Policy"] = page_policy(nonce)
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": body})


def rewrite(page: str, language: Language, texts: Phrases, nonce: str) -> str:
    """Gradio's page with our language, title, style sheet and icon, without addresses of other servers.

    Args:
        page: as Gradio renders it; its own data hold no ``<``.
        language: of the page.
        texts: in this language.
        nonce: given to its scripts; one of no use here is left out.
    """
    title, about = html.escape(texts.page.title), html.escape(texts.page.tagline)
    ours = (
        f'<meta charset="utf-8" /><title>{title}</title><meta name="description" content="{about}" />'
        '<meta name="color-scheme" content="light dark" />'
        '<link rel="icon" href="/ui/icon.svg" type="image/svg+xml" />'
        '<link rel="stylesheet" href="/ui/chat.css" />'
    )
    page = _OUTSIDE.sub("", page)
    page = _SCRIPT.sub(lambda found: "" if _UNUSED in found[0] else found[0], page)
    page = page.replace("<script", f'<script nonce="{nonce}"')
    page = re.sub(r'(<html\s+lang=)"[^"]*"', rf'\1"{language}"', page, count=1)
    page = page.replace('<meta charset="utf-8" />', ours, 1)
    return page.replace("<gradio-app", f"<noscript><p>{html.escape(texts.page.no_script)}</p></noscript><gradio-app", 1)
