"""Puts the door of the staff desk together; the server mounts the desk behind it."""

from __future__ import annotations

from fastapi import APIRouter
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from civicbot.web.limits import RateLimit
from civicbot.web.metrics import Metrics
from civicbot.web.ports import ServicePort
from civicbot.web.staff.door import ACCOUNT, Door, unkept
from civicbot.web.staff.gate import HOME, LOGIN
from civicbot.web.staff.login import login_router
from civicbot.web.staff.provider_routes import BACK, provider_router
from civicbot.web.windows import Windows

PATHS = (LOGIN, f"{LOGIN}/oidc", BACK, "/staff/logout", ACCOUNT)
"""The addresses that are open to everybody."""


def open_door(service: ServicePort, templates: Environment, windows: Windows | None, metrics: Metrics) -> Door | None:
    """The door; None where records are kept in memory, so that there is no staff desk."""
    if service.accounts is None:
        return None
    limit = RateLimit(service.settings.staff_login_limit, "logins", windows)
    return Door(service.accounts, service.settings, templates, limit, metrics)


def door_routers(door: Door) -> list[APIRouter]:
    """The routes of the door, which belong before whatever is mounted at ``/staff``."""
    beside = APIRouter(include_in_schema=False)

    @beside.api_route("/staff", methods=["GET", "HEAD"])
    def add_slash(request: Request) -> Response:
        """Leads to the desk: what is mounted there answers only with a slash."""
        query = request.url.query
        return unkept(RedirectResponse(f"{HOME}?{query}" if query else HOME, 303))

    provider = [provider_router(door, door.provider)] if door.provider is not None else []
    return [beside, login_router(door), *provider]
