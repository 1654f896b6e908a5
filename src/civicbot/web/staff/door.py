"""The pages at the door of the staff desk, and what their routes share."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from math import ceil
from urllib.parse import parse_qsl, quote, urlencode

from jinja2 import Environment
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from civicbot.errors import CivicbotError, RecordsUnavailableError
from civicbot.model import LANGUAGES, Language, Noun
from civicbot.records.database import error_name, is_outage
from civicbot.review.access import Actor
from civicbot.review.accounts import Accounts
from civicbot.review.lockout import LockedOutError
from civicbot.review.logins import LogInError
from civicbot.review.passwords import PasswordError
from civicbot.settings import Settings
from civicbot.web.errors import RETRY_SECONDS, RateLimitedError
from civicbot.web.limits import RateLimit, client_of
from civicbot.web.metrics import Metrics
from civicbot.web.staff.cookies import Cookies, new_visitor
from civicbot.web.staff.gate import HOME, LOGIN, Doorkeeper, safe_goal
from civicbot.web.staff.languages import staff_language
from civicbot.web.staff.login_texts import LoginTexts, load_login_texts
from civicbot.web.staff.oidc import Provider
from civicbot.web.tickets import KOREA

log = logging.getLogger(__name__)

ACCOUNT = "/staff/account"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Of these pages: a style sheet, an icon, forms to this server, no script."""

_FIELDS = 16
_TIME = "%Y-%m-%d %H:%M"


class Said(Noun):
    """What a log-in page says.

    Attributes:
        goal: where the log-in leads to.
        problem: why the last log-in did not work.
        notice: what went well.
        name: what was typed.
        status: of the answer.
        reachable: whether the database can be asked if there is a user.
    """

    goal: str = HOME
    problem: str = ""
    notice: str = ""
    name: str = ""
    status: int = 200
    reachable: bool = True


