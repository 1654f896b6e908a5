"""Members of staff: who they are, what they may, and whether they may come in."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import SecretStr

from civicbot.review.access import Action, Role
from civicbot.review.people import People
from civicbot.review.sessions import Sessions
from civicbot.web.staff.forms import Form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation


class _Name(Form):
    """Which user it is about."""

    user: str


class _New(_Name):
    """A new user."""

    role: Role
    password: SecretStr


class _Role(_Name):
    """Another role."""

    role: Role


class _Password(_Name):
    """Another password."""

    password: SecretStr


class UsersScreen:
    """Shows and changes the users.

    Args:
        painter: renders it.
        people: keeps them.
        sessions: ends their sessions.
    """

    name = "users"
    action = Action.MANAGE_USERS

    def __init__(self, painter: Painter, people: People, sessions: Sessions) -> None:
        self._painter = painter
        self._people = people
        self._sessions = sessions

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        action = Action.MANAGE_USERS
        return (
            operation("add_user", _New, self._add, action),
            operation("set_user_role", _Role, self._set_role, action),
            operation("set_user_password", _Password, self._set_password, action),
            operation("disable_user", _Name, self._disable, action),
            operation("enable_user", _Name, self._enable, action),
            operation("unlock_user", _Name, self._unlock, action),
            operation("end_user_sessions", _Name, self._end, action),
            operation("remove_user", _Name, self._remove, action),
        )

    def show(self, sight: Sight) -> Shown:
        """All users."""
        main = self._painter.paint("users", sight, people=self._people.everybody(sight.actor), roles=list(Role))
        return Shown(sight.texts.frame.tabs["users"], main)

    def _add(self, sight: Sight, form: _New) -> Done:
        added = self._people.add(sight.actor, form.user, form.role, form.password.get_secret_value())
        return Done(sight.texts.users.added.format(user=added.name))

    def _set_role(self, sight: Sight, form: _Role) -> Done:
        self._people.set_role(sight.actor, form.user, form.role)
        return Done(sight.texts.users.role_set.format(user=form.user, role=sight.texts.words.roles[form.role]))

    def _set_password(self, sight: Sight, form: _Password) -> Done:
        self._people.set_password(sight.actor, form.user, form.password.get_secret_value())
        return Done(sight.texts.users.password_set.format(user=form.user))

    def _disable(self, sight: Sight, form: _Name) -> Done:
        self._people.disable(sight.actor, form.user)
        return Done(sight.texts.users.disabled.format(user=form.user))

    def _enable(self, sight: Sight, form: _Name) -> Done:
        self._people.enable(sight.actor, form.user)
        return Done(sight.texts.users.enabled.format(user=form.user))

    def _unlock(self, sight: Sight, form: _Name) -> Done:
        self._people.unlock(sight.actor, form.user)
        return Done(sight.texts.users.unlocked.format(user=form.user))

    def _end(self, sight: Sight, form: _Name) -> Done:
        ended = self._sessions.end_all(sight.actor, form.user)
        return Done(sight.texts.users.sessions_ended.format(user=form.user, count=ended))

    def _remove(self, sight: Sight, form: _Name) -> Done:
        self._people.remove(sight.actor, form.user)
        return Done(sight.texts.users.removed.format(user=form.user))
