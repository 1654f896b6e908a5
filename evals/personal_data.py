"""Measures how much personal data is found, and how often something else is taken for it.

    python -m evals.personal_data --set evals/personal/dev.jsonl --show

A line is ``{"id", "lang", "text", "personal": [{"kind", "text"}, ...]}``; without ``personal`` nothing in it may be
masked. A piece of personal data is found when at least nine tenths of its characters lie in what was masked, whatever
the kind. Contacts that stand in the corpus are public, as they are for the service.

``--show`` prints the lines that fail. Use it with the dev set only: the test set tells how well the detectors do on
lines that nobody has tuned them for.

Exit status: 0 when all shares asked for are reached, 1 when one is not, 2 when a file is missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from civicbot.language.personal import Found, PersonalKind, mask_personal, public_contacts
from civicbot.library.checks.papers import read_papers
from civicbot.library.files import read_corpus
from civicbot.model import Language, Noun

REPOSITORY = Path(__file__).resolve().parents[1]
CORPUS = REPOSITORY / "corpus"
DEV, TEST = REPOSITORY / "evals" / "personal" / "dev.jsonl", REPOSITORY / "evals" / "personal" / "test.jsonl"
_ENOUGH = 0.9
LEAST_REGISTRATION, LEAST_OVERALL, MOST_FALSE = 0.99, 0.97, 0.01
"""What issue and test ask for: recall on registration numbers and overall, share of clean lines that are changed."""


class Piece(Noun):
    """A piece of personal data as the set's writer marked it."""

    kind: PersonalKind
    text: str


class Line(Noun):
    """A line of a set."""

    id: str
    lang: Language
    text: str
    personal: tuple[Piece, ...] = ()


@dataclass
class Report:
    """What was found.

    Attributes:
        asked: pieces of personal data by kind and by language.
        found: those that were found.
        clean: how many lines hold nothing personal.
        taken_for: what clean lines were taken to hold, by kind.
        missed: the lines with a piece that was not found, as (line, piece, masked text).
        wrong: the clean lines that were changed, as (line, masked text).
    """

    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    clean: int = 0
    taken_for: Counter[str] = field(default_factory=Counter)
    # Not shown when a test fails: the lines of the test set are for nobody who writes detectors.
    missed: list[tuple[Line, Piece, str]] = field(default_factory=list, repr=False)
    wrong: list[tuple[Line, str]] = field(default_factory=list, repr=False)

    def recall(self, key: str = "overall") -> float:
        """The share of pieces found of a kind, of a language or overall; 1 when there are none."""
        return self.found[key] / self.asked[key] if self.asked[key] else 1.0

    @property
    def false_positives(self) -> float:
        """The share of clean lines that were changed."""
        return len(self.wrong) / self.clean if self.clean else 0.0

    @property
    def good_enough(self) -> bool:
        """Whether all shares asked for are reached."""
        enough = self.recall(PersonalKind.REGISTRATION_NUMBER) >= LEAST_REGISTRATION
        return enough and self.recall() >= LEAST_OVERALL and self.false_positives <= MOST_FALSE


def measure(path: Path) -> Report:
    """Masks every line of a set and counts."""
    report = Report()
    for row in path.read_text("utf-8").split("\n"):
        if row.strip():
            _count(report, Line.model_validate(json.loads(row)))
    return report


@cache
def corpus_contacts() -> frozenset[str]:
    """The contacts that stand in the repository's corpus."""
    papers = read_papers(read_corpus(CORPUS).files)
    return public_contacts(s.text for paper in papers for part in paper.parts for s in part.sentences)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the shares; see the module's text for the exit status."""
    parser = argparse.ArgumentParser(description="Measure how personal data is found.")
    parser.add_argument("--set", type=Path, default=TEST, help="the set of lines (JSON Lines)")
    parser.add_argument("--show", action="store_true", help="print the lines that fail (for the dev set)")
    options = parser.parse_args(arguments)
    if not options.set.exists():
        print(f"There is no set of lines {str(options.set)!r}.", file=sys.stderr)
        return 2
    report = measure(options.set)
    _print(report)
    if options.show:
        for line, piece, masked in report.missed:
            print(f"missed {line.id} {piece.kind} {piece.text!r}\n  {line.text}\n  {masked}")
        for line, masked in report.wrong:
            print(f"wrong {line.id}\n  {line.text}\n  {masked}")
    return 0 if report.good_enough else 1


def _count(report: Report, line: Line) -> None:
    masked = mask_personal(line.text, line.lang, corpus_contacts())
    if not line.personal:
        report.clean += 1
        if masked.found:
            report.wrong.append((line, masked.text))
            report.taken_for.update(kind.value for kind in masked.kinds)
    place = 0
    for piece in line.personal:
        start = line.text.find(piece.text, place)
        start = start if start >= 0 else line.text.index(piece.text)
        place = start + len(piece.text)
        found = _share(masked.found, start, place) >= _ENOUGH
        for key in ("overall", piece.kind.value, line.lang):
            report.asked[key] += 1
            report.found[key] += found
        if not found:
            report.missed.append((line, piece, masked.text))


def _share(found: Iterable[Found], start: int, end: int) -> float:
    """The share of a span's characters that lie in what was found."""
    return sum(max(0, min(end, one.end) - max(start, one.start)) for one in found) / (end - start)


def _print(report: Report) -> None:
    for key in ("overall", *PersonalKind, "ko", "en"):
        if report.asked[key]:
            print(f"{key!s:20} {report.found[key]:4} of {report.asked[key]:4}  {report.recall(key):.3f}")
    print(
        f"{'false positives':20} {len(report.wrong):4} of {report.clean:4}  {report.false_positives:.3f}",
        *(f"{kind} {n}" for kind, n in report.taken_for.items()),
    )


if __name__ == "__main__":
    sys.exit(main())
