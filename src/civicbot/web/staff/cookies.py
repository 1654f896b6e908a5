"""Staff's cookies: signed, out of scripts' reach, and bound to our host where the connection is encrypted."""

from __future__ import annotations

import hashlib
import secrets

from itsdangerous import BadSignature, Signer, TimestampSigner
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import Scope

SESSION = "civicbot_staff"
"""Holds a session's token."""

VISITOR = "civicbot_visitor"
"""Marks a browser before it is logged in: forms and log-ins through the provider are bound to it."""

FLOW = "civicbot_flow"
"""Holds the state of a log-in that has been sent to the OpenID provider."""

FORM_SECONDS = 3600
"""How long a form that was opened can be sent."""

FLOW_SECONDS = 600
"""How long somebody has at the provider."""

_VISITOR_BYTES = 16


class Cookies:
    """Reads and writes the cookies.

    They go to ``/`` since only such cookies may carry the ``__Host-`` prefix, which no other host can set. ``Lax``
    lets links from elsewhere, and the way back from the OpenID provider, come with a log-in; changes are guarded by
    the origin of requests (:func:`civicbot.web.staff.gate.is_own`).

    Args:
        secret: what they are signed with.
    """

    def __init__(self, secret: bytes) -> None:
        # Each with a salt of its own: what is signed for one purpose is worth nothing for another.
        self._sessions, self._visitors, self._flows = (
            Signer(secret, salt, key_derivation="hmac", digest_method=hashlib.sha256)
            for salt in (b"staff session", b"staff visitor", b"staff flow")
        )
        self._forms = TimestampSigner(secret, b"staff form", key_derivation="hmac", digest_method=hashlib.sha256)

    def token(self, scope: Scope) -> str | None:
        """The token of a request's session; None without a cookie that we signed."""
        return _unsigned(self._sessions, _read(scope, SESSION))

    def keep_token(self, response: Response, scope: Scope, token: str) -> None:
        """Hands the browser a session's token, until it is closed."""
        _write(response, scope, SESSION, self._sessions.sign(token).decode())

    def drop_token(self, response: Response, scope: Scope) -> None:
        """Takes the token away from the browser."""
        _write(response, scope, SESSION, "", seconds=0)

    def visitor(self, scope: Scope) -> str | None:
        """The mark of a browser; None when it has none yet."""
        return _unsigned(self._visitors, _read(scope, VISITOR))

    def keep_visitor(self, response: Response, scope: Scope, visitor: str) -> None:
        """Marks a browser for as long as a form can be sent."""
        _write(response, scope, VISITOR, self._visitors.sign(visitor).decode(), seconds=FORM_SECONDS)

    def drop_visitor(self, response: Response, scope: Scope) -> None:
        """Takes the mark away: the next form has another."""
        _write(response, scope, VISITOR, "", seconds=0)

    def flow(self, scope: Scope) -> str | None:
        """What was kept for the way back from the provider; None when nothing was."""
        return _unsigned(self._flows, _read(scope, FLOW))

    def keep_flow(self, response: Response, scope: Scope, told: str) -> None:
        """Keeps something for the way back from the provider."""
        _write(response, scope, FLOW, self._flows.sign(told).decode(), seconds=FLOW_SECONDS)

    def drop_flow(self, response: Response, scope: Scope) -> None:
        """Takes it away: a way back is gone once."""
        _write(response, scope, FLOW, "", seconds=0)

    def form_token(self, bound_to: str) -> str:
        """What a form must bring along: a signature over the browser's mark, or its session's token, and the time."""
        return self._forms.sign(_digest(bound_to)).decode().partition(".")[2]

    def is_form_token(self, told: str, bound_to: str | None) -> bool:
        """Whether a form was opened in this browser within the last hour."""
        if bound_to is None or not told.isascii():
            return False
        try:
            self._forms.unsign(f"{_digest(bound_to)}.{told}", max_age=FORM_SECONDS)
        except BadSignature:
            return False
        return True


def new_visitor() -> str:
    """A new mark of a browser, 128 random bits."""
    return secrets.token_urlsafe(_VISITOR_BYTES)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _unsigned(signer: Signer, value: str | None) -> str | None:
    if not value:
        return None
    try:
        return signer.unsign(value).decode()
    except (BadSignature, UnicodeDecodeError):
        return None


def _read(scope: Scope, name: str) -> str | None:
    lines = [value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie"]
    return cookie_parser("; ".join(lines)).get(_full_name(scope, name))


def _write(response: Response, scope: Scope, name: str, value: str, *, seconds: int | None = None) -> None:
    response.set_cookie(
        _full_name(scope, name),
        value,
        max_age=seconds,
        path="/",
        secure=_is_encrypted(scope),
        httponly=True,
        samesite="lax",
    )


def _full_name(scope: Scope, name: str) -> str:
    return f"__Host-{name}" if _is_encrypted(scope) else name


def _is_encrypted(scope: Scope) -> bool:
    return str(scope.get("scheme")) in ("https", "wss")
