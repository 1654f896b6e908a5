"""Measures whether approved answers are given to the questions they answer, and to no other one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from civicbot.answering.approved import ApprovedMatcher, Match
from civicbot.errors import QuestionSetError
from civicbot.evaluation.questions import Split
from civicbot.model import Language, Noun
from civicbot.retrieval.opened import OpenGeneration
from civicbot.statistics import Share, share

FOLDER = "approved"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class Pair(Noun):
    """An approved question and what a resident asks; see evals/approved/README.md.

    Attributes:
        change: what of it differs, where it is another question.
    """

    id: Text
    split: Split
    approved: Text
    question: Text
    variants: tuple[Text, ...] = ()
    asked: Text
    same: bool
    change: str = ""


class PooledQuestion(Noun):
    """An approved question of the set, as the matcher takes it."""

    id: int
    language: Language
    wordings: tuple[Text, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Mismatch:
    """A question that got, or would get, a wrong approved answer.

    Attributes:
        id: of the pair; left out for the test split, which nobody should read.
        split: of the pair.
        change: what differs; ``pool`` for a paraphrase that matched another approved question.
    """

    id: str
    split: Split
    change: str


@dataclass(frozen=True)
class SamenessScores:
    """What was measured for one language.

    Attributes:
        matched: share of the paraphrases that matched their question.
        pairs: number of near misses.
        wrong: the false matches.
        changes: near misses by kind of change: (false matches, all).
    """

    language: Language
    matched: Share
    pairs: int
    wrong: tuple[Mismatch, ...]
    changes: dict[str, tuple[int, int]]


def read_pairs(evals: Path, language: Language) -> tuple[Pair, ...]:
    """The pairs of a language; none where there is no file of them.

    Raises:
        QuestionSetError: a line is no pair; the message names it.
    """
    path = evals / FOLDER / f"{language}.jsonl"
    if not path.exists():
        return ()
    pairs = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{path} cannot be read: {error}.", hint="It must be a text file in UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            pairs.append(Pair.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise QuestionSetError(
                f"{path}, line {number}: not a pair of questions.", hint=f"See evals/{FOLDER}/README.md."
            ) from error
    return tuple(pairs)


def measure(pairs: Sequence[Pair], language: Language, generation: OpenGeneration, year: int) -> SamenessScores:
    """Measures the matcher: each question against its own approved one, and paraphrases against all of them.

    Args:
        pairs: of one language.
        language: theirs.
        generation: the library that the matcher knows names by.
        year: in which the questions are asked.
    """
    pool = _pool(pairs, language)
    alone = {key: ApprovedMatcher((one,), generation, year) for key, one in pool.items()}
    every = ApprovedMatcher(tuple(pool.values()), generation, year)
    told = {pair.id: alone[pair.approved].match(pair.asked, language) for pair in pairs}
    wrong = [_mismatch(pair, pair.change) for pair in pairs if not pair.same and told[pair.id]]
    for pair in pairs:
        match = every.match(pair.asked, language) if pair.same else None
        if match is not None and _another(match, pair, pool, alone):
            wrong.append(_mismatch(pair, "pool"))
    changes: dict[str, tuple[int, int]] = {}
    for pair in (pair for pair in pairs if not pair.same):
        false, total = changes.get(pair.change, (0, 0))
        changes[pair.change] = (false + bool(told[pair.id]), total + 1)
    return SamenessScores(
        language=language,
        matched=share([told[pair.id] is not None for pair in pairs if pair.same]),
        pairs=sum(not pair.same for pair in pairs),
        wrong=tuple(wrong),
        changes=dict(sorted(changes.items())),
    )


def _pool(pairs: Sequence[Pair], language: Language) -> dict[str, PooledQuestion]:
    found: dict[str, PooledQuestion] = {}
    for pair in pairs:
        if pair.approved not in found:
            wordings = (pair.question, *pair.variants)
            found[pair.approved] = PooledQuestion(id=len(found), language=language, wordings=wordings)
    return found


def _another(match: Match, pair: Pair, pool: dict[str, PooledQuestion], alone: dict[str, ApprovedMatcher]) -> bool:
    """Whether a match is another approved question, and not the same one approved twice."""
    own = pool[pair.approved]
    return match.id != own.id and not any(
        alone[pair.approved].match(wording, own.language)
        for one in pool.values()
        if one.id == match.id
        for wording in one.wordings
    )


def _mismatch(pair: Pair, change: str) -> Mismatch:
    return Mismatch(pair.id if pair.split == "dev" else "", pair.split, change)


def figures(scores: Sequence[SamenessScores]) -> Iterator[dict[str, object]]:
    """The scores as plain values, for JSON."""
    for each in scores:
        low, high = each.matched.interval
        yield {
            "language": each.language,
            "paraphrases": each.matched.total,
            "matched": each.matched.hits,
            "share": round(each.matched.value, 4),
            "interval": [round(low, 4), round(high, 4)],
            "near_misses": each.pairs,
            "false_matches": len(each.wrong),
            "false": [{"id": one.id, "split": one.split, "change": one.change} for one in each.wrong],
            "changes": {change: {"false": false, "of": total} for change, (false, total) in each.changes.items()},
        }
