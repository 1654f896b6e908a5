from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.records.samples import exchange

from civicbot.errors import BackupError
from civicbot.model import Exchange, Feedback
from civicbot.records.export import export
from civicbot.records.files import new_file
from civicbot.records.store import Records


def exported(records: Records, form: str) -> tuple[int, str]:
    out = io.StringIO(newline="")
    number = export(records, out, "csv" if form == "csv" else "jsonl")
    return number, out.getvalue()


def cells(records: Records) -> list[dict[str, str]]:
    _, text = exported(records, "csv")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def add(records: Records, question: str = "얼마야?") -> Exchange:
    kept = exchange(records.start(), question)
    records.remember(kept)
    return kept


def test_lines_hold_everything_but_codes(records: Records) -> None:
    kept, silent = add(records), add(records)
    records.add_feedback(kept.answer.id, Feedback(helpful=False, reasons=("old",), comment="옛날"))
    ticket = records.open_ticket(kept.answer.id, "알려 주세요")
    records.reply(ticket.code, "네")
    number, text = exported(records, "jsonl")
    assert number == 2
    rows = {row["answer"]["id"]: row for row in map(json.loads, text.splitlines())}
    row = rows[kept.answer.id]
    assert row["feedback"] == {"helpful": False, "reasons": ["old"], "comment": "옛날"}
    (told,) = row["tickets"]
    assert (told["state"], told["message"], told["reply"]) == ("answered", "알려 주세요", "네")
    assert (rows[silent.answer.id]["feedback"], rows[silent.answer.id]["tickets"]) == (None, [])
    assert ticket.code not in text
    assert "옛날" in text
    del row["feedback"], row["tickets"]
    assert Exchange.model_validate(row) == kept


def test_cells(records: Records) -> None:
    kept = add(records, '그는 "네,\n아니오"라고; 했나?')
    records.add_feedback(kept.answer.id, Feedback(helpful=True, reasons=("a", "b")))
    ticket = records.open_ticket(kept.answer.id, None)
    (row,) = cells(records)
    assert row["question"] == kept.question
    assert (row["asked_at"], row["status"], row["sources"]) == ("2026-11-22T03:04:05+00:00", "answered", "S001-ko")
    assert (row["helpful"], row["reasons"], row["comment"]) == ("yes", "a b", "")
    assert (row["ticket"], row["ticket_message"]) == ("open", "")
    assert (row["site"], row["confidence"], row["masked"]) == ("", "0.8125", "phone")
    assert ticket.code not in repr(row)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", " =", "\u3000＠"])
def test_no_cell_is_a_formula(records: Records, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    kept = add(records, text)
    records.add_feedback(kept.answer.id, Feedback(helpful=False, comment=text))
    records.open_ticket(kept.answer.id, text)
    (row,) = cells(records)
    assert row["question"] == row["comment"] == row["ticket_message"] == f"'{text}"


def test_nothing_to_export(records: Records) -> None:
    assert exported(records, "jsonl") == (0, "")
    assert cells(records) == []
    assert "question" in exported(records, "csv")[1]


def test_many_are_read_bit_by_bit(records: Records) -> None:
    for number in range(205):
        kept = add(records, str(number))
        records.add_feedback(kept.answer.id, Feedback(helpful=number % 2 == 0))
    rows = cells(records)
    assert len(rows) == 205
    assert all(row["helpful"] == ("yes" if int(row["question"]) % 2 == 0 else "no") for row in rows)


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    def fail() -> None:
        with new_file(tmp_path / "export.csv") as file:
            file.write(b"half")
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="middle"):
        fail()
    assert list(tmp_path.iterdir()) == []
    with new_file(tmp_path / "export.csv") as file:
        file.write(b"whole")
    assert (tmp_path / "export.csv").read_bytes() == b"whole"
    with pytest.raises(BackupError, match="is there already"), new_file(tmp_path / "export.csv"):
        pass