class Door:
    """Renders the log-in page and one's own account, and knows who stands before them; blocking.

    Args:
        accounts: who may come in.
        settings: name the OpenID provider, if there is one.
        templates: hold ``staff-login.html`` and ``staff-account.html``.
        limit: how often one client may try to log in.
        metrics: counts the refusals.

    Attributes:
        cookies: of staff.
        doorkeeper: for :class:`civicbot.web.staff.gate.StaffGate`.
        provider: None when there is none.
    """

    def __init__(
        self, accounts: Accounts, settings: Settings, templates: Environment, limit: RateLimit, metrics: Metrics
    ) -> None:
        self.accounts = accounts
        self.cookies = Cookies(accounts.secret)
        self.doorkeeper = Doorkeeper(accounts.sessions, self.cookies)
        self.provider = Provider(settings) if settings.oidc_issuer else None
        self._templates = templates
        self._texts = load_login_texts()
        self._limit = limit
        self._metrics = metrics

    def texts(self, language: Language) -> LoginTexts:
        """The texts of a language."""
        return self._texts[language]

    def hit(self, request: Request) -> None:
        """Counts a try to log in.

        Raises:
            RateLimitedError: the client has none left.
        """
        try:
            self._limit.hit(client_of(request.scope))
        except RateLimitedError:
            self._metrics.rejected("login")
            raise

    def guarded(self, request: Request, run: Callable[[], Response], language: Language | None = None) -> Response:
        """Runs a route; without the database its answer is the log-in page that says so."""
        try:
            return run()
        except RecordsUnavailableError:
            pass
        except SQLAlchemyError as error:
            if not is_outage(error):
                raise
            log.warning("staff_records_lost", extra={"fields": {"problem": error_name(error)}})
        told = language or page_language(request)
        text = self._texts[told].problems.unavailable
        response = self.login_page(request, told, Said(problem=text, status=503, reachable=False))
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response

    def login_page(self, request: Request, language: Language, said: Said | None = None) -> HTMLResponse:
        """The log-in page; it marks the browser, which its form is bound to."""
        said = said or Said()
        visitor = self.cookies.visitor(request.scope) or new_visitor()
        query = {"next": said.goal} if said.goal != HOME else {}
        other = _other(language)
        page = self._render(
            "staff-login.html",
            language,
            problem=said.problem,
            notice=said.notice,
            name=said.name,
            goal=said.goal,
            form_token=self.cookies.form_token(visitor),
            first=said.reachable and self.provider is None and not self.accounts.people.anybody(),
            provider_address=self.provider and f"{LOGIN}/oidc?{urlencode({**query, 'lang': language})}",
            other_address=f"{LOGIN}?{urlencode({**query, 'lang': other})}",
        )
        response = _page(page, said.status)
        self.cookies.keep_visitor(response, request.scope, visitor)
        return response

    def problem_page(
        self, request: Request, language: Language, error: CivicbotError, *, goal: str = HOME, name: str = ""
    ) -> HTMLResponse:
        """The log-in page that says why a log-in did not work."""
        told, status, seconds = self.told(error, language)
        response = self.login_page(request, language, Said(goal=goal, problem=told, name=name, status=status))
        if seconds:
            response.headers["Retry-After"] = str(seconds)
        return response

    def account_page(
        self,
        request: Request,
        actor: Actor,
        language: Language,
        *,
        problem: str = "",
        notice: str = "",
        status: int = 200,
    ) -> HTMLResponse:
        """The page of one's own account."""
        texts = self._texts[language]
        sessions = [
            {"started": _korean(one.created_at), "used": _korean(one.seen_at), "client": one.client, "own": one.own}
            for one in self.accounts.sessions.own(actor)
        ]
        page = self._render(
            "staff-account.html",
            language,
            problem=problem,
            notice=notice,
            actor=actor,
            role=getattr(texts.account.roles, actor.role.value),
            sessions=sessions,
            own_password=self.accounts.people.has_password(actor),
            form_token=self.cookies.form_token(self.cookies.token(request.scope) or ""),
            other_address=f"{ACCOUNT}?lang={_other(language)}",
        )
        return _page(page, status)

    def told(self, error: CivicbotError, language: Language) -> tuple[str, int, int]:
        """What a person is told of an error, the answer's status, and the seconds to wait or 0."""
        problems = self._texts[language].problems
        if isinstance(error, LockedOutError):
            return problems.locked_out.format(minutes=ceil(error.seconds / 60)), 429, error.seconds
        if isinstance(error, RateLimitedError):
            return problems.too_many, 429, error.retry_after
        if isinstance(error, LogInError) and error.code == LogInError.code:
            if error.locked_seconds:
                return problems.log_in_locked.format(minutes=ceil(error.locked_seconds / 60)), 401, 0
            return problems.log_in, 401, 0
        status = 422 if isinstance(error, PasswordError) else 403
        return getattr(problems, error.code, problems.provider), status, 0

    def _render(self, template: str, language: Language, **values: object) -> str:
        return self._templates.get_template(template).render(
            language=language, other=_other(language), texts=self._texts[language], **values
        )


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, the first of each name; empty when it cannot be read."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return {}
    try:
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError:
        return {}
    return dict(reversed(pairs))


def page_language(request: Request, told: str | None = None) -> Language:
    """The language that a form or a cookie told, else as on the desk."""
    return next((language for language in LANGUAGES if language == told), staff_language(request.scope))


def goal_of(told: str | None) -> str:
    """Where a log-in leads to; what is no place of ours is the desk's first page."""
    return safe_goal(told) if told else HOME


def sent_on(goal: str, language: Language) -> RedirectResponse:
    """Leads on after a log-in, in the language of the log-in page."""
    if language != "ko" and "lang=" not in goal:
        path, mark, rest = goal.partition("#")
        goal = f"{path}{'&' if '?' in path else '?'}lang={language}{mark}{rest}"
    return unkept(RedirectResponse(quote(goal, safe="/?&=%#+:,;@-._~!$'()*"), 303))


def unkept(response: RedirectResponse) -> RedirectResponse:
    """A redirection that no cache keeps."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(page: str, status: int) -> HTMLResponse:
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex, nofollow"}
    return HTMLResponse(page, status, headers)


def _other(language: Language) -> Language:
    return "en" if language == "ko" else "ko"


def _korean(time: datetime) -> str:
    return time.astimezone(KOREA).strftime(_TIME)
