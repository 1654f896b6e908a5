"""Questions left for staff: opened and looked up over the API, read by residents at ``/t/{code}``.

A code is all that opens a ticket: look-ups are few per minute and client, so that codes cannot be tried out, and no
code stands in a log, a cache, a search engine or a referrer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Header, Request, Response
from jinja2 import Environment
from starlette.responses import HTMLResponse

from civicbot.errors import CivicbotError, RecordsUnavailableError, UnknownTicketError
from civicbot.model import Language, Ticket
from civicbot.web.documents import DocumentPages
from civicbot.web.errors import RETRY_SECONDS, RateLimitedError
from civicbot.web.limits import RateLimit, client_of
from civicbot.web.metrics import Metrics
from civicbot.web.phrases import Phrases, preferred_language
from civicbot.web.ports import ServicePort
from civicbot.web.routes import JsonRoute, errors_of
from civicbot.web.schemas import OpenedTicketBody, OpenTicketBody, TicketBody
from civicbot.web.windows import Windows

LOOKUPS_PER_MINUTE = 20
"""Codes that a client may try in a minute, the page and the API together; never switched off."""

KOREA = ZoneInfo("Asia/Seoul")
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}


class TicketDesk:
    """Opens and finds tickets, limited and counted.

    Args:
        service: the service behind the web.
        asking: the limit of questions, which tickets are opened under.
        metrics: counts tickets and refusals.
        lookups: how many codes a client may try in a minute.
        windows: where that is counted; in memory by default.
    """

    def __init__(
        self,
        service: ServicePort,
        asking: RateLimit,
        metrics: Metrics,
        lookups: int = LOOKUPS_PER_MINUTE,
        windows: Windows | None = None,
    ) -> None:
        self._service = service
        self._asking = asking
        self._trying = RateLimit(lookups, "tickets", windows)
        self._metrics = metrics

    def open(self, answer_id: str, message: str | None, client: str) -> Ticket:
        """Leaves the question of an answer for staff.

        Raises:
            RateLimitedError: the client has asked too often.
            UnknownAnswerError: there is no such answer.
            TooManyTicketsError: too many tickets about it are open.
            RecordsUnavailableError: it cannot be kept just now.
        """
        self._limited("rate", lambda: self._asking.hit(client))
        ticket = self._service.records.open_ticket(answer_id, (message or "").strip() or None)
        self._metrics.ticket_opened(ticket.language)
        return ticket

    def find(self, code: str, client: str) -> Ticket:
        """The ticket with a code.

        Raises:
            RateLimitedError: the client has tried too many codes.
            UnknownTicketError: there is none.
            RecordsUnavailableError: it cannot be read just now.
        """
        self._limited("ticket", lambda: self._trying.hit(client))
        return self._service.records.ticket(code)

    def _limited(self, reason: str, hit: Callable[[], None]) -> None:
        try:
            hit()
        except RateLimitedError:
            self._metrics.rejected(reason)
            raise


class TicketPages:
    """Renders the pages of tickets.

    Args:
        templates: holds ``ticket.html``.
        phrases: the texts of each language.
        pages: renders the messages that stand where there is no ticket.
    """

    def __init__(self, templates: Environment, phrases: Mapping[Language, Phrases], pages: DocumentPages) -> None:
        self._templates = templates
        self._phrases = phrases
        self._pages = pages

    def ticket(self, ticket: Ticket) -> HTMLResponse:
        """The page of a ticket in its own language; days are those of Korea."""
        phrases = self._phrases[ticket.language]
        page = self._templates.get_template("ticket.html").render(
            language=ticket.language,
            texts=phrases,
            ticket=ticket,
            state=phrases.ticket.states[ticket.state.value],
            opened=phrases.date(ticket.opened_at.astimezone(KOREA).date()),
            updated=phrases.date(ticket.updated_at.astimezone(KOREA).date()),
        )
        return self._pages.page(page, 200)

    def problem(self, error: CivicbotError, language: Language) -> HTMLResponse:
        """The page for a ticket that cannot be shown: unknown, too many tried, or no records just now."""
        texts = self._phrases[language].ticket
        if isinstance(error, UnknownTicketError):
            return self._pages.message(language, texts.not_found_title, texts.not_found, 404)
        if isinstance(error, RateLimitedError):
            response = self._pages.message(language, texts.too_many_title, texts.too_many, 429)
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        response = self._pages.message(language, texts.unavailable_title, texts.unavailable, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response


def tickets_router(desk: TicketDesk) -> APIRouter:
    """The routes below ``/api/v1/tickets``."""
    router = APIRouter(prefix="/api/v1/tickets", route_class=JsonRoute)

    @router.post("", status_code=201, responses=errors_of(400, 403, 404, 409, 413, 415, 422, 429, 500, 503))
    def open_ticket(body: OpenTicketBody, request: Request, response: Response) -> OpenedTicketBody:
        """Leaves the question of an answer for staff; the code, a new one each time, is the only key to the ticket."""
        response.headers.update(_PRIVATE)
        return OpenedTicketBody.of(desk.open(body.answer_id, body.message, client_of(request.scope)))

    @router.get("/{code}", responses=errors_of(403, 404, 422, 429, 500, 503))
    def read_ticket(code: str, request: Request, response: Response) -> TicketBody:
        """Says where a ticket stands; case and separators of the code do not matter."""
        response.headers.update(_PRIVATE)
        return TicketBody.of(desk.find(code, client_of(request.scope)))

    return router


def ticket_pages_router(desk: TicketDesk, pages: TicketPages) -> APIRouter:
    """The route ``/t/{code}``."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/t/{code:path}", methods=["GET", "HEAD"])
    def ticket_page(
        code: str, request: Request, accept_language: Annotated[str | None, Header()] = None
    ) -> HTMLResponse:
        """Shows a ticket."""
        try:
            response = pages.ticket(desk.find(code, client_of(request.scope)))
        except (UnknownTicketError, RateLimitedError, RecordsUnavailableError) as error:
            response = pages.problem(error, preferred_language(accept_language))
        response.headers.update(_PRIVATE)
        return response

    return router
