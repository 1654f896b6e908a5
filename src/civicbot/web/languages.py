"""The language in which a page is asked for."""

from __future__ import annotations

from starlette.datastructures import Headers, QueryParams
from starlette.types import Scope

from civicbot.model import LANGUAGES, Language
from civicbot.web.phrases import preferred_language


def wished_language(scope: Scope) -> Language:
    """The language of a page request: its ``lang`` parameter, else what the browser prefers."""
    wished = QueryParams(scope.get("query_string", b"")).get("lang")
    for language in LANGUAGES:
        if language == wished:
            return language
    return preferred_language(Headers(scope=scope).get("accept-language"))
