"""The one error shape of the API, and where every error is turned into it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from civicbot.errors import (
    CivicbotError,
    EmbedderError,
    IndexDamagedError,
    IndexMissingError,
    InvalidQuestionError,
    PausedError,
    RecordsUnavailableError,
    TooManyTicketsError,
    UnknownAnswerError,
    UnknownConversationError,
    UnknownDocumentError,
    UnknownSiteError,
    UnknownTicketError,
)

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
"""What a client is asked to wait while the index loads or the records are away."""

_STATUS: tuple[tuple[type[CivicbotError], HTTPStatus], ...] = (
    (InvalidQuestionError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UnknownConversationError, HTTPStatus.NOT_FOUND),
    (UnknownAnswerError, HTTPStatus.NOT_FOUND),
    (UnknownTicketError, HTTPStatus.NOT_FOUND),
    (UnknownDocumentError, HTTPStatus.NOT_FOUND),
    (UnknownSiteError, HTTPStatus.NOT_FOUND),
    (TooManyTicketsError, HTTPStatus.CONFLICT),
    (IndexMissingError, HTTPStatus.SERVICE_UNAVAILABLE),
    (IndexDamagedError, HTTPStatus.SERVICE_UNAVAILABLE),
    (EmbedderError, HTTPStatus.SERVICE_UNAVAILABLE),
    (RecordsUnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (PausedError, HTTPStatus.SERVICE_UNAVAILABLE),
)

_PLAIN: dict[int, tuple[str, str, str]] = {
    400: ("bad_request", "The request cannot be read.", "Send a well-formed HTTP request."),
    401: ("unauthorized", "This needs a sign-in.", "Sign in and send the request again."),
    403: ("forbidden", "This is not allowed.", "Check that you may use this address."),
    404: ("not_found", "There is nothing at this address.", "See /openapi.json for the addresses of this API."),
    405: (
        "method_not_allowed",
        "This address does not know this method.",
        "Use one of the methods named in the Allow header.",
    ),
    413: ("too_large", "The request body is too large.", "Send at most 64 KiB."),
    415: (
        "unsupported_media_type",
        "The request body is not declared as JSON.",
        "Send JSON with the header 'Content-Type: application/json'.",
    ),
    422: ("invalid_request", "The request has a field that cannot be used.", "See /openapi.json for the fields."),
    429: ("rate_limited", "Too many requests from this client.", "Wait for the seconds in the Retry-After header."),
    500: ("internal", "Something went wrong on the server.", "Try again; if it stays, tell the operator."),
    503: ("unavailable", "The service cannot answer yet.", "Try again in a few seconds; /readyz says what is missing."),
}


class ErrorDetail(BaseModel):
    """What is wrong and what to do next, in plain English."""

    code: str = Field(description="Stable word for programs, e.g. `rate_limited`")
    message: str = Field(description="What is wrong")
    hint: str = Field(description="What to do next")


class ErrorBody(BaseModel):
    """The one error shape of the API."""

    error: ErrorDetail


class RateLimitedError(CivicbotError):
    """A client asked, or tried ticket codes, more often than the limit allows; or all visitors of a site together did.

    Attributes:
        retry_after: seconds until the next request may be made, at least 1.
    """

    code = "rate_limited"
    hint = "Wait for the seconds in the Retry-After header."

    def __init__(
        self, retry_after: int, message: str = "Too many requests from this client in the last minute."
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def status_of(error: CivicbotError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, RateLimitedError):
        return HTTPStatus.TOO_MANY_REQUESTS
    return next((status for kind, status in _STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)


def error_body(error: CivicbotError) -> ErrorBody:
    """The error object of a known error; its hint is never empty."""
    hint = error.hint or _PLAIN[status_of(error)][2]
    return ErrorBody(error=ErrorDetail(code=error.code, message=error.message, hint=hint))


def unexpected(error: BaseException, where: str) -> ErrorBody:
    """Logs an unexpected error under a new id; the error object tells the id and nothing else of it."""
    identifier = uuid.uuid4().hex[:12]
    log.error("unexpected_error", exc_info=error, extra={"fields": {"error_id": identifier, "where": where}})
    code, message, hint = _PLAIN[500]
    return ErrorBody(error=ErrorDetail(code=code, message=message, hint=f"{hint} Name the error id {identifier}."))


def plain_error(
    status: int,
    *,
    code: str | None = None,
    message: str | None = None,
    hint: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error response with the usual texts of its status, or better ones."""
    usual = _PLAIN.get(status, _PLAIN[500 if status >= 500 else 400])
    detail = ErrorDetail(code=code or usual[0], message=message or usual[1], hint=hint or usual[2])
    return _response(ErrorBody(error=detail), status, headers or {})


def known_error(error: CivicbotError) -> JSONResponse:
    """The response to a known error."""
    status, headers = status_of(error), {}
    if isinstance(error, RateLimitedError):
        headers["Retry-After"] = str(error.retry_after)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    return _response(error_body(error), status, headers)


def _response(body: ErrorBody, status: int, headers: Mapping[str, str]) -> JSONResponse:
    # What is refused or missing now may be there soon: caches would keep a 404.
    return JSONResponse(body.model_dump(), status_code=status, headers={"Cache-Control": "no-store", **headers})


def _validation_error(error: RequestValidationError) -> JSONResponse:
    first: dict[str, Any] = error.errors()[0]
    if first["type"] == "json_invalid":
        return plain_error(
            400, code="invalid_json", message="The request body is not JSON.", hint="Send one JSON object in UTF-8."
        )
    return _response(ErrorBody(error=field_error(first, first["loc"][1:], "/openapi.json")), 422, {})


def field_error(first: Mapping[str, Any], place: Sequence[object], described: str) -> ErrorDetail:
    """Which field of a request cannot be used, and why.

    Only places and rules are told, never values: a question must not come back in a message or a log.

    Args:
        first: of pydantic's errors.
        place: of the field, without what stands around the request.
        described: where its fields are described.
    """
    field = ".".join(str(part) for part in place)[:100]
    subject = f"The field {field!r}" if field else "The request body"
    if first["type"] == "extra_forbidden":
        problem, hint = "is not known", f"Leave it out; {described} lists the fields."
    elif first["type"] == "missing":
        problem, hint = "is missing", f"Add it; {described} describes the fields."
    else:
        rule = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
        problem, hint = f"cannot be used: {rule}", f"See {described} for the fields."
    return ErrorDetail(code=_PLAIN[422][0], message=f"{subject} {problem}.", hint=hint)


def install_handlers(app: FastAPI) -> None:
    """Maps known errors, invalid requests and plain HTTP errors of the app's own routes to the error shape."""

    async def on_known(_: Request, error: Exception) -> Response:
        assert isinstance(error, CivicbotError)
        return known_error(error)

    async def on_invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return _validation_error(error)

    async def on_http(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return plain_error(error.status_code, headers=error.headers)

    app.add_exception_handler(CivicbotError, on_known)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)


class LastResort:
    """Outermost ASGI layer: whatever escapes the app is logged and answered as a 500 without internals."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the app."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the outermost boundary
            body = unexpected(error, _place(scope))
            if not started:
                await _response(body, 500, {})(scope, receive, send)


def _place(scope: Scope) -> str:
    """The pattern of the route that a request took: its path may hold a ticket's code, or anything somebody typed."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else "other"
