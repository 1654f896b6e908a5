"""Serves the demonstration site until it is told to stop."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from civicbot.errors import SettingsError

HOST = "127.0.0.1"
"""The site is for looking at from this machine."""


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket on the port, which is taken before anything else is begun.

    Raises:
        SettingsError: another program has the port.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {HOST} cannot be used: {error.strerror or error}.",
                hint="Stop the program that uses it, or name another with --port.",
            ) from error
        yield listener


class _Telling(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening."""
        await super().startup(sockets)
        if self.started:
            self._tell()


def serve(app: Starlette, listener: socket.socket, started: Callable[[], None]) -> None:
    """Serves the site until Ctrl+C or SIGTERM.

    Args:
        app: the site.
        listener: from :func:`listening`.
        started: called once it listens.
    """
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1)
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again after an orderly stop
        _Telling(config, started).run(sockets=[listener])
