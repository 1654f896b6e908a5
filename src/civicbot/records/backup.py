"""Backups of the records: one file that either kind of database can be restored from.

It is a zip archive with a file of JSON lines for each table and ``manifest.json``, which tells the version of the
tables, how many rows each file has and its SHA-256. An archive of an older version is brought up to date on the way.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydantic import AwareDatetime
from sqlalchemy import URL, Connection, Date, DateTime, Integer, MetaData, Table, false, func, insert, select, text
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from civicbot import __version__
from civicbot.errors import BackupError
from civicbot.model import Noun
from civicbot.records import migrations
from civicbot.records.database import Database
from civicbot.records.files import new_file
from civicbot.records.guards import unguarded
from civicbot.records.tables import Base
from civicbot.records.tables.facts import DERIVED
from civicbot.records.tables.staff import NOT_IN_BACKUPS

MANIFEST = "manifest.json"
_BATCH = 500
_DAMAGED = frozenset({"SQLITE_NOTADB", "SQLITE_CORRUPT"})


class TableInBackup(Noun):
    """What an archive says of one table."""

    rows: int
    sha256: str


class Manifest(Noun):
    """What an archive says of itself."""

    format: Literal[1] = 1
    schema_version: str
    app: str
    written: AwareDatetime
    tables: dict[str, TableInBackup]

    @property
    def rows(self) -> int:
        """How many rows the archive has."""
        return sum(table.rows for table in self.tables.values())


def backup(database: Database, file: Path) -> Manifest:
    """Writes all records, as they are at one moment, to a new file; a running server is not held up.

    Raises:
        BackupError: there are no records, or the file cannot be written.
        SQLAlchemyError: the records cannot be read.
    """
    with database.snapshot() as connection:
        return _write(connection, file)


def restore(database: Database, file: Path, *, force: bool = False, keep: Path) -> tuple[Manifest, Path | None]:
    """Puts the records of a backup in the place of those in a database, all or nothing.

    Args:
        database: of either kind, whichever the backup was made of.
        file: what :func:`backup` has written.
        force: whether records that are there may be replaced; they are written to a backup of their own first.
        keep: the folder for that.

    Returns:
        What the backup says of itself, and where the old records are, if there were any.

    Raises:
        BackupError: the file is no backup or is damaged, or there are records and ``force`` is not given.
        RecordsVersionError: the backup, or the database, was written by a newer program.
        SQLAlchemyError: the database cannot be used.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    with tempfile.TemporaryDirectory(prefix="civicbot-") as scratch:
        source = Database(URL.create("sqlite", database=str(Path(scratch) / "restored.sqlite3")))
        try:
            manifest = _load(source, file)
            kept = keep / f"records-before-restore-{stamp}.zip"
            try:
                return manifest, _fill(database, source, force=force, keep=kept)
            except DatabaseError as error:
                if getattr(error.orig, "sqlite_errorname", "") not in _DAMAGED or database.file is None:
                    raise
            return manifest, _fill_anew(database, database.file, source, force=force, stamp=stamp)
        finally:
            source.close()


