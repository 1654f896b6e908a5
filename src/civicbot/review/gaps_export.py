"""Gaps as files: a table for spreadsheets, and JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from civicbot.review.gaps_nouns import Gap

Names = Mapping[str, tuple[str, str]]
"""How glossary keys are called in Korean and English."""

_COLUMNS = (
    *("key", "label", "languages", "entity", "entity_ko", "entity_en", "facet", "kind", "asked", "residents"),
    *("asked_before", "weeks", "statuses", "step", "nearest_document", "nearest_heading", "nearest_sentence"),
    *("nearest_score", "last_asked", "edited_at", "questions", "internal_only"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(gaps: Iterable[Gap], names: Names) -> str:
    """A line for each gap; it begins with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for gap in gaps:
        writer.writerow(_cell(value) for value in _row(gap, names))
    return out.getvalue()


def as_jsonl(gaps: Iterable[Gap], names: Names) -> str:
    """A JSON object on a line for each gap; ``few`` says that its questions must stay within the house."""
    lines = []
    for gap in gaps:
        ko, en = names.get(gap.entity or "", ("", ""))
        told = {**gap.model_dump(mode="json"), "entity_names": {"ko": ko, "en": en}, "internal_only": gap.few}
        lines.append(json.dumps(told, ensure_ascii=False))
    return "".join(f"{line}\n" for line in lines)


def _row(gap: Gap, names: Names) -> Sequence[object]:
    ko, en = names.get(gap.entity or "", ("", ""))
    near = gap.nearest
    return (
        gap.key,
        gap.label,
        " ".join(gap.languages),
        gap.entity,
        ko,
        en,
        gap.facet.value if gap.facet else None,
        gap.kind.value if gap.kind else None,
        gap.asked,
        gap.residents,
        gap.before,
        " ".join(map(str, gap.weeks)),
        " ".join(f"{status.value}:{count}" for status, count in gap.statuses.items()),
        gap.step.value,
        near.document_id if near else None,
        near.heading if near else None,
        near.sentence if near else None,
        round(near.score, 3) if near else None,
        gap.last_asked.isoformat(timespec="seconds"),
        gap.edited_at.isoformat(timespec="seconds") if gap.edited_at else None,
        "\n".join(one.question for one in gap.examples),
        "yes" if gap.few else "no",
    )


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
