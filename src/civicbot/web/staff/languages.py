"""The language of the staff desk: Korean, unless its language switch said otherwise."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from civicbot.model import LANGUAGES, Language

COOKIE = "civicbot_staff_language"
"""The cookie that the switch sets; it holds ``ko`` or ``en`` and nothing else."""


def staff_language(scope: Scope) -> Language:
    """The language of a request: its ``lang`` parameter, else the cookie's, else Korean."""
    wished = QueryParams(scope.get("query_string", b"")).get("lang") or _in_cookie(Headers(scope=scope))
    return next((language for language in LANGUAGES if language == wished), "ko")


def _in_cookie(headers: Headers) -> str | None:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return None
    return cookies[COOKIE].value if COOKIE in cookies else None
