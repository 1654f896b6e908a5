"""Roles and actions, and that every action of every service is guarded by its role, whoever calls it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, get_type_hints

import pytest

import civicbot.review
from civicbot.review.access import (
    ACTION,
    Action,
    Actor,
    NotAllowedError,
    Role,
    authorise,
    guarded,
    least_role,
    may,
)
from civicbot.review.desk import ReviewDesk

# What is called before somebody is known, or by services on behalf of an actor that they have checked.
UNGUARDED = {
    "LogIns.with_password",
    "LogIns.with_provider",
    "Sessions.open",
    "Sessions.actor",
    "Sessions.end",
    "People.anybody",
    "Flows.begin",
    "Flows.take",
    "Lockout.attempt",
    "Lockout.forgive",
    "Passwords.hash",
    "Passwords.check",
    "Passwords.is_outdated",
}
OWN = ("access", "people", "passwords", "sessions", "lockout", "logins", "flows", "audit")


def modules() -> Iterator[Any]:
    for found in pkgutil.iter_modules(civicbot.review.__path__, "civicbot.review."):
        yield importlib.import_module(found.name)


def methods() -> Iterator[tuple[type, str, Callable[..., object]]]:
    """The public methods of all classes of the room that are services, neither data nor errors."""
    for module in modules():
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ != module.__name__:
                continue
            for name, method in vars(kind).items():
                if not name.startswith("_") and inspect.isfunction(method):
                    yield kind, name, method


GUARDED = [
    pytest.param(kind, name, method, id=f"{kind.__name__}.{name}")
    for kind, name, method in methods()
    if hasattr(method, ACTION)
]


def actor(role: Role) -> Actor:
    return Actor(name="kim", role=role)


def lesser(role: Role) -> list[Role]:
    roles = list(Role)
    return roles[: roles.index(role)]


@pytest.mark.parametrize(("kind", "name", "method"), GUARDED)
def test_nobody_does_what_their_role_may_not(kind: type, name: str, method: Callable[..., object]) -> None:
    action: Action = getattr(method, ACTION)
    # The check comes first: neither the service nor the arguments need to be real.
    service: object = object.__new__(kind)
    arguments = [None] * (len(inspect.signature(method).parameters) - 2)
    for someone in (None, *(actor(role) for role in lesser(least_role(action)))):
        with pytest.raises(NotAllowedError):
            method(service, someone, *arguments)
    assert name in vars(kind)


def test_the_door_guards_what_it_does_not_list() -> None:
    found = {
        f"{kind.__name__}.{name}"
        for kind, name, method in methods()
        if not hasattr(method, ACTION) and kind.__module__.rpartition(".")[2] in OWN
    }
    assert found == UNGUARDED


def test_every_public_method_that_the_desk_can_reach_is_guarded() -> None:
    services = get_type_hints(ReviewDesk)
    assert len(services) >= 14
    loose = {
        f"{kind.__name__}.{name}"
        for kind in services.values()
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and not hasattr(method, ACTION)
    }
    assert loose == {"People.anybody", "Sessions.actor", "Sessions.end", "Sessions.open", "Feeder.start", "Feeder.stop"}


def test_every_service_that_takes_an_actor_is_guarded() -> None:
    loose = []
    for kind, name, method in methods():
        first = list(inspect.signature(method).parameters)[1:2]
        if first == ["actor"] and not hasattr(method, ACTION):
            loose.append(f"{kind.__name__}.{name}")
    assert loose == []
    assert len(GUARDED) >= 12


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_a_role_may_what_lesser_ones_may(role: Role, action: Action) -> None:
    allowed = role not in lesser(least_role(action))
    assert may(actor(role), action) is allowed
    if allowed:
        authorise(actor(role), action)
        return
    with pytest.raises(NotAllowedError, match=f"'kim' is {role.value}; this takes {least_role(action).value}"):
        authorise(actor(role), action)


def test_what_each_role_is_for() -> None:
    assert least_role(Action.JUDGE) is Role.REVIEWER
    assert least_role(Action.PUBLISH) is Role.PUBLISHER
    assert {least_role(each) for each in (Action.MANAGE_USERS, Action.SWITCH, Action.MANAGE_SITES)} == {Role.ADMIN}


def test_nobody_may_nothing() -> None:
    for action in Action:
        assert not may(None, action)
        with pytest.raises(NotAllowedError, match="Nobody is logged in"):
            authorise(None, action)


def test_a_guarded_method_runs_for_who_may_and_tells_its_action() -> None:
    class Service:
        """Says who did what."""

        @guarded(Action.PUBLISH)
        def publish(self, actor: Actor, what: str, *, times: int = 1) -> str:
            """Publishes."""
            return f"{actor.name} {what} {times}"

    assert Service().publish(actor(Role.ADMIN), "it", times=2) == "kim it 2"
    assert getattr(Service.publish, ACTION) is Action.PUBLISH
    assert Service.publish.__doc__ == "Publishes."
    with pytest.raises(NotAllowedError):
        Service().publish(actor(Role.REVIEWER), "it")
