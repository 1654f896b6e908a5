"""The server: puts the API, the document pages and the chat page on one port."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from civicbot import __version__
from civicbot.errors import CivicbotError, SettingsError
from civicbot.settings import Settings, load_settings
from civicbot.tracing import open_tracer
from civicbot.web.api import add_fallback, api_router, operations_router, sites_router
from civicbot.web.asking import Desk
from civicbot.web.bodies import BodyLimit
from civicbot.web.compression import Compression
from civicbot.web.cors import CorsHeaders
from civicbot.web.documents import DocumentPages, documents_router
from civicbot.web.embedding import EmbedPages, SiteTexts, embedding_router
from civicbot.web.errors import LastResort, install_handlers, plain_error
from civicbot.web.gate import GradioGate, OwnFrontPage, chat_fronts
from civicbot.web.headers import SecurityHeaders
from civicbot.web.information import InformationPages, information_router, load_measured
from civicbot.web.languages import wished_language
from civicbot.web.limits import Limits
from civicbot.web.logs import configure_logging
from civicbot.web.looks import Looks
from civicbot.web.metrics import Metrics
from civicbot.web.origins import MCP_PATH, OriginCheck
from civicbot.web.phrases import load_all_phrases
from civicbot.web.ports import ServicePort
from civicbot.web.proxies import ProxyHeaders
from civicbot.web.shared import SharedPages, shared_router
from civicbot.web.staff.door import ACCOUNT, Door
from civicbot.web.staff.entrance import PATHS as STAFF_PATHS
from civicbot.web.staff.entrance import door_routers, open_door
from civicbot.web.staff.gate import StaffGate
from civicbot.web.templates import load_templates
from civicbot.web.tickets import TicketDesk, TicketPages, ticket_pages_router, tickets_router
from civicbot.web.transparency import TransparencyPages, transparency_router
from civicbot.web.widget_texts import load_all_widget_texts
from civicbot.web.windows import open_windows

if TYPE_CHECKING:
    from civicbot.web.mcp.endpoint import McpEndpoint

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
SHUTDOWN_SECONDS = 5
"""How long open event streams may hold up a shutdown."""

_FALLBACKS = (
    "/api", "/api/{rest:path}", "/healthz", "/readyz", "/metrics", "/openapi.json",
    "/documents/{rest:path}", "/t/{rest:path}", "/shared/{rest:path}", "/about", "/how-it-works", "/privacy",
    "/transparency", "/transparency.json",
    "/widget.js", "/widget-{rest}.js", "/embed", "/embed.css",
)  # fmt: skip


def create_app(service: ServicePort, metrics: Metrics | None = None) -> FastAPI:
    """Builds the web app around a service, which may still be loading.

    The service is closed when the app shuts down.

    Args:
        service: what answers.
        metrics: the counters shown at ``/metrics``; new ones by default.
    """
    metrics = metrics or Metrics()
    desk = Desk(service, metrics)
    settings = service.settings
    windows = open_windows(settings.rate_storage.get_secret_value(), metrics)
    limits = Limits.of(settings.answers_per_minute, windows)
    tools = _tools(service, desk, limits, metrics) if settings.mcp else None
    app = FastAPI(
        title="Civicbot",
        version=__version__,
        description="Cited answers about Gwangju's AI projects, in Korean and English.",
        docs_url=None,
        redoc_url=None,
        lifespan=_closing(service, tools),
    )
    install_handlers(app)
    templates, phrases = load_templates(), load_all_phrases()
    pages = DocumentPages(templates, phrases)
    tickets = TicketDesk(service, limits.asking, metrics, windows=windows)
    site_texts = SiteTexts(service, phrases, load_all_widget_texts())
    routers = [
        operations_router(service, metrics),
        api_router(service, desk, limits, metrics),
        sites_router(site_texts),
        documents_router(service, pages),
        tickets_router(tickets),
        ticket_pages_router(tickets, TicketPages(templates, phrases, pages)),
        information_router(service, InformationPages(templates, phrases, pages, load_measured())),
        transparency_router(service, TransparencyPages(templates, phrases, pages), load_measured()),
        shared_router(service, SharedPages(templates, phrases, pages, service.document)),
        embedding_router(service, EmbedPages(templates, phrases, pages, site_texts)),
    ]
    door = open_door(service, templates, windows, metrics)
    if door is not None:
        routers += door_routers(door)
    for router in routers:
        app.include_router(router)
    if tools is not None:
        app.router.routes.append(Route(MCP_PATH, tools))
    app.mount("/ui", StaticFiles(directory=STATIC))
    app.add_api_route("/favicon.ico", _icon, include_in_schema=False)
    add_fallback(app, routers, _FALLBACKS + STAFF_PATHS)
    _in_event_loop(lambda: _mount_desk(app, service, door, pages))
    _in_event_loop(lambda: _mount_chat(app, service, tickets, limits, metrics, pages))
    # The layer that is added last is the outermost.
    app.add_middleware(BodyLimit, metrics=metrics)
    app.add_middleware(OriginCheck, metrics=metrics, sites=service.sites)
    app.add_middleware(Compression)
    app.add_middleware(ProxyHeaders, trusted=settings.proxy_networks)
    app.add_middleware(LastResort)
    app.add_middleware(Looks)
    app.add_middleware(CorsHeaders)
    app.add_middleware(SecurityHeaders)
    return app


def _tools(service: ServicePort, desk: Desk, limits: Limits, metrics: Metrics) -> McpEndpoint:
    """The tools of other programs; their library is imported here, since it takes a second and few want it."""
    from civicbot.web.mcp.endpoint import McpEndpoint
    from civicbot.web.mcp.tools import Tools

    return McpEndpoint(Tools(service, desk, limits, metrics), service.settings.mcp_names, metrics)


def _mount_desk(app: FastAPI, service: ServicePort, door: Door | None, pages: DocumentPages) -> None:
    """Mounts the staff desk, where there is one."""
    if door is None:
        return
    if service.review is None:
        app.mount("/staff", StaffGate(RedirectResponse(ACCOUNT, 303), door.doorkeeper))
        return
    from civicbot.web.staff.mounting import mount_desk

    mount_desk(app, service.review, door, _not_found(pages))


def _mount_chat(
    app: FastAPI,
    service: ServicePort,
    tickets: TicketDesk,
    limits: Limits,
    metrics: Metrics,
    pages: DocumentPages,
) -> None:
    """Mounts the chat page behind its gate; Gradio is imported here, since it takes seconds."""
    from civicbot.web.afterwards import Afterwards
    from civicbot.web.callbacks import ChatCallbacks
    from civicbot.web.chat import build_page, mount
    from civicbot.web.conversation import Conversations
    from civicbot.web.render import Renderer

    phrases = load_all_phrases()
    renderer = Renderer(load_templates(), phrases)
    afterwards = Afterwards(service, tickets, metrics)
    callbacks = ChatCallbacks(
        service, Conversations(service, Desk(service, metrics)), afterwards, renderer, limits.asking
    )
    page = build_page(callbacks, phrases)
    mount(app, page)
    last = app.router.routes[-1]
    assert isinstance(last, Mount)
    gate = GradioGate(
        last.app,
        not_found=_not_found(pages),
        asking=limits.asking,
        moving=limits.moving,
        quiet_functions=page.quiet_functions,
        metrics=metrics,
    )
    last.app = OwnFrontPage(gate, chat_fronts(phrases))


def _in_event_loop(build: Callable[[], None]) -> None:
    """Runs ``build`` inside an event loop: outside of one, Gradio makes its own and leaves them open."""

    async def run() -> None:
        build()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(run())
    else:
        build()


def _not_found(pages: DocumentPages) -> ASGIApp:
    """Answers unknown addresses: a page for browsers, the error shape for programs."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response: Response = plain_error(404)
        if "text/html" in Request(scope).headers.get("accept", ""):
            response = pages.not_found(wished_language(scope))
        await response(scope, receive, send)

    return answer


