"""What of Gradio's own addresses is open, how often they may be called, and what its page looks like outside."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPMethod
from pathlib import Path

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
from civicbot.web.preloads import early_files, early_link

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

STATIC = Path(__file__).parent / "static"

NONCE_BYTES = 18
"""Randomness of a nonce, 144 bits."""


class OpenPaths:
    """ASGI layer before a mounted Gradio app: uploads, files, direct calls, proxies and the like stay shut.

    Args:
        app: the Gradio app.
        not_found: answers everything that is not open.
        below: where it is mounted, such as ``/staff``; empty for the root.
    """

    def __init__(self, app: ASGIApp, not_found: ASGIApp, below: str = "") -> None:
        self._app = app
        self._not_found = not_found
        self._below = below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs Gradio if the address is open."""
        if scope["type"] != "http":
            return
        path = scope["path"].removeprefix(self._below)
        if path in OPEN or is_below(path, OPEN_BELOW):
            await self._app(scope, receive, send)
        elif is_below(path, ("/gradio_api",)):
            await plain_error(404)(scope, receive, send)
        else:
            await self._not_found(scope, receive, send)


class GradioGate:
    """ASGI layer before the chat's Gradio app: what is not needed stays shut, the rest is limited.

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
        self._app = OpenPaths(app, not_found)
        self._asking = asking
        self._moving = moving
        self._quiet = quiet_functions
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs Gradio if the address is open and the client may call it."""
        if scope["type"] == "http" and scope["path"] == JOIN and scope["method"] == HTTPMethod.POST:
            await self._join(scope, receive, send)
        else:
            await self._app(scope, receive, send)

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


@dataclass(frozen=True)
class Front:
    """What a page of Gradio's is made to say before any of its scripts runs.

    Attributes:
        about: its description.
        no_script: what is said where scripts are off.
        style: the address of its style sheet.
        script: what runs before anything is drawn.
        early: addresses of scripts and style sheets that are fetched at once.
        posts: whether it has a form of its own.
    """

    title: str
    about: str
    no_script: str
    style: str
    script: str = ""
    early: tuple[str, ...] = ()
    posts: bool = False


def chat_fronts(phrases: Mapping[Language, Phrases]) -> dict[Language, Front]:
    """The chat page's, in each language."""
    look, early = (STATIC / "look.js").read_text(encoding="utf-8"), early_files()
    return {
        language: Front(one.page.title, one.page.tagline, one.page.no_script, "/ui/chat.css", look, early)
        for language, one in phrases.items()
    }


class OwnFrontPage:
    """ASGI layer that makes the HTML around Gradio's app ours: language, title, style; nothing from elsewhere.

    Args:
        app: the Gradio app.
        fronts: what the page says, in each language.
        language_of: the language in which a request is answered.
        path: the page's address.
    """

    def __init__(
        self,
        app: ASGIApp,
        fronts: Mapping[Language, Front],
        language_of: Callable[[Scope], Language] = wished_language,
        path: str = "/",
    ) -> None:
        self._app = app
        self._fronts = fronts
        self._language_of = language_of
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app; rewrites the answer to a GET of the page."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        language = self._language_of(scope)
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        # Gradio takes `page` and `deep_link` for its own, and fails where there is no such page.
        plain = dict(scope, headers=headers, query_string=b"")
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
            body = rewrite(body.decode("utf-8"), language, self._fronts[language], nonce).encode("utf-8")
        if method == HTTPMethod.GET:
            headers["content-length"] = str(len(body))
        headers["Vary"] = "Accept-Language"
        headers["Cache-Control"] = "no-store"  # a nonce is for one time
        headers["Content-Security-Policy"] = page_policy(nonce, posts=self._fronts[language].posts)
        await send({**start, "headers": headers.raw})
        await send({"type": "http.response.body", "body": body})


def rewrite(page: str, language: Language, front: Front, nonce: str) -> str:
    """Gradio's page with our language, title, style sheet and icon, without addresses of other servers.

    Args:
        page: as Gradio renders it; its own data hold no ``<``.
        language: of the page.
        front: in this language.
        nonce: given to its scripts; one of no use here is left out.
    """
    title, about = html.escape(front.title), html.escape(front.about)
    ours = (
        f'<meta charset="utf-8" /><title>{title}</title><meta name="description" content="{about}" />'
        '<meta name="color-scheme" content="light dark" />'
        '<link rel="icon" href="/ui/icon.svg" type="image/svg+xml" />'
        f'<link rel="stylesheet" href="{front.style}" />'
    )
    ours += f"<script>{front.script}</script>" if front.script else ""
    page = _OUTSIDE.sub("", page)
    page = _SCRIPT.sub(lambda found: "" if _UNUSED in found[0] else found[0], page)
    page = page.replace('<meta charset="utf-8" />', ours, 1)
    early = "".join(early_link(address) for address in front.early)
    page = page.replace("</head>", f"{early}</head>", 1)  # behind what has to be there first
    page = page.replace("<script", f'<script nonce="{nonce}"')
    page = re.sub(r'(<html\s+lang=)"[^"]*"', rf'\1"{language}"', page, count=1)
    return page.replace("<gradio-app", f"<noscript><p>{html.escape(front.no_script)}</p></noscript><gradio-app", 1)
