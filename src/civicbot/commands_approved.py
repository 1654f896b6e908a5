"""The command `civicbot approved`: what staff have approved, for whoever has no browser at hand."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.settings import load_settings

if TYPE_CHECKING:
    from civicbot.review.access import Actor
    from civicbot.review.approved_nouns import Approved
    from civicbot.review.approved_reading import ApprovedReading

approved = typer.Typer(help="Approved answers: what is given word for word, and what is suspended.")


class _State(StrEnum):
    """The states, as they are chosen."""

    PROPOSED = "proposed"
    LIVE = "live"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@approved.callback()
def _group() -> None:
    """Approved answers: what is given word for word, and what is suspended."""


@approved.command("list")
def list_approved(
    state: Annotated[_State | None, typer.Option(help="Only those in this state.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything about each as JSON.")] = False,
) -> None:
    """List approved answers, the suspended ones first."""
    from civicbot.review.approved_nouns import ApprovedState

    with _answers() as answers:
        found = answers.list(_actor(), state=ApprovedState(state.value) if state is not None else None)
    if as_json:
        told = [one.model_dump(mode="json") for one in found]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("No approved answer is like that." if state is not None else "There are no approved answers.")
        return
    _show(found)


def _show(found: tuple[Approved, ...]) -> None:
    table = Table("id", "state", "language", "question", "owner", "checked", "until", "suspended")
    for one in found:
        table.add_row(
            str(one.id),
            one.state.value + (" (a version waits)" if one.proposal is not None and one.state != "proposed" else ""),
            one.language,
            one.question,
            one.owner,
            str(one.checked_on or "-"),
            str(one.valid_until or "-"),
            one.suspended.value if one.suspended is not None else "",
        )
    Console(highlight=False, markup=False).print(table)


@contextlib.contextmanager
def _answers() -> Iterator[ApprovedReading]:
    """What is approved, in the database of the settings; its tables are brought up to date."""
    from civicbot.records.opening import opened
    from civicbot.review.approved_reading import ApprovedReading
    from civicbot.review.store import Store

    with opened(load_settings()) as database:
        database.upgrade()
        yield ApprovedReading(Store(database))


def _actor() -> Actor:
    from civicbot.review.accounts import command_line

    return command_line()
