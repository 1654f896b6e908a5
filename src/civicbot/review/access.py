"""Who may do what: roles, actions, and the check that every action of staff goes through."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from civicbot.errors import CivicbotError
from civicbot.model import Noun

ACTION = "civicbot_action"
"""The attribute of a guarded method that names its action; a test finds all of them by it."""

_Self = TypeVar("_Self")
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Role(StrEnum):
    """What a member of staff is; each may do all that the ones before it may."""

    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be done at the staff desk."""

    READ_QUEUE = "read_queue"
    READ_ITEM = "read_item"
    CLAIM = "claim"
    RELEASE = "release"
    CLOSE = "close"
    REOPEN = "reopen"
    JUDGE = "judge"
    CORRECT = "correct"
    READ_TICKET = "read_ticket"
    REPLY = "reply"
    TRY = "try"
    READ_LIBRARY = "read_library"
    READ_OVERVIEW = "read_overview"
    READ_SWITCHES = "read_switches"
    READ_SITES = "read_sites"
    READ_APPROVED = "read_approved"
    READ_VERIFIED = "read_verified"
    RUN_VERIFIED = "run_verified"
    EXPORT_VERIFIED = "export_verified"
    READ_UPDATES = "read_updates"
    READ_GAPS = "read_gaps"
    EXPORT_GAPS = "export_gaps"
    PUBLISH = "publish"
    EDIT_LIBRARY = "edit_library"
    PREPARE_UPDATE = "prepare_update"
    PUBLISH_UPDATE = "publish_update"
    ROLL_BACK = "roll_back"
    TAKE_OVER = "take_over"
    SWITCH = "switch"
    CANNED_TEXT = "canned_text"
    READ_AUDIT = "read_audit"
    MANAGE_SITES = "manage_sites"
    MANAGE_USERS = "manage_users"
    LOG_IN = "log_in"
    LOG_IN_FAILED = "log_in_failed"
    LOCK_OUT = "lock_out"
    LOG_OUT = "log_out"
    OWN_ACCOUNT = "own_account"


_ORDER = tuple(Role)
_PUBLISHER = frozenset(
    {
        Action.PUBLISH,
        Action.EDIT_LIBRARY,
        Action.PREPARE_UPDATE,
        Action.PUBLISH_UPDATE,
        Action.ROLL_BACK,
        Action.TAKE_OVER,
        Action.READ_AUDIT,
    }
)
_ADMIN = frozenset({Action.SWITCH, Action.CANNED_TEXT, Action.MANAGE_SITES, Action.MANAGE_USERS})


def least_role(action: Action) -> Role:
    """The least role that may do something."""
    if action in _ADMIN:
        return Role.ADMIN
    return Role.PUBLISHER if action in _PUBLISHER else Role.REVIEWER


class Actor(Noun):
    """A member of staff who acts, as their session or the command line says.

    Attributes:
        name: the user's name.
        role: at this moment, read anew for every request.
        session: the id of the session, never its secret; None for the command line.
    """

    name: str
    role: Role
    session: str | None = None


class NotAllowedError(CivicbotError):
    """Somebody is not logged in, or not in the role that this takes."""

    code = "not_allowed"


def may(actor: Actor | None, action: Action) -> bool:
    """Whether somebody may do something; nobody may do anything without a log-in."""
    return actor is not None and _ORDER.index(actor.role) >= _ORDER.index(least_role(action))


def authorise(actor: Actor | None, action: Action) -> None:
    """Lets through who may do something.

    Raises:
        NotAllowedError: the others.
    """
    if actor is None:
        raise NotAllowedError("Nobody is logged in.", hint="Log in at /staff/login.")
    if not may(actor, action):
        raise NotAllowedError(
            f"{actor.name!r} is {actor.role.value}; this takes {least_role(action).value}.",
            hint="Ask an admin to do it, or to change the role.",
        )


def guarded(
    action: Action,
) -> Callable[
    [Callable[Concatenate[_Self, Actor, _Given], _Result]], Callable[Concatenate[_Self, Actor, _Given], _Result]
]:
    """Decorates a service's method, whose first argument is the actor: it runs only for those who may.

    Args:
        action: what the method does; it stands on the method for tests to find.
    """

    def decorate(
        method: Callable[Concatenate[_Self, Actor, _Given], _Result],
    ) -> Callable[Concatenate[_Self, Actor, _Given], _Result]:
        @wraps(method)
        def run(self: _Self, actor: Actor, /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
            authorise(actor, action)
            return method(self, actor, *args, **kwargs)

        setattr(run, ACTION, action)
        return run

    return decorate
