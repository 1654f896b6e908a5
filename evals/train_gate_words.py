"""Finds which Korean and English words of the corpus stand for each other, and writes them for the sentence gate.

    python -m evals.train_gate_words [--output FILE] [--even]

Digests and briefs say the same in both languages, line by line. Word alignments are learned from such lines in both
directions (IBM Model 1: Brown et al., Computational Linguistics 19, 1993); a pair is kept when both directions think
it likely, or one is nearly sure. No labelled sentence of evals/gate is read. ``--even`` learns from digests with an
even number only, which shows how the gate does on documents that its list has not seen.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from civicbot.answering.gate.sounds import sound_alike
from civicbot.language.detect import has_hangul
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src" / "civicbot" / "answering" / "gate" / "data" / "pairs.yaml"
ROUNDS = 12
BOTH, NEARLY_SURE, LEAST = 0.02, 0.5, 0.03
"""Least product of both directions; one direction's own; and what the other must reach then."""
_MARK = re.compile(r"\[\^S\d+\]")
_PUBLISHER = re.compile(r"^publisher: (.+)$", re.MULTILINE)
_SOURCE = re.compile(r"^id: S(\d+)$", re.MULTILINE)
Pair = tuple[list[str], list[str]]
Table = dict[str, dict[str, float]]


def main() -> None:
    """Learns the pairs and writes them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ROOT / "corpus")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--even", action="store_true")
    arguments = parser.parse_args()
    glossary = Glossary.load(arguments.corpus / "glossary.yaml")
    tokenizer = Tokenizer(glossary.user_words)
    lines = [*_lines(arguments.corpus, even=arguments.even), *_names(glossary)]
    names = _capitals(tokenizer, [english for _, english in lines])
    pairs = [(_words(tokenizer, korean), _words(tokenizer, english)) for korean, english in lines]
    found = {word: _alike(word, korean) if word in names else korean for word, korean in _likely(pairs).items()}
    head = (
        "# English stems and the Korean words that stand for them: written by evals/train_gate_words.py, do not edit.\n"
    )
    text = yaml.safe_dump(found, allow_unicode=True, default_flow_style=None, width=118, sort_keys=True)
    arguments.output.write_text(head + text, encoding="utf-8")
    print(f"{len(lines)} lines, {len(found)} English words, {sum(map(len, found.values()))} pairs: {arguments.output}")


def _lines(corpus: Path, *, even: bool) -> Iterator[tuple[str, str]]:
    """Lines in both languages; a file whose lines do not match in number is left out."""
    folders = ("sources",) if even else ("sources", "briefs")
    for folder in folders:
        for path in sorted((corpus / "ko" / folder).glob("*.md")):
            other = corpus / "en" / folder / path.name
            text = path.read_text(encoding="utf-8")
            number = _SOURCE.search(text)
            if not other.exists() or (even and number is not None and int(number[1]) % 2):
                continue
            rest = other.read_text(encoding="utf-8")
            korean, english = [*_body(text), *_publisher(text)], [*_body(rest), *_publisher(rest)]
            if len(korean) == len(english):
                yield from zip(korean, english, strict=True)


def _body(text: str) -> list[str]:
    body = re.sub(r"<!--.*?-->", "", text.split("---\n", 2)[2], flags=re.DOTALL)
    return [_MARK.sub("", line) for line in body.splitlines() if line.strip() and not line.startswith("#")]


def _publisher(text: str) -> list[str]:
    found = _PUBLISHER.search(text)
    return [found[1]] if found else []


def _capitals(tokenizer: Tokenizer, lines: Sequence[str]) -> frozenset[str]:
    """Stems of words that mostly stand with a capital within a sentence: names."""
    upper: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for line in lines:
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z]{3,}", line):
            every[word.lower()] += 1
            upper[word.lower()] += word[0].isupper()
    return frozenset(stem for word, n in every.items() if upper[word] > 0.9 * n for stem in tokenizer.tokens(word))


def _alike(word: str, korean: Sequence[str]) -> list[str]:
    """A name's counterparts that sound like it, where any does: its neighbours in every line are not it."""
    alike = [each for each in korean if each == word or (has_hangul(each) and sound_alike(each, word))]
    return alike or list(korean)


def _names(glossary: Glossary) -> Iterator[tuple[str, str]]:
    for entity in glossary.entities.values():
        yield entity.ko.name, entity.en.name


def _words(tokenizer: Tokenizer, text: str) -> list[str]:
    return sorted({token for token in tokenizer.tokens(text) if not token[:1].isdigit()})


def _likely(pairs: Sequence[Pair]) -> dict[str, list[str]]:
    forward = _model(pairs)
    backward = _model([(english, korean) for korean, english in pairs])
    seen = Counter((k, e) for korean, english in pairs for k in korean for e in english)
    found: dict[str, list[str]] = defaultdict(list)
    for (korean, english), count in sorted(seen.items()):
        there, back = forward[korean].get(english, 0.0), backward[english].get(korean, 0.0)
        likely = there * back >= BOTH or (max(there, back) >= NEARLY_SURE and min(there, back) >= LEAST)
        if likely and (count > 1 or there * back >= 4 * BOTH):
            found[english].append(korean)
    return dict(found)


def _model(pairs: Sequence[Pair]) -> Table:
    """P(second word | first word), by expectation and maximisation from equal chances."""
    table: Table = defaultdict(lambda: defaultdict(lambda: 1.0))
    for _ in range(ROUNDS):
        counts: Table = defaultdict(lambda: defaultdict(float))
        for given, told in pairs:
            for word in told:
                total = sum(table[other][word] for other in given)
                for other in given:
                    counts[other][word] += table[other][word] / total if total else 0.0
        table = defaultdict(dict)
        for word, row in counts.items():
            total = sum(row.values())
            table[word] = {other: value / total for other, value in row.items() if value / total > 1e-4}
            table[word] = defaultdict(float, table[word])
        table.default_factory = lambda: defaultdict(float)
    return table


if __name__ == "__main__":
    main()
