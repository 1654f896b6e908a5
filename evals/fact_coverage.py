"""Measures whether the corpus tells the facts that were gathered for it.

    python evals/fact_coverage.py --facts ../shared/research/facts.jsonl --at-least 0.97

A fact is a line of JSON: ``{"id", "claim_en", "claim_ko", "source_ids": [...], "key_values": [...]}``. It is covered in
a language when *all* its key values of that language stand within two neighbouring sentences, either of a digest of one
of its sources or of a brief where one of the two cites such a source. A value with Hangul is Korean, one with other
letters English (names such as "AICA" are not asked for again in Korean), one of digits alone is of both.

Numbers, amounts and dates are compared by value, so that "1조5000억원" is found in "1조 5000억 원" and "November 7" in
"7 November 2025"; words after Unicode folding without case, blanks and hyphens; names by all their names in the
glossary; other phrases by all their words in one sentence. "Not found" and the like are told by a sentence that denies.

Exit status: 0 when each language reaches the share asked for, 1 when one does not, 2 when a file is missing.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from civicbot.language.glossary import Glossary
from civicbot.language.numerals import plain
from civicbot.language.quantities import figures, figures_hold, quantities
from civicbot.library.checks.papers import Paper, Written, read_papers
from civicbot.library.files import GLOSSARY_FILE, read_corpus
from civicbot.model import LANGUAGES, DocumentKind, Language

REPOSITORY = Path(__file__).resolve().parents[1]
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LETTER = re.compile(r"[^\W\d_]")
# What may stand beside a number without being part of what the value says; a text may count in another word.
_COUNTED = frozenset(
    "won pyeong tons tonnes mw megawatt gw gigawatts times years countries gpus end of to failed "
    "말 여명 여종 개국 시간 지난해".split()
)
_PHONE = re.compile(r"[0-9]{2,3}(?:-[0-9]{3,4}){1,2}")
_DAY = re.compile(r"([0-9]{1,2})일")  # of a month told before: "10월 10일"
# How the list of facts writes that something is not known, and how sentences say it.
_ABSENT = frozenset({"not found", "not confirmed", "no commitment", "확인되지 않음", "약속 없음"})
_DENIES = re.compile(r"\b(?:not?|none|nothing|without)\b|않|없|못", re.IGNORECASE)
# "24 billion" or "800" may be all that is left of "800 trillion won".
_SCALES = (0, 3, 4, 6, 8, 9, 12)


@dataclass(frozen=True)
class Window:
    """One or two neighbouring sentences of a document, and where they stand."""

    sentences: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Fact:
    """A fact that the corpus is to tell."""

    id: str
    sources: tuple[str, ...]
    values: tuple[str, ...]

    def wanted(self, language: Language) -> tuple[str, ...]:
        """The key values that must stand in the texts of a language."""
        return tuple(value for value in self.values if language in _languages(value))


@dataclass
class Coverage:
    """What was found in one language.

    Attributes:
        asked: how many facts have a value of the language.
        missing: those that are not covered, with the reason.
    """

    asked: int = 0
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share of covered facts, 0 to 1; 1 when none was asked for."""
        return 1 - len(self.missing) / self.asked if self.asked else 1.0


class Finder:
    """Finds key values in texts.

    Args:
        glossary: the names that may stand for each other.
    """

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._named = lru_cache(maxsize=20_000)(self._keys)

    def holds(self, window: Window, value: str) -> bool:
        """Whether a window tells a key value."""
        text = " ".join(window.sentences)
        if value in _ABSENT:
            return bool(_DENIES.search(text))
        if _squeeze(value) in _squeeze(text) and not value[0].isdigit():
            return True
        if quantities(value) and not _PHONE.fullmatch(value):
            return _number_stands(text, value) and all(
                _squeeze(w) in _squeeze(text) for w in _words_beside_numbers(value)
            )
        if named := self._named(value):
            return bool(named & self._named(text))
        words = value.split()
        return len(words) > 1 and any(
            all(_squeeze(word) in _squeeze(sentence) for word in words) for sentence in window.sentences
        )

    def _keys(self, text: str) -> frozenset[str]:
        return frozenset(mention.key for mention in self._glossary.mentions(text))


def read_facts(path: Path) -> list[Fact]:
    """The facts of a JSON Lines file."""
    rows: Iterable[dict[str, Any]] = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line.strip())
    return [Fact(row["id"], tuple(row["source_ids"]), tuple(row["key_values"])) for row in rows]


