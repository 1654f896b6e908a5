"""The commands `civicbot records …`: what is kept, deleting, exporting, backing up and restoring it."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from civicbot.records.database import Database
    from civicbot.records.store import Records

records = typer.Typer(help="What was asked and answered: keep, delete, export, back up.", no_args_is_help=True)


class FormatChoice(StrEnum):
    """How exchanges are exported."""

    JSONL = "jsonl"
    CSV = "csv"


@records.command()
def status() -> None:
    """Tell where the records are, their version, and how many there are."""
    from civicbot.records import migrations
    from civicbot.records.counts import count

    out = Console(highlight=False)
    with _database(_settings()) as database:
        out.print(database.where, markup=False, soft_wrap=True)
        if database.absent or (version := database.version()) is None:
            out.print("There are no records yet; the server's first start makes them.")
            return
        if version != migrations.newest():
            migrations.check(version)
            out.print(f"Version {version}; `civicbot records migrate` brings it to {migrations.newest()}.")
            return
        database.probe()
        found = count(database)
    out.print(f"Version {version}, readable and writable.")
    table = Table(show_header=False)
    for name, number in found.model_dump(exclude={"oldest", "newest"}).items():
        table.add_row(name.replace("_", " "), f"{number:,}")
    for name, time in (("oldest", found.oldest), ("newest", found.newest)):
        table.add_row(name, f"{time:%Y-%m-%d %H:%M} UTC" if time is not None else "—")
    out.print(table)


@records.command()
def purge(
    days: Annotated[
        int | None, typer.Option(min=0, help="Keep what was asked in the last so many days; CIVICBOT_RETENTION_DAYS.")
    ] = None,
) -> None:
    """Delete exchanges that are too old, with their feedback and tickets; the server does it daily."""
    from civicbot.records.retention import limit
    from civicbot.records.retention import purge as run

    settings = _settings()
    before = limit(settings.retention_days if days is None else days, datetime.now(UTC))
    with _database(settings) as database:
        database.upgrade()
        gone = run(database, before)
    Console(highlight=False).print(
        f"Deleted what was asked before {before:%Y-%m-%d %H:%M} UTC: {gone.exchanges:,} exchanges, "
        f"{gone.conversations:,} conversations, {gone.feedback:,} feedback, {gone.tickets:,} tickets.",
        soft_wrap=True,
    )


@records.command()
def forget(
    key: Annotated[str, typer.Argument(metavar="ID", help="Of a conversation or an answer, or a ticket's code.")],
) -> None:
    """Delete one conversation with its feedback and tickets, when its resident wishes it."""
    from civicbot.records.forget import forget as run

    with _database(_settings()) as database:
        database.upgrade()
        gone = run(database, key)
    _told(f"Deleted {gone.exchanges:,} exchanges, {gone.feedback:,} feedback and {gone.tickets:,} tickets.")


@records.command()
def export(
    form: Annotated[FormatChoice, typer.Option("--format", help="JSON lines, or CSV for spreadsheets.")],
    output: Annotated[Path | None, typer.Option(help="A new file; standard output by default.")] = None,
) -> None:
    """Write all exchanges with feedback and tickets, the oldest first."""
    from civicbot.records.export import export as run
    from civicbot.records.files import new_file

    with _store(_settings()) as store:
        if output is None:
            with _plain_output() as out:
                run(store, out, form.value)
            return
        with new_file(output) as file:
            out = io.TextIOWrapper(file, "utf-8", newline="")
            written = run(store, out, form.value)
            out.flush()
            out.detach()
    Console(highlight=False).print(f"{written:,} exchanges are in {output}.", markup=False, soft_wrap=True)


@records.command()
def backup(file: Annotated[Path, typer.Argument(help="A new file, e.g. records-2026-11-22.zip.")]) -> None:
    """Write all records to a file; the server may run on."""
    from civicbot.errors import BackupError
    from civicbot.records.backup import backup as run

    with _database(_settings()) as database:
        if database.absent:
            raise BackupError("There are no records yet.", hint="The server's first start makes them.")
        manifest = run(database, file)
    _told(f"{manifest.rows:,} rows of {len(manifest.tables)} tables are in {file}.")


@records.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `civicbot records backup` has written.")],
    force: Annotated[bool, typer.Option("--force", help="Replace what is there; it is kept aside.")] = False,
) -> None:
    """Put the records of a backup in place, in SQLite or PostgreSQL, whichever it was made of."""
    from civicbot.records.backup import restore as run

    settings = _settings()
    with _database(settings) as database:
        manifest, kept = run(database, file, force=force, keep=settings.data)
    if kept is not None:
        _told(f"What was there is in {kept}.")
    _told(f"{manifest.rows:,} rows are restored; they were backed up at {manifest.written:%Y-%m-%d %H:%M} UTC.")


@records.command()
def migrate() -> None:
    """Make the tables, or bring them up to this version; the server does it when it starts."""
    with _database(_settings()) as database:
        done = database.upgrade()
        _told(f"The records are of version {database.version()}{'' if done else '; there was nothing to do'}.")


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    return settings


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    from civicbot.records.opening import opened

    with opened(settings) as database:
        yield database


@contextlib.contextmanager
def _store(settings: Settings) -> Iterator[Records]:
    from civicbot.records.store import Records

    with _database(settings) as database:
        store = Records(database, mask=lambda text, _: text)
        store.open()
        yield store


@contextlib.contextmanager
def _plain_output() -> Iterator[io.TextIOWrapper]:
    """Standard output in UTF-8, with line ends as they are written."""
    sys.stdout.flush()
    out = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    try:
        yield out
        out.flush()
    finally:
        out.detach()


def _told(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