def _write(connection: Connection, file: Path) -> Manifest:
    version = migrations.version_of(connection)
    if version is None:
        raise BackupError("There are no records yet.", hint="The server's first start makes them.")
    written: dict[str, TableInBackup] = {}
    with new_file(file) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in _tables(connection):
            with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                written[table.name] = _write_table(connection, table, lines)  # type: ignore[arg-type]
        manifest = Manifest(schema_version=version, app=__version__, written=datetime.now(UTC), tables=written)
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are in the database, whatever its version, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _write_table(connection: Connection, table: Table, lines: BinaryIO) -> TableInBackup:
    digest, count = hashlib.sha256(), 0
    found = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_BATCH)
    if table.name in NOT_IN_BACKUPS | DERIVED:
        found = found.where(false())
    for count, row in enumerate(connection.execute(found).mappings(), 1):  # noqa: B007
        line = json.dumps({name: _plain(row[name]) for name in row}, ensure_ascii=False)
        encoded = f"{line}\n".encode()
        digest.update(encoded)
        lines.write(encoded)
    return TableInBackup(rows=count, sha256=digest.hexdigest())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo is not None else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _load(source: Database, file: Path) -> Manifest:
    """Fills an empty SQLite database from a backup and brings it up to date."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest.model_validate_json(archive.read(MANIFEST))
            migrations.check(manifest.schema_version)
            with source.changing() as connection:
                migrations.migrate(connection, manifest.schema_version)
                for table in _tables(connection):
                    _verify(archive, table.name, manifest.tables[table.name])
                    _load_table(connection, table, archive)
    except OSError as error:
        raise BackupError(f"{str(file)!r} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, SQLAlchemyError) as error:
        raise BackupError(f"{str(file)!r} is no backup of the records, or is damaged.") from error
    source.upgrade()
    return manifest


def _verify(archive: zipfile.ZipFile, name: str, told: TableInBackup) -> None:
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{name}.jsonl") as lines:
        for count, line in enumerate(lines, 1):  # noqa: B007
            digest.update(line)
    if told != TableInBackup(rows=count, sha256=digest.hexdigest()):
        raise ValueError(f"{name} is not what the manifest says")


def _load_table(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    with archive.open(f"{table.name}.jsonl") as lines:
        while batch := list(islice(lines, _BATCH)):
            connection.execute(insert(table), [_values(table, json.loads(line)) for line in batch])


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    values = {}
    for name, column in table.columns.items():
        value = row[name]
        if value is not None and isinstance(column.type, DateTime):
            value = datetime.fromisoformat(value).astimezone(UTC).replace(tzinfo=None)
        elif value is not None and isinstance(column.type, Date):
            value = datetime.fromisoformat(value).date()
        values[name] = value
    return values


def _fill(database: Database, source: Database, *, force: bool, keep: Path) -> Path | None:
    """Replaces what is in the database; returns where that is kept, None when there was nothing."""
    database.upgrade()
    tables = Base.metadata.sorted_tables
    with source.engine.connect() as restored, database.changing() as connection:
        if database.file is None:
            names = ", ".join(table.name for table in tables)
            connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
        found = any(connection.execute(select(table).limit(1)).first() is not None for table in tables)
        if found and not force:
            raise BackupError(
                "There are records already.",
                hint="Give --force to replace them; they are kept in a backup of their own.",
            )
        if found:
            _write(connection, keep)
        with unguarded(connection):
            for table in reversed(tables):
                connection.execute(table.delete())
        for table in tables:
            for rows in _read_all(restored, table):
                connection.execute(insert(table), rows)
            if database.file is None:
                _set_sequence(connection, table)
    return keep if found else None


def _fill_anew(database: Database, file: Path, source: Database, *, force: bool, stamp: str) -> Path:
    """Moves a file that cannot be read out of the way and fills a new one."""
    if not force:
        raise BackupError(
            f"The records in {str(file)!r} are damaged.", hint="Give --force to move them aside and restore the backup."
        )
    database.close()
    kept = file.with_name(f"{file.name}.damaged-{stamp}")
    file.rename(kept)
    for suffix in ("-wal", "-shm"):
        journal = file.with_name(file.name + suffix)
        if journal.exists():
            journal.rename(kept.with_name(kept.name + suffix))
    _fill(database, source, force=False, keep=kept)
    return kept


def _read_all(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    result = connection.execute(select(table).execution_options(yield_per=_BATCH)).mappings()
    for rows in result.partitions():
        yield [dict(row) for row in rows]


def _set_sequence(connection: Connection, table: Table) -> None:
    """Numbers given by PostgreSQL go on behind those that were restored."""
    (key, *others) = table.primary_key.columns
    if others or not isinstance(key.type, Integer):
        return
    name = text("SELECT pg_get_serial_sequence(:table, :column)")
    sequence = connection.execute(name, {"table": table.name, "column": key.name}).scalar()
    highest = connection.execute(select(func.max(key))).scalar()
    if sequence is not None and highest is not None:
        connection.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