def measure(facts: Iterable[Fact], corpus: Path) -> Mapping[Language, Coverage]:
    """Looks every fact up in the digests and briefs of a corpus folder."""
    finder = Finder(Glossary.load(corpus / GLOSSARY_FILE))
    papers = read_papers(read_corpus(corpus).files)
    windows = {language: _windows(p for p in papers if p.document.language == language) for language in LANGUAGES}
    found: dict[Language, Coverage] = {language: Coverage() for language in LANGUAGES}
    for fact in facts:
        for language in LANGUAGES:
            wanted = fact.wanted(language)
            if not wanted:
                continue
            found[language].asked += 1
            near = [window for source in fact.sources for window in windows[language].get(source, ())]
            if reason := _lack(near, wanted, finder):
                found[language].missing.append((fact.id, reason))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the share of each language and what is missing; see the module's text for the exit status."""
    parser = argparse.ArgumentParser(description="Measure which facts the corpus tells.")
    parser.add_argument("--facts", type=Path, default=REPOSITORY.parent / "shared" / "research" / "facts.jsonl")
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "corpus")
    parser.add_argument("--at-least", type=float, default=0.97, help="share that each language must reach (0 to 1)")
    options = parser.parse_args(arguments)
    for path, kind in ((options.facts, "file of facts"), (options.corpus, "corpus folder")):
        if not path.exists():
            print(f"There is no {kind} {str(path)!r}.", file=sys.stderr)
            return 2
    found = measure(read_facts(options.facts), options.corpus)
    for language, coverage in found.items():
        told = coverage.asked - len(coverage.missing)
        print(f"{language}: {told} of {coverage.asked} facts, {coverage.share:.1%}")
        for fact, reason in coverage.missing:
            print(f"  {fact}: {reason}")
    return 0 if all(coverage.share >= options.at_least for coverage in found.values()) else 1


def _languages(value: str) -> tuple[Language, ...]:
    if _HANGUL.search(value):
        return ("ko",)
    return ("en",) if _LETTER.search(value) else LANGUAGES


def _windows(papers: Iterable[Paper]) -> Mapping[str, list[Window]]:
    """The windows in which a source's facts may stand, by source id."""
    windows: dict[str, list[Window]] = defaultdict(list)
    for paper in papers:
        for part in paper.parts:
            for pair in _neighbours(part.sentences):
                window = Window(tuple(s.text for s in pair), f"{paper.path}:{pair[0].line}")
                cited = {source for sentence in pair for source in sentence.references}
                own = {paper.document.source_id} if paper.document.kind is DocumentKind.SOURCE else cited
                for source in own:
                    windows[str(source)].append(window)
    return windows


def _neighbours(sentences: Sequence[Written]) -> Iterator[Sequence[Written]]:
    if len(sentences) == 1:
        yield sentences
    for start in range(len(sentences) - 1):
        yield sentences[start : start + 2]


def _lack(windows: Sequence[Window], wanted: Sequence[str], finder: Finder) -> str:
    """Why the wanted values do not stand together; empty when they do."""
    if not windows:
        return "no digest of its sources and no brief that cites one"
    best: tuple[list[str], str] | None = None
    for window in windows:
        missing = [value for value in wanted if not finder.holds(window, value)]
        if not missing:
            return ""
        if best is None or len(missing) < len(best[0]):
            best = missing, window.place
    assert best is not None
    return f"lacks {', '.join(best[0])} of {', '.join(wanted)} at the nearest place, {best[1]}"


def _number_stands(text: str, value: str) -> bool:
    if figures_hold(value, text):
        return True
    if day := _DAY.fullmatch(value):
        return any(told.endswith(f"-{int(day[1]):02d}") for told in figures(text))
    number = value.replace(",", "").rstrip("%㎡")
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", number):
        return False
    written = {plain(Decimal(number).scaleb(scale)) for scale in _SCALES}
    return any(told.split(" ")[0].rstrip("%") in written for told in figures(text))


def _words_beside_numbers(value: str) -> list[str]:
    for quantity in reversed(quantities(value)):
        value = f"{value[: quantity.start]} {value[quantity.end :]}"
    words = re.findall(r"[A-Za-z]{2,}|[\uac00-\ud7a3]{2,}", unicodedata.normalize("NFKC", value))
    return [word for word in words if word.lower() not in _COUNTED]


@lru_cache(maxsize=20_000)
def _squeeze(text: str) -> str:
    """Letters and digits without case, blanks and hyphens; one spelling of what has two."""
    letters = re.sub(r"[\s\-–·,'’\"“”‘]+", "", unicodedata.normalize("NFKC", text).casefold())
    return letters.replace("centre", "center").replace("인공지능", "ai")


if __name__ == "__main__":
    sys.exit(main())
