"""The commands `civicbot audit …`: the log of what staff did."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from civicbot.errors import CivicbotError
from civicbot.settings import load_settings

audit = typer.Typer(help="The log of what staff did at the desk.", no_args_is_help=True)


class AuditError(CivicbotError):
    """What was noted of the audit log earlier is no head of one."""

    code = "audit"
    hint = "Give what `civicbot audit verify` told then, such as 120:9f2c…"


@audit.command()
def verify(
    noted: Annotated[
        str | None,
        typer.Option("--noted", metavar="HEAD", help="What this command told earlier; that line must still be there."),
    ] = None,
) -> None:
    """Check every line of the log against the one before; exit status 1 and the first wrong line if one is wrong."""
    from civicbot.records.opening import opened
    from civicbot.review.audit import Head
    from civicbot.review.audit import verify as verify_chain

    before = None
    if noted is not None:
        number, _, digest = noted.partition(":")
        if not (number.isdecimal() and digest):
            raise AuditError(f"{noted!r} is no head of the audit log.")
        before = Head(last=int(number), digest=digest)
    with opened(load_settings()) as database:
        database.upgrade()
        with database.snapshot() as connection:
            found = verify_chain(connection, before)
    out = Console(highlight=False)
    if found.row is not None:
        out.print(f"Line {found.row} is wrong: {found.problem}.", markup=False, style="red", soft_wrap=True)
        out.print(f"The {found.rows:,} lines before it are right.", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    out.print(f"All {found.rows:,} lines are right.", markup=False, soft_wrap=True)
    out.print(f"Head {found.head}", markup=False, soft_wrap=True)


@audit.command(name="list")
def show(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many lines at most, the newest first.")] = 50,
    person: Annotated[str | None, typer.Option("--user", help="Only what this user did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this action, such as log_in.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only what was done to this, such as user:kim.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List the log, the newest line first; times are UTC."""
    from civicbot.records.opening import opened
    from civicbot.review.access import Action
    from civicbot.review.accounts import command_line
    from civicbot.review.audit import AuditLog

    known = {each.value: each for each in Action}
    if action is not None and action not in known:
        raise typer.BadParameter(f"{action!r} is none of {', '.join(sorted(known))}", param_hint="--action")
    with opened(load_settings()) as database:
        database.upgrade()
        entries = AuditLog(database).entries(
            command_line(), person=person, action=known[action] if action else None, subject=subject, limit=limit
        )
    if as_json:
        for entry in entries:
            typer.echo(entry.model_dump_json())
        return
    for entry in entries:
        who = f"{entry.actor} ({entry.role})" if entry.role else entry.actor
        details = " ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in entry.details.items())
        typer.echo(f"{entry.id} {entry.at:%Y-%m-%d %H:%M:%S} {who} {entry.action} {entry.subject} {details}".rstrip())
