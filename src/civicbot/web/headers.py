"""Headers that tell browsers to load nothing from elsewhere and to keep our pages out of foreign frames.

docs/security.md lists the policies and says why each exception is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For what is no page: JSON, scripts, style sheets."""

DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For our own pages: a style sheet, an icon, no script."""

UNFRAMED_POLICY = DOCUMENT_POLICY.replace("frame-ancestors 'self'", "frame-ancestors 'none'")
"""The same where not even we frame it."""

_UNUSED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "Content-Security-Policy": NOTHING_POLICY,
}


def page_policy(nonce: str, *, posts: bool = False) -> str:
    """The policy of a page of Gradio's, whose inline scripts carry the nonce.

    Args:
        nonce: a random one for every response, base 64.
        posts: whether a form of its own may be sent to this server.
    """
    forms = "'self'" if posts else "'none'"
    return (
        "default-src 'none'; "
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
        "script-src-attr 'none'; "
        "style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; "
        f"base-uri 'self'; form-action {forms}; frame-ancestors 'self'"
    )


def embed_policy(origins: Sequence[str]) -> str:
    """The policy of the page that sites show in a frame: the widget's script and its calls, and nothing else.

    Args:
        origins: whose pages may frame it, at least one.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {' '.join(origins)}"
    )


class SecurityHeaders:
    """ASGI layer that adds the headers to every response; one that a page sets itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
