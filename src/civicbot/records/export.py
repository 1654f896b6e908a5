"""All exchanges in one file, for people with a spreadsheet (CSV) or a program (JSON lines)."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Literal, TextIO

from civicbot.model import Exchange, Feedback, Noun, Ticket
from civicbot.records.store import Records

Format = Literal["jsonl", "csv"]

_BATCH = 200
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class Kept(Noun):
    """An exchange and what was said about it; of tickets without their codes, which open them."""

    exchange: Exchange
    feedback: Feedback | None
    tickets: tuple[Ticket, ...]


def export(records: Records, out: TextIO, form: Format) -> int:
    """Writes all exchanges, the oldest first; returns how many.

    Args:
        records: where they are.
        out: what is written to, in UTF-8; for CSV opened with ``newline=""``.
        form: ``csv`` begins with a byte order mark, without which Excel misreads Korean.
    """
    return _write_csv(_kept(records), out) if form == "csv" else _write_lines(_kept(records), out)


def _kept(records: Records) -> Iterator[Kept]:
    exchanges = records.iter_exchanges()
    while batch := list(islice(exchanges, _BATCH)):
        ids = [exchange.answer.id for exchange in batch]
        feedback, tickets = records.feedback_on(ids), records.tickets_on(ids)
        for exchange in batch:
            key = exchange.answer.id
            yield Kept(exchange=exchange, feedback=feedback.get(key), tickets=tickets.get(key, ()))


def _write_lines(kept: Iterable[Kept], out: TextIO) -> int:
    count = 0
    for count, each in enumerate(kept, 1):  # noqa: B007 - the last one is how many there were
        row: dict[str, Any] = each.exchange.model_dump(mode="json")
        row["feedback"] = each.feedback.model_dump(mode="json") if each.feedback is not None else None
        row["tickets"] = [
            ticket.model_dump(mode="json", include={"state", "message", "reply", "opened_at", "updated_at"})
            for ticket in each.tickets
        ]
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return count


def _write_csv(kept: Iterable[Kept], out: TextIO) -> int:
    count = 0
    out.write(_MARK)
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for count, each in enumerate(kept, 1):  # noqa: B007
        writer.writerow(_cell(read(each)) for read in _COLUMNS.values())
    return count


def _helpful(kept: Kept) -> str | None:
    if kept.feedback is None:
        return None
    return "yes" if kept.feedback.helpful else "no"


_COLUMNS: dict[str, Callable[[Kept], object]] = {
    "answer_id": lambda kept: kept.exchange.answer.id,
    "conversation_id": lambda kept: kept.exchange.answer.conversation_id,
    "asked_at": lambda kept: kept.exchange.asked_at.isoformat(timespec="seconds"),
    "channel": lambda kept: kept.exchange.channel,
    "site": lambda kept: kept.exchange.site,
    "language": lambda kept: kept.exchange.answer.language,
    "question": lambda kept: kept.exchange.question,
    "standalone": lambda kept: kept.exchange.standalone,
    "status": lambda kept: kept.exchange.answer.status.value,
    "confidence": lambda kept: kept.exchange.answer.confidence,
    "answer": lambda kept: kept.exchange.answer.text,
    "sources": lambda kept: " ".join(citation.document_id for citation in kept.exchange.answer.citations),
    "notices": lambda kept: " ".join(notice.kind.value for notice in kept.exchange.answer.notices),
    "masked": lambda kept: " ".join(kept.exchange.masked),
    "seconds": lambda kept: round(kept.exchange.seconds, 4),
    "app": lambda kept: kept.exchange.answer.versions.app,
    "index": lambda kept: kept.exchange.answer.versions.index,
    "helpful": _helpful,
    "reasons": lambda kept: " ".join(kept.feedback.reasons) if kept.feedback is not None else None,
    "comment": lambda kept: kept.feedback.comment if kept.feedback is not None else None,
    "ticket": lambda kept: kept.tickets[-1].state.value if kept.tickets else None,
    "ticket_message": lambda kept: kept.tickets[-1].message if kept.tickets else None,
    "ticket_reply": lambda kept: kept.tickets[-1].reply if kept.tickets else None,
}
"""The columns of a CSV file; of several tickets about an answer the newest is told."""


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula, whatever a resident wrote."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA) else text
