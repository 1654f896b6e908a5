"""The routes of the log-in page, of logging out and of one's own account."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from civicbot.model import Language
from civicbot.review.access import Actor
from civicbot.review.lockout import LockedOutError
from civicbot.review.logins import LogInError
from civicbot.review.passwords import PasswordError
from civicbot.review.people import UserError
from civicbot.web.errors import RateLimitedError
from civicbot.web.limits import client_of
from civicbot.web.staff.door import ACCOUNT, Door, Said, form_of, goal_of, page_language, sent_on, unkept
from civicbot.web.staff.gate import LOGIN, is_own, login_address


def login_router(door: Door) -> APIRouter:
    """The routes ``/staff/login``, ``/staff/logout`` and ``/staff/account``."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route(LOGIN, _Login(door).show, methods=["GET", "HEAD"])
    router.add_api_route(LOGIN, _Login(door).enter, methods=["POST"])
    router.add_api_route("/staff/logout", _Leave(door).show, methods=["GET", "HEAD"])
    router.add_api_route("/staff/logout", _Leave(door).leave, methods=["POST"])
    router.add_api_route(ACCOUNT, _Account(door).show, methods=["GET", "HEAD"])
    router.add_api_route(ACCOUNT, _Account(door).change, methods=["POST"])
    return router


class _Login:
    def __init__(self, door: Door) -> None:
        self._door = door

    def show(self, request: Request) -> Response:
        return self._door.guarded(request, lambda: self._show(request))

    async def enter(self, request: Request) -> Response:
        form = await form_of(request)
        language = page_language(request, form.get("lang"))
        return await run_in_threadpool(
            self._door.guarded, request, lambda: self._enter(request, form, language), language
        )

    def _show(self, request: Request) -> Response:
        door, language = self._door, page_language(request)
        goal = goal_of(request.query_params.get("next"))
        if door.doorkeeper.actor(request.scope, active=False) is not None:
            return sent_on(goal, language)
        notices = door.texts(language).notices
        told = request.query_params.get("notice")
        notice = {"left": notices.left, "everywhere": notices.everywhere}.get(told or "", "")
        if not notice and door.cookies.token(request.scope) is not None:
            notice = notices.ended
        return door.login_page(request, language, Said(goal=goal, notice=notice))

    def _enter(self, request: Request, form: dict[str, str], language: Language) -> Response:
        door, scope = self._door, request.scope
        goal, name, password = goal_of(form.get("next")), form.get("name", ""), form.get("password", "")
        problem, status = self._malformed(request, form, language)
        if problem:
            return door.login_page(request, language, Said(goal=goal, problem=problem, name=name, status=status))
        try:
            door.hit(request)
            entered = door.accounts.logins.with_password(name, password, client_of(scope))
        except (RateLimitedError, LogInError, LockedOutError) as error:
            return door.problem_page(request, language, error, goal=goal, name=name)
        return entering(door, request, entered.token, goal, language)

    def _malformed(self, request: Request, form: dict[str, str], language: Language) -> tuple[str, int]:
        """Why a form is not looked at, and the answer's status; nothing when it is."""
        problems, visitor = self._door.texts(language).problems, self._door.cookies.visitor(request.scope)
        if not is_own(request.scope):
            return problems.foreign, 403
        if visitor is None:
            return problems.cookies, 403
        if not self._door.cookies.is_form_token(form.get("form", ""), visitor):
            return problems.form, 403
        if not form.get("name", "").strip() or not form.get("password"):
            return problems.empty, 422
        return "", 200


class _Leave:
    def __init__(self, door: Door) -> None:
        self._door = door

    def show(self) -> Response:
        return unkept(RedirectResponse(ACCOUNT, 303))

    async def leave(self, request: Request) -> Response:
        form = await form_of(request)
        language = page_language(request, form.get("lang"))
        return await run_in_threadpool(
            self._door.guarded, request, lambda: self._leave(request, form, language), language
        )

    def _leave(self, request: Request, form: dict[str, str], language: Language) -> Response:
        door, scope = self._door, request.scope
        if not is_own(scope):
            problem = door.texts(language).problems.foreign
            return door.login_page(request, language, Said(problem=problem, status=403))
        notice = "left"
        if form.get("everywhere"):
            actor = door.doorkeeper.actor(scope)
            if actor is not None:
                door.accounts.sessions.end_own(actor)
                notice = "everywhere"
        door.accounts.sessions.end(door.cookies.token(scope))
        response = unkept(RedirectResponse(f"{LOGIN}?notice={notice}&lang={language}", 303))
        door.cookies.drop_token(response, scope)
        return response


class _Account:
    def __init__(self, door: Door) -> None:
        self._door = door

    def show(self, request: Request) -> Response:
        return self._door.guarded(request, lambda: self._show(request))

    async def change(self, request: Request) -> Response:
        form = await form_of(request)
        language = page_language(request, form.get("lang"))
        return await run_in_threadpool(
            self._door.guarded, request, lambda: self._change(request, form, language), language
        )

    def _show(self, request: Request) -> Response:
        actor, language = self._door.doorkeeper.actor(request.scope), page_language(request)
        if actor is None:
            return unkept(RedirectResponse(login_address(request.scope), 303))
        notice = self._door.texts(language).notices.changed if "changed" in request.query_params else ""
        return self._door.account_page(request, actor, language, notice=notice)

    def _change(self, request: Request, form: dict[str, str], language: Language) -> Response:
        door, problems = self._door, self._door.texts(language).problems
        actor, token = door.doorkeeper.actor(request.scope), door.cookies.token(request.scope)
        if actor is None:
            return unkept(RedirectResponse(f"{LOGIN}?next={ACCOUNT}&lang={language}", 303))

        def again(problem: str, status: int) -> Response:
            return door.account_page(request, actor, language, problem=problem, status=status)

        if not is_own(request.scope):
            return again(problems.foreign, 403)
        if not door.cookies.is_form_token(form.get("form", ""), token):
            return again(problems.form, 403)
        if form.get("new") != form.get("repeat"):
            return again(problems.different, 422)
        return self._changed(request, actor, form, language) or unkept(
            RedirectResponse(f"{ACCOUNT}?changed&lang={language}", 303)
        )

    def _changed(self, request: Request, actor: Actor, form: dict[str, str], language: Language) -> Response | None:
        """Changes the password; the page that says why not, if it cannot."""
        door = self._door
        try:
            door.hit(request)
            door.accounts.people.change_own_password(actor, form.get("old", ""), form.get("new", ""))
        except (RateLimitedError, LockedOutError, PasswordError, UserError) as error:
            told, status, seconds = door.told(error, language)
            page = door.account_page(request, actor, language, problem=told, status=status)
            if seconds:
                page.headers["Retry-After"] = str(seconds)
            return page
        return None


def entering(door: Door, request: Request, token: str, goal: str, language: Language) -> Response:
    """Hands a new session to the browser, in the place of the one that it had, and leads on."""
    door.accounts.sessions.end(door.cookies.token(request.scope))
    response = sent_on(goal, language)
    door.cookies.drop_visitor(response, request.scope)
    door.cookies.keep_token(response, request.scope, token)
    return response