def _closing(
    service: ServicePort, tools: McpEndpoint | None
) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with tools.running() if tools is not None else contextlib.nullcontext():
            yield
        await run_in_threadpool(service.close)

    return lifespan


async def _icon() -> Response:
    return FileResponse(STATIC / "icon.svg", media_type="image/svg+xml")


class _Announcing(uvicorn.Server):
    """A server that says in plain words where it can be reached, once it listens."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening."""
        await super().startup(sockets)
        if self.started:
            log.info("started", extra={"fields": {"app": __version__, "address": _address(self.config)}})
            print(f"Civicbot is at {_address(self.config)}  (Ctrl+C stops it)", flush=True)  # noqa: T201


def _address(config: uvicorn.Config) -> str:
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host
    return f"http://{f'[{host}]' if ':' in host else host}:{config.port}"


def _listen(settings: Settings) -> socket.socket:
    """Takes the port before anything slow is begun.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Port {settings.port} on {settings.host} cannot be used: {error.strerror or error}.",
            hint="Stop the program that uses it, or set CIVICBOT_PORT to another port.",
        ) from error
    return listener


def serve(settings: Settings) -> None:
    """Serves until it is told to stop (Ctrl+C, SIGTERM).

    Raises:
        SettingsError: the address cannot be listened on.
    """
    configure_logging(settings.log_level)
    tracer = open_tracer(settings.traces)
    with contextlib.closing(_listen(settings)) as listener, contextlib.closing(tracer):
        from civicbot.wiring import Service

        metrics = Metrics()
        service = Service(
            settings, patient=False, observe=metrics.stage, trace=tracer, records="database", watch=metrics
        )
        service.start()
        app = create_app(service, metrics)
        # The app reads what trusted proxies tell by itself (ProxyHeaders): uvicorn knows no forwarded hosts.
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        _Announcing(config).run(sockets=[listener])
        log.info("stopped")


def main() -> int:
    """Runs the server with the settings of the environment; returns the exit status."""
    try:
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after an orderly stop
            serve(load_settings())
    except CivicbotError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    return 0
