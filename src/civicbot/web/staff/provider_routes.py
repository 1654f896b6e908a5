"""The way to the OpenID provider and back."""

from __future__ import annotations

import hmac

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from civicbot.model import Language
from civicbot.review.logins import LogInError
from civicbot.review.people import UserError
from civicbot.web.errors import RateLimitedError
from civicbot.web.limits import client_of
from civicbot.web.staff.door import Door, Said, goal_of, page_language, unkept
from civicbot.web.staff.gate import LOGIN
from civicbot.web.staff.login import entering
from civicbot.web.staff.oidc import Provider, ProviderError

BACK = f"{LOGIN}/oidc/callback"
"""Our address that the provider sends browsers back to."""


def provider_router(door: Door, provider: Provider) -> APIRouter:
    """The routes ``/staff/login/oidc`` and its way back."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"{LOGIN}/oidc")
    def leave(request: Request) -> Response:
        """Sends the browser to the provider."""
        return door.guarded(request, lambda: _away(door, provider, request))

    @router.get(BACK)
    def come_back(request: Request) -> Response:
        """Lets in whom the provider knows; the address works once."""
        kept = door.cookies.flow(request.scope) or ""
        language = page_language(request, kept.partition(":")[0])
        return door.guarded(request, lambda: _back(door, provider, request, kept.partition(":")[2], language), language)

    return router


def _away(door: Door, provider: Provider, request: Request) -> Response:
    language, goal = page_language(request), goal_of(request.query_params.get("next"))
    try:
        door.hit(request)
        flow = door.accounts.flows.begin(goal)
        address = provider.address(flow, _own_address(request), language)
    except (RateLimitedError, ProviderError) as error:
        return door.problem_page(request, language, error, goal=goal)
    response = unkept(RedirectResponse(address, 303))
    door.cookies.keep_flow(response, request.scope, f"{language}:{flow.state}")
    return response


def _back(door: Door, provider: Provider, request: Request, expected: str, language: Language) -> Response:
    told = request.query_params
    flow = None
    # The cookie binds the way back to the browser that left: nobody can be logged in as somebody else by a link.
    if expected and hmac.compare_digest(expected.encode(), told.get("state", "").encode()):
        flow = door.accounts.flows.take(expected)
    problems = door.texts(language).problems
    if flow is None:
        return _ended(door, request, language, problems.flow, 400)
    if not told.get("code"):
        return _ended(door, request, language, problems.refused, 403)
    try:
        door.hit(request)
        identity = provider.identity(flow, told["code"], _own_address(request))
        entered = door.accounts.logins.with_provider(identity, client_of(request.scope))
    except (RateLimitedError, ProviderError, LogInError, UserError) as error:
        response: Response = door.problem_page(request, language, error, goal=flow.goal)
    else:
        response = entering(door, request, entered.token, flow.goal, language)
    door.cookies.drop_flow(response, request.scope)
    return response


def _ended(door: Door, request: Request, language: Language, problem: str, status: int) -> Response:
    response = door.login_page(request, language, Said(problem=problem, status=status))
    door.cookies.drop_flow(response, request.scope)
    return response


def _own_address(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}{BACK}"
