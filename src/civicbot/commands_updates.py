"""The commands `civicbot updates …`, `civicbot rollback` and `civicbot ingest --check-impact`: as the operator."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from civicbot.settings import load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from civicbot.review.access import Actor
    from civicbot.review.updates import LibraryUpdates
    from civicbot.review.updates_nouns import CaseSeen, Update
    from civicbot.settings import Settings

BLOCKED = 3
"""Exit status where a rule blocks the update."""

_STEPS = {
    "": "Starting",
    "read": "Reading documents",
    "link": "Linking briefs to digests",
    "tokens": "Cutting words",
    "embed": "Embedding passages",
    "store": "Storing vectors",
}
_CONCERNS = {
    "verified_worse": "verified cases that get worse",
    "document_problems": "new problems in documents",
    "approved_suspended": "approved answers that are suspended",
}
_LOOK_EVERY = 0.5
_QUESTION_CHARACTERS = 100

updates = typer.Typer(help="Prepared updates of the library: show, publish or discard them.", no_args_is_help=True)


@updates.command(name="list")
def list_(
    limit: Annotated[int, typer.Option(help="How many, the newest first.", min=1, max=1000)] = 20,
) -> None:
    """List updates and roll-backs, and what is live."""
    with _updates() as service:
        library = service.library(_actor())
        found = service.list(_actor(), limit=limit)
    for what, one in (("Live", library.live), ("Before it", library.previous)):
        if one is not None:
            _tell(f"{what}: {one.name}, {one.documents} documents, {one.passages} passages, made {_local(one.created)}")
    if library.rolled_back:
        _tell("The live library was put in place by a roll-back.")
    if not found:
        _tell("No update was ever prepared.")
        return
    table = Table("id", "kind", "state", "started", "by", "generation", "decided")
    for update in found:
        decided = f"{_local(update.decided_at)} {update.decided_by or 'civicbot ingest'}" if update.decided_at else ""
        told = "stale" if update.stale else update.state.value
        table.add_row(
            str(update.id), update.kind.value, told, _local(update.started_at), update.started_by,
            update.generation or "", decided,
        )  # fmt: skip
    Console(highlight=False, markup=False).print(table)


@updates.command()
def show(
    update_id: Annotated[int, typer.Argument(metavar="ID", help="Of the update, as listed.")],
    everything: Annotated[bool, typer.Option("--all", help="Also what stays as it is.")] = False,
) -> None:
    """Show what an update changes, side by side."""
    with _updates() as service:
        _report(service, service.get(_actor(), update_id), everything=everything)


@updates.command()
def publish(
    update_id: Annotated[int, typer.Argument(metavar="ID", help="Of the update, as listed.")],
    reason: Annotated[str | None, typer.Option(help="Why, although a rule blocks it.")] = None,
) -> None:
    """Make a prepared update live."""
    with _updates() as service:
        update = service.publish(_actor(), update_id, reason=reason)
    _tell(f"Generation {update.generation} is live. `civicbot rollback` brings {update.base} back.")


@updates.command()
def discard(
    update_id: Annotated[int, typer.Argument(metavar="ID", help="Of the update, as listed.")],
) -> None:
    """Throw a prepared update away, or stop one that is being prepared."""
    with _updates() as service:
        service.discard(_actor(), update_id)
    _tell(f"Update {update_id} is discarded; the live library stays as it is.")


def rollback(
    reason: Annotated[str | None, typer.Option(help="Why, for staff.")] = None,
) -> None:
    """Bring back the library that was live before, at once; a second time brings back this one."""
    with _updates() as service:
        update = service.roll_back(_actor(), reason)
    _tell(f"Generation {update.generation} is live again, instead of {update.base}.")
    _tell("`civicbot ingest` leaves it so until the corpus changes.")


def check_impact() -> None:
    """Prepares an update, compares, and prints the report; the exit status is 3 where a rule blocks it.

    Raises:
        typer.Exit: 1 when it could not be prepared, 3 when a rule blocks it.
    """
    from civicbot.review.updates_nouns import UpdateState

    with _updates(opened=True) as service:
        update = _followed(service, service.prepare(_actor()))
        _report(service, update, everything=False)
    if update.state is UpdateState.UNCHANGED:
        _tell(f"Nothing changed; generation {update.base} is live.")
    elif update.state is not UpdateState.READY:
        raise typer.Exit(1)
    elif update.report is not None and update.report.blocked:
        _tell(f"prepared, not live; publish with `civicbot updates publish {update.id} --reason …`")
        raise typer.Exit(BLOCKED)
    else:
        _tell(f"prepared, not live; publish with `civicbot updates publish {update.id}`")


def _followed(service: LibraryUpdates, update: Update) -> Update:
    """Waits until an update is prepared, and shows how far it is."""
    from civicbot.review.updates_nouns import UpdateState

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        shown: str | None = None
        task = None
        while update.state is UpdateState.PREPARING:
            progress = update.progress
            if progress is not None:
                comparing = progress.stage.value == "comparing"
                name = "Comparing answers" if comparing else _STEPS.get(progress.step, progress.step)
                if name != shown or task is None:
                    shown, task = name, bars.add_task(name, total=progress.total or None)
                bars.update(task, completed=progress.done, total=progress.total or None)
            time.sleep(_LOOK_EVERY)
            update = service.get(_actor(), update.id)
    return update


def _report(service: LibraryUpdates, update: Update, *, everything: bool) -> None:
    from civicbot.review.updates_nouns import CaseKind, ImpactClass

    told = "stale: the live library is another one by now" if update.stale else update.state.value
    begun = f"started {_local(update.started_at)} by {update.started_by}"
    _tell(f"Update {update.id} ({update.kind.value}): {told}, {begun}")
    if update.problem:
        _tell(update.problem)
    if update.reason:
        _tell(f"Reason: {update.reason}")
    report = update.report
    if report is None:
        return
    documents = report.documents
    counts = (documents.added, documents.changed, documents.removed)
    _tell("Documents: {} added, {} changed, {} removed".format(*map(len, counts)))
    for sign, names in zip("+~-", counts, strict=True):
        for name in names:
            _tell(f"  {sign} {name}")
    for problem in documents.problems:
        _tell(f"  ! {problem}")
    table = Table("", *(kind.value for kind in CaseKind))
    for impact in ImpactClass:
        table.add_row(impact.value, *(str(report.total(impact, kind)) for kind in CaseKind))
    Console(highlight=False).print(table)
    for concern in report.concerns:
        _tell(f"{'BLOCKS' if concern.blocks else 'warning'}: {concern.count} {_CONCERNS[concern.rule.value]}")
    page, pages = 1, 1
    while page <= pages:
        found = service.cases(_actor(), update.id, page=page)
        pages, page = found.pages, page + 1
        for seen in found.cases:
            if everything or seen.case.impact is not ImpactClass.UNCHANGED:
                _show(seen)


def _show(seen: CaseSeen) -> None:
    case = seen.case
    subject = f" {case.subject}" if case.subject else f", asked {case.asked}" if case.asked else ""
    question = " ".join(case.question.split())
    _tell(f"\n[{case.impact.value}] {case.kind.value}{subject}: {question[:_QUESTION_CHARACTERS]}")
    for sign, side, shown in (("-", case.before, seen.before), ("+", case.after, seen.after)):
        text = shown.text
        for span in reversed(shown.differing):
            text = f"{text[: span.start]}«{text[span.start : span.end]}»{text[span.end :]}"
        worth = f", {side.outcome}" if side.outcome is not None else ""
        _tell(f"  {sign} ({side.status.value}{worth}) {text}")
    for change in case.sources:
        _tell(f"    {change.document_id}: “{change.before}”")
        _tell(f"      now: {'“' + change.after + '”' if change.after else 'nothing like it'}")


def _local(time_: datetime) -> str:
    from civicbot.records.facts import KOREA

    return f"{time_.astimezone(KOREA):%Y-%m-%d %H:%M} KST"


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    return settings


@contextlib.contextmanager
def _updates(*, opened: bool = False) -> Iterator[LibraryUpdates]:
    """The service; with the library opened where questions are to be asked."""
    from civicbot.errors import IndexMissingError
    from civicbot.records.opening import opened as opened_records
    from civicbot.wiring import Service

    settings = _settings()
    with opened_records(settings) as database:
        database.upgrade()
    service = Service(settings, patient=True, records="database")
    try:
        if opened:
            with contextlib.suppress(IndexMissingError):
                service.open()
        assert service.review is not None
        yield service.review.updates
    finally:
        service.close()


def _actor() -> Actor:
    from civicbot.review.accounts import command_line

    return command_line()


def _tell(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
