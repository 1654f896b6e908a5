"""Mounts the desk at ``/staff``, behind the gate that lets only staff through."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal

import gradio as gr
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router
from starlette.types import ASGIApp

from civicbot.errors import CivicbotError
from civicbot.model import Language
from civicbot.review.access import NotAllowedError
from civicbot.review.desk import ReviewDesk
from civicbot.web.embedding import snippet
from civicbot.web.errors import known_error, plain_error
from civicbot.web.gate import STATIC, Front, OpenPaths, OwnFrontPage
from civicbot.web.phrases import load_all_phrases
from civicbot.web.staff.desk import StaffDesk, build_desk
from civicbot.web.staff.door import Door
from civicbot.web.staff.frame import Frame
from civicbot.web.staff.gate import StaffGate, actor_of
from civicbot.web.staff.languages import staff_language
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.approved import ApprovedScreen
from civicbot.web.staff.screens.base import Screen
from civicbot.web.staff.screens.composer import Composer
from civicbot.web.staff.screens.gaps import GapsScreen
from civicbot.web.staff.screens.item import ItemScreen
from civicbot.web.staff.screens.library import LibraryScreen
from civicbot.web.staff.screens.log import LogScreen
from civicbot.web.staff.screens.overview import OverviewScreen
from civicbot.web.staff.screens.queue import QueueScreen
from civicbot.web.staff.screens.sites import SitesScreen
from civicbot.web.staff.screens.switches import SwitchesScreen
from civicbot.web.staff.screens.trying import TryingScreen
from civicbot.web.staff.screens.updates import UpdatesScreen
from civicbot.web.staff.screens.users import UsersScreen
from civicbot.web.staff.screens.verified import VerifiedScreen
from civicbot.web.staff.texts import StaffTexts, load_staff_texts
from civicbot.web.templates import load_templates
from civicbot.web.theme import civic_theme

PATH = "/staff"
STYLE = "/ui/staff.css"
_FORMS: tuple[Literal["csv", "jsonl"], ...] = ("csv", "jsonl")


def mount_desk(app: FastAPI, review: ReviewDesk, door: Door, not_found: ASGIApp) -> None:
    """Mounts the desk; it belongs before the chat page, behind which nothing can be mounted.

    Args:
        app: the web app.
        review: the services that the desk binds to.
        door: knows who is logged in.
        not_found: answers what is not there.
    """
    templates, texts = load_templates(), load_staff_texts()
    painter = Painter(templates, load_all_phrases())
    overview, gaps = OverviewScreen(painter, review.overview), gaps_screen(painter, review)
    screens = desk_screens(painter, review)
    frame = Frame(painter, templates, lambda sight: review.queue.counts(sight.actor).open)
    mount(app, build_desk(StaffDesk(screens, frame, texts), texts["ko"]))
    last = app.router.routes[-1]
    assert isinstance(last, Mount)
    page = OwnFrontPage(OpenPaths(last.app, not_found, PATH), _fronts(texts), staff_language, f"{PATH}/")
    beside = [Route("/session", _session), Route("/overview.csv", _csv(overview))]
    beside += [Route(f"/gaps.{form}", _gaps(gaps, form)) for form in _FORMS]
    beside.append(Route("/verified.jsonl", _verified(VerifiedScreen(painter, review.verified))))
    last.app = StaffGate(Router(beside, redirect_slashes=False, default=page), door.doorkeeper)


def desk_screens(painter: Painter, review: ReviewDesk) -> list[Screen]:
    """All screens, in the order of their tabs."""
    composer = Composer(painter, review.corrections)
    return [
        QueueScreen(painter, review.queue, review.replies, review.overview, review.approved),
        ItemScreen(painter, review.queue, review.items, review.verdicts, review.replies, composer, review.approved),
        gaps_screen(painter, review),
        ApprovedScreen(painter, review.approved, review.corrections, review.renewals),
        VerifiedScreen(painter, review.verified),
        UpdatesScreen(painter, review.updates),
        LibraryScreen(painter, review.library),
        TryingScreen(painter, review.trying, review.overview),
        SwitchesScreen(painter, review.switches, review.canned),
        SitesScreen(painter, review.sites, lambda server, site: snippet(server, site, integrity=False)),
        OverviewScreen(painter, review.overview),
        LogScreen(painter, review.audit),
        UsersScreen(painter, review.people, review.sessions),
    ]


def gaps_screen(painter: Painter, review: ReviewDesk) -> GapsScreen:
    """The screen of the gaps; what is saved there is made live by the library updates."""
    return GapsScreen(painter, review.gaps, review.briefs, review.updates)


def mount(app: FastAPI, blocks: gr.Blocks) -> None:
    """Mounts the page of Gradio's."""
    gr.mount_gradio_app(
        app,
        blocks,
        path=PATH,
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        max_file_size=0,
        theme=civic_theme(),
    )


def _fronts(texts: Mapping[Language, StaffTexts]) -> dict[Language, Front]:
    look = (STATIC / "look.js").read_text(encoding="utf-8")
    return {
        language: Front(one.frame.title, one.frame.about, one.frame.no_script, STYLE, look, posts=True)
        for language, one in texts.items()
    }


async def _session(_: Request) -> Response:
    """Says by its status whether somebody is logged in; the gate before it answers 401 for nobody."""
    return Response(status_code=204)


def _csv(screen: OverviewScreen) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        """The numbers of the overview as a file for spreadsheets, which want to be told that it is UTF-8."""
        try:
            actor = await run_in_threadpool(actor_of, request)
            name, text = await run_in_threadpool(screen.csv, actor, dict(request.query_params))
        except NotAllowedError as error:
            return plain_error(403, code=error.code, message=error.message, hint=error.hint)
        except CivicbotError as error:
            return known_error(error)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)

    return download


def _gaps(screen: GapsScreen, form: Literal["csv", "jsonl"]) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        """The gaps of an address as a file."""
        try:
            actor = await run_in_threadpool(actor_of, request)
            name, text = await run_in_threadpool(screen.file, actor, dict(request.query_params), form)
        except NotAllowedError as error:
            return plain_error(403, code=error.code, message=error.message, hint=error.hint)
        except CivicbotError as error:
            return known_error(error)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        kind = "text/csv" if form == "csv" else "application/jsonl"
        return Response(text.encode("utf-8", "replace"), media_type=f"{kind}; charset=utf-8", headers=headers)

    return download


def _verified(screen: VerifiedScreen) -> Callable[[Request], Awaitable[Response]]:
    async def download(request: Request) -> Response:
        """The verified cases as a file, for whoever the address names."""
        try:
            actor = await run_in_threadpool(actor_of, request)
            name, text = await run_in_threadpool(screen.file, actor, request.query_params.get("format", ""))
        except NotAllowedError as error:
            return plain_error(403, code=error.code, message=error.message, hint=error.hint)
        except CivicbotError as error:
            return known_error(error)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(text.encode("utf-8", "replace"), media_type="application/jsonl; charset=utf-8", headers=headers)

    return download
