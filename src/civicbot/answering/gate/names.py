"""Proper names: each must stand in a cited passage, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from civicbot.answering.gate.lexical import Lexical, Words
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.answering.gate.persons import in_korean, korean_spans, persons
from civicbot.answering.gate.quotations import squeezed
from civicbot.answering.gate.words import gate_words
from civicbot.language.detect import has_hangul
from civicbot.language.glossary import Mention

_THINGS = frozenset({"project", "programme", "facility", "event", "law"})
_LONG = 4
"""Letters of a name that may be looked for inside another one."""
_ONLY_BY_NAME = frozenset({"person", "company"})
_EOJEOL = re.compile(r"[가-힣A-Za-z0-9]+")
_PERSON = r"(?<![가-힣])(?P<name>[가-힣]{{2,4}})\s(?:[가-힣]+\s)?(?P<title>{titles})(?![가-힣]{{2}})"


def wrong_names(lexical: Lexical, sentence: Words, evidence: Sequence[Words]) -> Iterator[GateFinding]:
    """The names of a sentence that its passages do not hold: those of the glossary first, then any other."""
    known = frozenset().union(*(text.keys for text in evidence))
    accounted = _persons(sentence, evidence)
    for mention in sentence.mentions:
        if any(start <= mention.start and mention.end <= end for start, end in accounted):
            continue
        if mention.key in known or _inside(lexical, mention.key, evidence):
            accounted.append((mention.start, mention.end))
        elif not _generic(lexical, sentence.text, mention) and not _said_otherwise(
            lexical, sentence, mention, evidence, known
        ):
            accounted.append((mention.start, mention.end))
            yield _named(sentence.text, mention.start, mention.end)
    yield from _bodies(sentence, evidence, accounted)
    yield from _others(lexical, sentence, evidence, accounted)


def _persons(sentence: Words, evidence: Sequence[Words]) -> list[tuple[int, int]]:
    """Where a sentence names persons (in English, places too) of a passage in the other language, by their sound."""
    if sentence.language != "en":
        english = (text.text for text in evidence if text.language == "en")
        return [span for text in english for span in korean_spans(sentence.text, text)]
    korean = [text.text for text in evidence if text.language == "ko"]
    return [
        (start, end)
        for start, end, family, given in persons(sentence.text)
        if any(in_korean(family, given, text) for text in korean)
    ]


def _inside(lexical: Lexical, key: str, evidence: Sequence[Words]) -> bool:
    """Whether a name stands in the longer one of something else ("SK그룹 회장" is a person's, and names the group)."""
    entities = lexical.glossary.entities
    own = entities[key]
    for text in evidence:
        bare = {squeezed(name) for name in own.names(text.language).all if len(name) >= _LONG}
        for mention in text.mentions:
            if entities[mention.key].kind != own.kind and any(name in squeezed(mention.name) for name in bare):
                return True
    return False


def _said_otherwise(
    lexical: Lexical, sentence: Words, mention: Mention, evidence: Sequence[Words], known: frozenset[str]
) -> bool:
    """Whether every word of a name stands in the passages, and none of the things it is easily mixed up with does."""
    told = sentence.text[mention.start : mention.end]
    title = all(word.lower() in gate_words(sentence.language).titles for word in told.split())
    if lexical.glossary.entities[mention.key].kind in _ONLY_BY_NAME and not title:
        return False
    for group in lexical.glossary.confusable:
        if mention.key in group.entities and known & set(group.entities):
            return False
    known_place = lexical.glossary.entities[mention.key].kind == "place"
    if (
        sentence.language == "en"
        and not known_place
        and lexical.sounds_like(evidence, told.replace("-", "").replace(" ", ""))
    ):
        return True
    words = lexical.stems(told)
    if lexical.glossary.entities[mention.key].kind in _THINGS:
        evidence = [_without_names(lexical, text) for text in evidence]
    verdicts = [lexical.covers(evidence, word, sentence.language) for word in words if not word[:1].isdigit()]
    return all(verdict is True for verdict in verdicts) and bool(verdicts)


def _without_names(lexical: Lexical, text: Words) -> Words:
    """A text without the glossary's names: a name is not made of pieces of others."""
    rest = text.text
    for mention in reversed(lexical.glossary.mentions(rest)):
        if lexical.glossary.entities[mention.key].kind != "place":
            rest = f"{rest[: mention.start]} {rest[mention.end :]}"
    return lexical.words(rest, text.language)


def _generic(lexical: Lexical, text: str, mention: Mention) -> bool:
    """Whether a wording is one of common English words ("self-driving cars"): its words are weighed one by one."""
    kind = lexical.glossary.entities[mention.key].kind
    return kind in _THINGS and text[mention.start : mention.end].islower()


def _bodies(sentence: Words, evidence: Sequence[Words], accounted: list[tuple[int, int]]) -> Iterator[GateFinding]:
    """Korean compounds that name a body must stand in a Korean passage letter by letter."""
    same = [text for text in evidence if text.language == sentence.language]
    if sentence.language != "ko" or len(same) < len(evidence):
        return
    held = squeezed(" ".join(text.text for text in same))
    endings = gate_words("ko").name_endings
    for match in _EOJEOL.finditer(sentence.text):
        if any(start <= match.start() < end for start, end in accounted):
            continue
        for ending in endings:
            place = match.group().rfind(ending)
            if place >= 2:
                name = match.group()[: place + len(ending)]
                if squeezed(name) not in held:
                    accounted.append(match.span())
                    yield _named(sentence.text, match.start(), match.start() + len(name))
                break


def _others(
    lexical: Lexical, sentence: Words, evidence: Sequence[Words], accounted: list[tuple[int, int]]
) -> Iterator[GateFinding]:
    seen: set[str] = set()
    foreign = any(text.language != sentence.language for text in evidence)
    for word in sentence.words:
        if not word.name or word.text in seen or len(word.text) < 2:
            continue
        seen.add(word.text)
        span = place(sentence.text, word.text)
        if span is not None and any(start <= span[0] < end for start, end in accounted):
            continue
        verdict = lexical.covers(evidence, word.text, sentence.language)
        if verdict is True and not foreign and has_hangul(word.text) and not lexical.whole(evidence, word.text):
            verdict = False
        if verdict is True or (foreign and lexical.common(word.text)) or lexical.sounds_like(evidence, word.text):
            continue
        # A word that no list knows may be a common one that the analyser took for a name; an English capital is sure.
        if verdict is False or not has_hangul(word.text):
            start, end = span or (0, 0)
            yield GateFinding(GateRule.NAME, sentence.text[start:end] or word.text, span)


def place(text: str, word: str) -> tuple[int, int] | None:
    """Where a word or a form of it stands in a text; None where its form differs too much."""
    start = text.casefold().find(word)
    while start > 0 and not has_hangul(word) and text[start - 1].isalnum():
        start = text.casefold().find(word, start + 1)
    if start < 0:
        return place(text, word[:-1]) if len(word) > 4 and not has_hangul(word) else None
    end = start + len(word)
    while not has_hangul(word) and end < len(text) and text[end].isalpha() and text[end].isascii():
        end += 1
    return start, end


def _named(text: str, start: int, end: int) -> GateFinding:
    return GateFinding(GateRule.NAME, text[start:end], (start, end))
