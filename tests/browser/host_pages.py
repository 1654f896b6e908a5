"""A small municipal site of another origin than the bot's, for the tests of the widget: pages given as strings."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PARAGRAPH = "<p>구청에서 알려 드립니다. 행사와 공사 일정을 확인하세요.</p>"
FRAME = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><header><h1>{title}</h1></header><main>{body}</main>{tag}</body></html>"""


class HostPages:
    """Serves pages on a free port; what is not named is 404.

    Attributes:
        pages: HTML by path, which a test may change at any time.
        headers: further headers by path.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.headers: dict[str, Mapping[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join(30)
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pages, headers = self.pages, self.headers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                page = pages.get(path)
                body = (page or "<!doctype html><title>404</title>").encode()
                self.send_response(200 if page is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers.get(path, {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Stays silent."""

        return Handler


def tag(bot: str, site: str = "city", **data: str) -> str:
    """The script tag of the widget, with further ``data-`` attributes."""
    more = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<script src="{bot}/widget.js" data-site="{site}"{more} async></script>'


def page(
    tags: str, *, title: str = "빛고을구", language: str = "ko", body: str = PARAGRAPH * 12, head: str = ""
) -> str:
    """A page of the site with the tags at its end."""
    return FRAME.format(tag=tags, title=title, language=language, body=body, head=head)
