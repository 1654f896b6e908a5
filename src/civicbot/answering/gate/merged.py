"""Merged: a clause that joins what several passages tell of one subject is no stitching."""

from __future__ import annotations

import re
from collections.abc import Sequence

from civicbot.answering.gate.case import Case, covered
from civicbot.answering.gate.dates import dates_of, wrong_dates
from civicbot.answering.gate.figures import wrong_figures
from civicbot.answering.gate.lexical import Word, Words
from civicbot.answering.gate.measures import Measure, measures
from civicbot.answering.gate.names import wrong_names
from civicbot.answering.gate.stages import counted_in, stages
from civicbot.language.dates import refines
from civicbot.language.glossary import Mention

# A topic tells the subject of a Korean clause; where there is none, its last subject does, as those before belong to
# clauses that describe a noun.
_TOPIC = re.compile(r"[가-힣A-Za-z0-9)」’](?P<mark>은|는)(?=\s)(?<![가-힣]{2}하는)(?<!되는)(?<!있는)(?<!없는)(?<!받는)")
_SUBJECT = re.compile(r"[가-힣A-Za-z0-9)」’](?P<mark>이|가|께서)(?=\s)")
_NEAR_KO = 2
"""Words before the mark of a Korean subject that may be part of its name."""
_NEAR_EN = 4
"""Words of an English subject without a name of the glossary."""
_LEAST = 0.6
"""Share of a clause's words, names left out, that the passages about its subject must hold together."""


def merged(case: Case, words: Words, keys: frozenset[str], counted: frozenset[str]) -> bool:
    """Whether the passages that name a clause's subject carry it together, each fact where it is told of that subject.

    Args:
        case: the sentence and its passages.
        words: the clause.
        keys: the glossary's entries that it is about; those of the clause before where it names none.
        counted: the classes, phases and rounds that the clause counts.
    """
    subject = _subject(case, words)
    inherited = keys if not words.keys else frozenset()
    places = [n for n, read in enumerate(case.evidence) if _holds(case, subject, inherited, read)]
    if len(places) < 2 or not _published(case, words, places):
        return False
    cited, evidence = [case.cited[n] for n in places], [case.evidence[n] for n in places]
    if any(True for _ in wrong_figures(words.text, [passage.text for passage in cited])):
        return False
    if any(True for _ in wrong_dates(words.text, cited)) or any(
        True for _ in wrong_names(case.lexical, words, evidence)
    ):
        return False
    own = subject.held if subject is not None else frozenset()
    rest = [word for word in words.words if not word.name and word.text not in own]
    hits, total = covered(case.lexical, rest, words.language, evidence)
    if hits < _LEAST * total or not _together(case, words, rest, places):
        return False
    return _counted(case, counted, places) and _staged(case, words, places)


def _counted(case: Case, counted: frozenset[str], places: Sequence[int]) -> bool:
    """Whether no passage that counts classes or phases counts other ones than a clause does."""
    held = [counted_in(case.cited[n].text) for n in places]
    return not counted or all(counted <= numbers for numbers in held if numbers)


def _subject(case: Case, words: Words) -> Words | None:
    """What a clause is about: the name at its subject, or the words that stand there."""
    text = words.text
    if words.language == "ko":
        marks = list(_TOPIC.finditer(text))[:1] or list(_SUBJECT.finditer(text))[-1:]
        if not marks:
            return None
        end = marks[0].start("mark")
        named = [mention for mention in words.mentions if mention.end <= end]
        near = " ".join(text[:end].split()[-_NEAR_KO - 1 :])
        if named and text[named[-1].end : end].count(" ") <= _NEAR_KO:
            near = text[named[-1].start : named[-1].end]
        return case.lexical.words(near, "ko")
    named = [mention for mention in words.mentions if not _publisher(case, mention)]
    if named:
        return case.lexical.words(text[named[0].start : named[0].end], "en")
    return case.lexical.words(" ".join(text.split()[:_NEAR_EN]), "en")


def _publisher(case: Case, mention: Mention) -> bool:
    return any(mention.key in case.lexical.words(p.publisher, p.language).keys for p in case.cited if p.publisher)


def _holds(case: Case, subject: Words | None, inherited: frozenset[str], read: Words) -> bool:
    if inherited or subject is None:
        return bool(inherited) and inherited <= read.keys
    if subject.keys:
        return subject.keys <= read.keys
    told = [word for word in subject.words if not word.light]
    return bool(told) and all(
        case.lexical.covers([read], word.text, subject.language) is True
        or (word.name and case.lexical.sounds_like([read], word.text))
        for word in told
    )


def _published(case: Case, words: Words, places: Sequence[int]) -> bool:
    """Whether each of the passages is of the publisher that a clause names, if it names one."""
    told = frozenset().union(*({m.key} for m in words.mentions if _publisher(case, m)), frozenset())
    for n in places if told else ():
        passage = case.cited[n]
        if not passage.publisher or not told <= case.lexical.words(passage.publisher, passage.language).keys:
            return False
    return True


def _together(case: Case, words: Words, rest: Sequence[Word], places: Sequence[int]) -> bool:
    """Whether each figure stands, in some passage's sentence, beside a word that the clause tells of it."""
    figures = [measure for measure in measures(words.text) if not measure.dated]
    lines = [line for n in places for line in case.lines_of(n)]
    return all(any(_beside(case, figure, rest, line) for line in lines) for figure in figures)


def _beside(case: Case, figure: Measure, rest: Sequence[Word], line: Words) -> bool:
    if all(figure.value != other.value for other in measures(line.text)):
        return False
    told = [word for word in rest if not word.light]
    return not told or any(case.lexical.covers([line], word.text, case.sentence.language) is True for word in told)


def _staged(case: Case, words: Words, places: Sequence[int]) -> bool:
    """Whether one passage has both the stage and a date that a clause tells of it."""
    own = stages(words.text, words.language)
    dates = [measure.value for measure in measures(words.text) if measure.dated]
    for n in places:
        passage = case.cited[n]
        if own <= stages(passage.text, passage.language) and any(
            date == known or refines(known, date) for date in dates for known in dates_of(passage)
        ):
            return True
    return not own or not dates
