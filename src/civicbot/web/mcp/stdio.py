"""The tools over standard input and output, for one program on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

from mcp.server.stdio import stdio_server

from civicbot.settings import Settings
from civicbot.tracing import open_tracer
from civicbot.web.asking import Desk
from civicbot.web.limits import Limits
from civicbot.web.logs import configure_logging
from civicbot.web.mcp.server import mcp_server
from civicbot.web.mcp.tools import Tools
from civicbot.web.metrics import Metrics
from civicbot.wiring import Service


def serve_stdio(settings: Settings) -> None:
    """Serves until standard input ends; nothing but the protocol is written to standard output, logs go to stderr.

    Raises:
        SettingsError: a setting cannot be used.
        IndexMissingError: nothing has been indexed.
        IndexDamagedError: what has been indexed is not whole.
    """
    configure_logging(settings.log_level)
    metrics = Metrics()
    with contextlib.ExitStack() as stack:
        tracer = stack.enter_context(contextlib.closing(open_tracer(settings.traces)))
        # Not patient: the model takes seconds to load, and whoever asks meanwhile would take the tool for dead.
        service = Service(settings, patient=False, trace=tracer, records="database", watch=metrics)
        stack.enter_context(contextlib.closing(service))
        service.attend()
        # The one client of this process is counted here, whoever else uses the same Redis.
        limits = Limits.of(settings.answers_per_minute, None)
        asyncio.run(_serve(Tools(service, Desk(service, metrics), limits, metrics), stack))


async def _serve(tools: Tools, opened: contextlib.ExitStack) -> None:
    def leave() -> None:
        # Python would wait for the thread that waits for the next line of standard input, and nothing can wake it.
        opened.close()
        os._exit(0)

    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, leave)
    server = mcp_server(tools)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())
