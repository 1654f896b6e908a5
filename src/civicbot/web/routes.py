"""What all routes of the JSON API share: bodies declared as JSON, and errors in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from civicbot.web.errors import ErrorBody, plain_error

_MEANINGS = {
    400: "Not JSON",
    403: "A web site called that is not registered, or not for this",
    404: "Unknown conversation, answer, ticket, document or site",
    409: "Three tickets about this answer are open already",
    413: "Body over 64 KiB",
    415: "Not declared as JSON",
    422: "A field that cannot be used",
    429: "Too many requests; `Retry-After` says when to try again",
    500: "Unexpected; logged under the id in the hint",
    503: "The library is not loaded, or the records cannot be reached; `Retry-After` says when to try again",
}


def errors_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route, for its description."""
    return {status: {"model": ErrorBody, "description": _MEANINGS[status]} for status in statuses}


class JsonRoute(APIRoute):
    """A route whose request body, if it takes one, must be declared as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Puts the check of the media type before the parsing of the body."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            if self.body_field and not _is_json(request.headers.get("content-type", "")):
                return plain_error(415)
            return await handler(request)

        return checked


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"
