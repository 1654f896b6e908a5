"""The commands `civicbot users …`: who may use the staff desk, and as what."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.review.access import Role
from civicbot.settings import load_settings

if TYPE_CHECKING:
    from civicbot.review.access import Actor
    from civicbot.review.accounts import Accounts

users = typer.Typer(help="Staff: who may use the desk at /staff, and as what.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
]


@users.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="reviewer checks, publisher publishes, admin manages.")],
    password_stdin: FromStdin = False,
) -> None:
    """Make a user; the password is asked for twice."""
    from civicbot.review.passwords import check_acceptable
    from civicbot.review.people import checked_name

    checked_name(name)
    password = _password(password_stdin)
    check_acceptable(password, checked_name(name))
    with _accounts() as accounts:
        person = accounts.people.add(_actor(), name, role, password)
    _tell(f"{person.name} may log in at /staff as {person.role.value}.")


@users.command(name="list")
def show() -> None:
    """List all users."""
    with _accounts() as accounts:
        people = accounts.people.everybody(_actor())
    if not people:
        _tell("There are no users yet; `civicbot users add NAME --role admin` makes the first.")
        return
    table = Table("name", "role", "logs in by", "state", "last log-in")
    for person in people:
        last = f"{person.last_login_at:%Y-%m-%d %H:%M} UTC" if person.last_login_at else "never"
        way, state = "OpenID" if person.external else "password", "disabled" if person.disabled else "active"
        table.add_row(person.name, person.role.value, way, state, last)
    Console(highlight=False).print(table)


@users.command()
def role(
    name: Name, new: Annotated[Role, typer.Argument(metavar="ROLE", help="reviewer, publisher or admin.")]
) -> None:
    """Give a user another role, from their next request on."""
    with _accounts() as accounts:
        person = accounts.people.set_role(_actor(), name, new)
    _tell(f"{person.name} is {person.role.value} now.")


@users.command()
def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Give a user another password; they are logged out everywhere."""
    new = _password(password_stdin)
    with _accounts() as accounts:
        accounts.people.set_password(_actor(), name, new)
    _tell("The password is changed; open sessions have ended.")


@users.command()
def disable(name: Name) -> None:
    """Let a user in no more; their open sessions end at once."""
    with _accounts() as accounts:
        accounts.people.disable(_actor(), name)
    _tell(f"{name} is disabled; `civicbot users enable {name}` undoes it.")


@users.command()
def enable(name: Name) -> None:
    """Let a disabled user in again."""
    with _accounts() as accounts:
        accounts.people.enable(_actor(), name)
    _tell(f"{name} may log in again.")


@users.command()
def unlock(name: Name) -> None:
    """Forget a user's failed log-ins, so that they need not wait."""
    with _accounts() as accounts:
        accounts.people.unlock(_actor(), name)
    _tell(f"{name} may try again.")


@users.command()
def logout(name: Name) -> None:
    """Log a user out everywhere."""
    with _accounts() as accounts:
        ended = accounts.sessions.end_all(_actor(), name)
    _tell(f"{ended:,} sessions of {name} have ended.")


@users.command()
def remove(name: Name) -> None:
    """Delete a user; what they did stays in the audit log."""
    with _accounts() as accounts:
        accounts.people.remove(_actor(), name)
    _tell(f"{name} is removed.")


@contextlib.contextmanager
def _accounts() -> Iterator[Accounts]:
    from civicbot.records.opening import opened
    from civicbot.review.accounts import open_accounts

    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    with opened(settings) as database:
        database.upgrade()
        yield open_accounts(database, settings)


def _actor() -> Actor:
    from civicbot.review.accounts import command_line

    return command_line()


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _tell(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
