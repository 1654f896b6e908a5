"""Question sets: files of JSON lines, one question each, with what a right answer must hold (evals/README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from civicbot.errors import QuestionSetError
from civicbot.model import Facet, Language, Noun

Split = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")
Type = Literal[
    "fact",
    "amount",
    "date",
    "who",
    "where",
    "why",
    "compare",
    "multi",
    "attribution",
    "temporal",
    "false_premise",
    "unanswerable",
    "followup",
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
_NAME = re.compile(r"[\w.-]+")


class Item(Noun):
    """One question of a set.

    Attributes:
        history: earlier turns of the conversation, asked in order before the question.
        must_include: for each required value its variants, any of which will do.
        must_not_include: values that make the answer wrong.
        expected_sources: ids of the digests (``S012``) or documents that tell the answer.
        entity: the glossary key of what is asked about.
        facet: the heading of the brief under which the answer stands.
        pair: the id of the same question in the other language.
        group: a name that all paraphrases of one question share.
    """

    id: Text
    lang: Language
    split: Split
    question: Text
    type: Type
    answerable: bool
    history: tuple[Text, ...] = ()
    must_include: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    must_not_include: tuple[Text, ...] = ()
    expected_sources: tuple[Text, ...] = ()
    entity: str | None = None
    facet: Facet | None = None
    pair: str | None = None
    group: str | None = None


def read_set(folder: Path, name: str) -> tuple[Item, ...]:
    """Reads the set ``name`` from a folder of sets.

    Raises:
        QuestionSetError: there is no such set, it is empty, or a line cannot be used; the message names the file,
            the line and the field.
    """
    path = folder / f"{name}.jsonl"
    if not _NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.jsonl"))) or "none"
        raise QuestionSetError(
            f"There is no question set {name!r} in {str(folder)!r}.",
            hint=f"Sets there: {known}; CIVICBOT_EVALS names the folder.",
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"The question set {path.name!r} cannot be read: {error}.") from error
    return parse_set(lines, path.name)


def parse_set(lines: Sequence[str], file: str) -> tuple[Item, ...]:
    """Reads a set from its lines; blank lines are passed over.

    Args:
        lines: the lines.
        file: the file's name, for messages.

    Raises:
        QuestionSetError: the first thing that is wrong.
    """
    numbered = [(number, _parse(line, f"{file}:{number}")) for number, line in enumerate(lines, 1) if line.strip()]
    by_id: dict[str, Item] = {}
    for number, item in numbered:
        if item.id in by_id:
            raise QuestionSetError(f"{file}:{number}: id: {item.id!r} stands there twice.")
        by_id[item.id] = item
    for number, item in numbered:
        other = by_id.get(item.pair) if item.pair is not None else None
        if item.pair is not None and (other is None or other.lang == item.lang):
            raise QuestionSetError(
                f"{file}:{number}: pair: {item.pair!r} is no question of the other language in this file."
            )
    return tuple(by_id.values())


def select(items: Sequence[Item], splits: Sequence[Split] = SPLITS, limit: int | None = None) -> tuple[Item, ...]:
    """The questions of some splits, at most ``limit`` from the front.

    Raises:
        QuestionSetError: none is left.
    """
    chosen = tuple(item for item in items if item.split in splits)[:limit]
    if not chosen:
        raise QuestionSetError(f"The set has no question in the split {' or '.join(splits)}.", hint="Choose another.")
    return chosen


def pairs(items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The Korean and the English wording of each question that is there in both languages."""
    english = {item.id: item for item in items if item.lang == "en"}
    told: set[str] = set()
    for item in items:
        if item.lang != "ko":
            continue
        other = english.get(item.pair or "") or next((e for e in english.values() if e.pair == item.id), None)
        if other is not None and other.id not in told:
            told.add(other.id)
            yield item, other


def groups(items: Sequence[Item]) -> dict[str, tuple[Item, ...]]:
    """The paraphrase groups of two or more questions, by name."""
    found: dict[str, list[Item]] = {}
    for item in items:
        if item.group is not None:
            found.setdefault(item.group, []).append(item)
    return {name: tuple(members) for name, members in found.items() if len(members) > 1}


def _parse(line: str, where: str) -> Item:
    try:
        return Item.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise QuestionSetError(f"{where}: {field + ': ' if field else ''}{first['msg']}.") from error
