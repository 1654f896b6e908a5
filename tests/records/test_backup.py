"""Backups, on both kinds of database and from one to the other."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.records.conftest import KINDS, mask
from tests.records.samples import Kind, exchange
from tests.records.steps import LATER, add_step

from civicbot.errors import BackupError, RecordsVersionError
from civicbot.model import AnswerStatus, Exchange, Feedback, Ticket
from civicbot.records.backup import MANIFEST, backup, restore
from civicbot.records.counts import count
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.records.tables import Base, ExchangeRow


def fill(records: Records) -> tuple[Exchange, Ticket]:
    """Some of everything."""
    kept = exchange(records.start(), "‘뜻’이 \\ 뭐야?\n", status=AnswerStatus.NO_EVIDENCE, site="buk")
    for each in (kept, exchange(kept.answer.conversation_id), exchange(records.start(), language="en")):
        records.remember(each)
        records.add_feedback(each.answer.id, Feedback(helpful=False, reasons=("old",), comment="옛날 값"))
    ticket = records.open_ticket(kept.answer.id, "알려 주세요")
    return kept, records.reply(ticket.code, "네")


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.mark.parametrize("target", KINDS)
def test_there_and_back(
    records: Records,
    archive: Path,
    target: Kind,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    tmp_path: Path,
) -> None:
    kept, ticket = fill(records)
    manifest = backup(records.database, archive)
    assert manifest.rows == 2 + 3 + 3 + 1
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    other = opened(address_of(target))
    restored, old = restore(other, archive, keep=tmp_path)
    assert (restored, old) == (manifest, None)
    assert rows(other) == rows(records.database)
    again = Records(other, mask=mask)
    assert again.exchange(kept.answer.id) == kept
    assert again.ticket(ticket.code) == ticket
    # Numbers that the database gives go on.
    again.add_feedback(kept.answer.id, Feedback(helpful=True))
    assert again.remember(exchange(kept.answer.conversation_id))
    with other.reading() as session:
        own = ExchangeRow.conversation_id == kept.answer.conversation_id
        assert session.scalars(select(ExchangeRow.ordinal).where(own).order_by(ExchangeRow.ordinal)).all() == [1, 2, 3]


def test_records_that_are_there_are_replaced_only_on_demand_and_kept(
    records: Records, archive: Path, tmp_path: Path
) -> None:
    fill(records)
    backup(records.database, archive)
    later = exchange(records.start())
    records.remember(later)
    before = rows(records.database)
    with pytest.raises(BackupError, match="There are records already"):
        restore(records.database, archive, keep=tmp_path)
    assert rows(records.database) == before
    _, kept = restore(records.database, archive, force=True, keep=tmp_path)
    assert kept is not None
    assert kept.parent == tmp_path
    assert count(records.database).exchanges == 3
    restore(records.database, kept, force=True, keep=tmp_path / ".")
    assert rows(records.database) == before


def test_nothing_is_backed_up_of_nothing(database: Database, archive: Path) -> None:
    with pytest.raises(BackupError, match="no records yet"):
        backup(database, archive)
    assert not archive.exists()


def test_no_file_is_overwritten(records: Records, archive: Path) -> None:
    archive.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError, match="is there already"):
        backup(records.database, archive)
    assert archive.read_text(encoding="utf-8") == "mine"
    with pytest.raises(BackupError, match="cannot be written"):
        backup(records.database, archive.parent / "none" / "backup.zip")
    assert [path.name for path in archive.parent.glob(".*")] == []


def rewrite(archive: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(archive) as old:
        contents = {each: old.read(each) for each in old.namelist()}
    with zipfile.ZipFile(archive, "w") as new:
        for each, content in contents.items():
            new.writestr(each, change(content) if each == name else content)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("exchanges.jsonl", lambda content: content.replace(b"1", b"2", 1)),
        ("exchanges.jsonl", lambda content: content[: len(content) // 2]),
        ("feedback.jsonl", lambda _: b""),
        ("tickets.jsonl", lambda content: content + content),
        (MANIFEST, lambda _: b"{}"),
        (MANIFEST, lambda content: content.replace(b'"format": 1', b'"format": 2')),
    ],
)
def test_a_damaged_backup_is_refused(
    records: Records, archive: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    fill(records)
    backup(records.database, archive)
    before = rows(records.database)
    rewrite(archive, name, change)
    with pytest.raises(BackupError, match="is no backup of the records, or is damaged"):
        restore(records.database, archive, force=True, keep=tmp_path)
    assert rows(records.database) == before


def test_what_is_no_backup(records: Records, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(BackupError, match="is no backup"):
        restore(records.database, other, keep=tmp_path)
    with pytest.raises(BackupError, match="cannot be read"):
        restore(records.database, tmp_path / "none.zip", keep=tmp_path)


def test_a_backup_of_a_newer_program_is_refused(records: Records, archive: Path, tmp_path: Path) -> None:
    backup(records.database, archive)
    manifest = json.loads(zipfile.ZipFile(archive).read(MANIFEST)) | {"schema_version": "9999"}
    rewrite(archive, MANIFEST, lambda _: json.dumps(manifest).encode())
    with pytest.raises(RecordsVersionError, match="9999"):
        restore(records.database, archive, keep=tmp_path)


def test_an_older_backup_is_brought_up_to_date(
    records: Records,
    archive: Path,
    tmp_path: Path,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    kind: Kind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, _ = fill(records)
    backup(records.database, archive)
    add_step(monkeypatch, tmp_path / "migrations", "UPDATE exchanges SET site = 'moved'")
    other = opened(address_of(kind))
    restore(other, archive, keep=tmp_path)
    assert other.version() == LATER
    assert [each.site for each in Records(other, mask=mask).conversation(kept.answer.conversation_id)] == ["moved"] * 2
    # A backup is made of what is there, also before its database is brought up to date.
    early = tmp_path / "early.zip"
    assert backup(records.database, early).schema_version != LATER
    records.open()
    assert records.database.version() == LATER
    assert records.exchange(kept.answer.id).site == "moved"


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_damaged_file_is_moved_aside(kind: Kind, records: Records, archive: Path, tmp_path: Path) -> None:
    del kind
    kept, _ = fill(records)
    backup(records.database, archive)
    file = records.database.file
    assert file is not None
    records.close()
    file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(BackupError, match="are damaged"):
        restore(records.database, archive, keep=tmp_path)
    _, aside = restore(records.database, archive, force=True, keep=tmp_path)
    assert aside is not None
    assert aside.read_bytes().startswith(b"no database")
    assert records.exchange(kept.answer.id) == kept
