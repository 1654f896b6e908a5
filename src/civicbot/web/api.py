"""The JSON API, health and metrics; design.md §6."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Query, Request, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match

from civicbot.errors import RecordsUnavailableError, UnknownConversationError, UnknownSiteError
from civicbot.model import Answer, Exchange, Feedback, Question
from civicbot.web.asking import Desk
from civicbot.web.cors import caller_of
from civicbot.web.embedding import SiteTexts, spoken
from civicbot.web.errors import RETRY_SECONDS
from civicbot.web.limits import Limits, client_of, counting
from civicbot.web.metrics import MEDIA_TYPE as METRICS_TYPE
from civicbot.web.metrics import Metrics
from civicbot.web.ports import ServicePort
from civicbot.web.routes import JsonRoute, errors_of
from civicbot.web.schemas import (
    ConversationBody,
    DocumentBody,
    FeedbackBody,
    HealthBody,
    QuestionBody,
    ReadyBody,
    SiteBody,
)
from civicbot.web.streams import MEDIA_TYPE as EVENTS_TYPE
from civicbot.web.streams import event_response, wants_stream

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

_EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; its events `status`, `sentence`, `answer`, `error` if `Accept` asks for them",
        "content": {
            EVENTS_TYPE: {
                "schema": {"type": "string"},
                "example": 'event: status\ndata: {"stage":"retrieve"}\n\nevent: answer\ndata: {"id":"…"}\n\n',
            }
        },
    }
}


def api_router(service: ServicePort, desk: Desk, limits: Limits, metrics: Metrics) -> APIRouter:
    """The routes below ``/api/v1``."""
    router = APIRouter(prefix="/api/v1", route_class=JsonRoute)

    @router.post(
        "/answers", response_model=Answer, responses=_EVENTS | errors_of(400, 403, 404, 413, 415, 422, 429, 500, 503)
    )
    def answers(body: QuestionBody, request: Request, accept: Annotated[str | None, Header()] = None) -> Response:
        """Answers a question from the library, every sentence with its citations."""
        caller = caller_of(request.scope)
        limits.asked(client_of(request.scope), caller.site, metrics)
        question = Question(
            text=body.question,
            language=body.language,
            conversation_id=body.conversation_id,
            channel=caller.channel,
            site=caller.site.name if caller.site else None,
        )
        if wants_stream(accept):
            return event_response(desk.stream(question))
        return _unkept(desk.answer(question))

    @router.post(
        "/answers/{answer_id}/feedback", status_code=204, responses=errors_of(400, 403, 404, 413, 415, 422, 500, 503)
    )
    def feedback(answer_id: str, body: FeedbackBody) -> None:
        """Takes what somebody thinks of an answer."""
        service.records.add_feedback(
            answer_id, Feedback(helpful=body.helpful, reasons=tuple(body.reasons), comment=body.comment)
        )
        metrics.feedback(body.helpful)

    @router.get("/documents/{document_id}", responses=errors_of(403, 404, 422, 500, 503))
    def document(document_id: str) -> DocumentBody:
        """Gives a document of the library as plain text."""
        return DocumentBody.of(service.document(document_id))

    @router.get(
        "/conversations/{conversation_id}",
        response_model=ConversationBody,
        responses=errors_of(403, 404, 422, 429, 500, 503),
    )
    def conversation(conversation_id: str, request: Request) -> Response:
        """Gives a conversation back to whoever knows its id; a registered site, only what was asked there."""
        with counting("rate", metrics):
            limits.moving.hit(client_of(request.scope))
        site = caller_of(request.scope).site
        exchanges = service.records.conversation(conversation_id)
        if site is not None:
            exchanges = tuple(each for each in exchanges if each.site == site.name)
        if not exchanges:
            raise UnknownConversationError(f"There is no conversation {conversation_id!r}.")
        return _unkept(ConversationBody.of(conversation_id, exchanges, *_afterwards(service, exchanges)))

    return router


def sites_router(texts: SiteTexts) -> APIRouter:
    """The route ``/api/v1/sites/{name}``; who may read it is decided before (:mod:`civicbot.web.origins`)."""
    router = APIRouter(prefix="/api/v1/sites", route_class=JsonRoute)

    @router.get("/{name}", response_model=SiteBody, responses=errors_of(404, 422, 500, 503))
    def site(
        name: str,
        request: Request,
        language: Annotated[str | None, Query(description="`ko` or `en`; the site's first language otherwise")] = None,
    ) -> Response:
        """Tells the widget how it looks and what it says on a registered site."""
        found = caller_of(request.scope).site
        if found is None:
            raise UnknownSiteError(f"There is no site {name!r}.")
        return _unkept(texts.body(found, spoken(found, language)))

    return router


def _unkept(body: BaseModel) -> Response:
    """A body that no cache keeps; it is checked already, and checking it again would take longer than making it."""
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})


def _afterwards(service: ServicePort, exchanges: Sequence[Exchange]) -> tuple[dict[str, bool], frozenset[str]]:
    """What was said about answers, and which questions were left for staff.

    Nothing where that cannot be read just now, since the answers can.
    """
    ids = [each.answer.id for each in exchanges]
    try:
        feedback, tickets = service.records.feedback_on(ids), service.records.tickets_on(ids)
    except RecordsUnavailableError:
        return {}, frozenset()
    return {answer_id: each.helpful for answer_id, each in feedback.items()}, frozenset(tickets)


def operations_router(service: ServicePort, metrics: Metrics) -> APIRouter:
    """Health, readiness and metrics."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> HealthBody:
        """Says that the process is alive."""
        return HealthBody()

    @router.get("/readyz", response_model=ReadyBody, responses={503: {"model": ReadyBody, "description": "Not ready"}})
    def readyz() -> Response:
        """Says whether questions can be answered, and what was checked."""
        body = _readiness(service)
        headers = {} if body.ready else {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse(body.model_dump(mode="json"), status_code=200 if body.ready else 503, headers=headers)

    @router.get("/metrics", response_class=Response, responses={200: {"content": {METRICS_TYPE: {}}}})
    def read_metrics() -> Response:
        """Gives the metrics in Prometheus' text format."""
        return Response(metrics.text(service.checks(), service.index_created()), media_type=METRICS_TYPE)

    return router


def _readiness(service: ServicePort) -> ReadyBody:
    checks = list(service.checks())
    return ReadyBody(ready=all(check.state not in ("failed", "waiting") for check in checks), checks=checks)


def add_fallback(app: FastAPI, routers: Sequence[APIRouter], paths: Sequence[str]) -> None:
    """Answers what no route took below ``paths`` in the error shape: 405 where another method is known, else 404.

    It must be added after all other routes of these paths, and before anything mounted at ``/``.

    Args:
        app: the app that included the routers.
        routers: where known methods are looked up; included without a further prefix.
        paths: path patterns, such as ``/api/{rest:path}``.
    """
    routes = [route for router in (*routers, app.router) for route in router.routes]

    async def fallback(request: Request) -> Response:
        allowed = _methods(routes, request)
        if not allowed:
            raise HTTPException(404)
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})

    for path in paths:
        app.add_api_route(path, fallback, methods=METHODS, include_in_schema=False)


def _methods(routes: list[BaseRoute], request: Request) -> set[str]:
    """The methods that the routes know for the request's path."""
    found: set[str] = set()
    for route in routes:
        if route.matches(request.scope)[0] is Match.PARTIAL:
            found |= set(getattr(route, "methods", None) or ())
    return found
