"""Realised: what a sentence tells as done or going on, its passage must tell so, act by act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from civicbot.answering.gate.acts import acts, framed, happened, leading
from civicbot.answering.gate.case import Case
from civicbot.answering.gate.clauses import Clause, clauses
from civicbot.answering.gate.denials import denial
from civicbot.answering.gate.lexical import Words
from civicbot.answering.gate.measures import measures
from civicbot.answering.gate.nouns import GateEvidence, GateFinding, GateRule
from civicbot.answering.gate.told import State, Told
from civicbot.answering.gate.words import gate_words
from civicbot.model import Language

_DECISIVE = frozenset({"choose", "approve", "sign", "decide", "accept", "designate", "complete"})
"""Acts that change what is so: none is told as done that the passage does not name at all."""
_NEAR = 40
"""Characters from an act to a mark that belongs to it."""
_DATE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?$")
# The budget of a year is made before it.
_YEARLY = re.compile(r"년도|예산|국비|\bbudget|\bfiscal")
_TO = re.compile(r"\sto\s")
_MET = 0.3
"""Share of a passage's sentence that the sentence holds if the one may tell of the other."""


def unrealised(case: Case) -> Iterator[GateFinding]:
    """The acts that a sentence tells as done and its passages only plan, ask for, foresee or do not know."""
    text, language = case.sentence.text, case.sentence.language
    lines = _lines(case)
    for told in happened(text, language):
        clause = next((c for c in case.clauses if c.start <= told.end - 1 < c.end), None)
        around = _around(text, told, clause, language)
        if denial(clause.text if clause else text, language):
            continue
        if told.names and _TO.match(text, told.end) and _wished(lines):
            yield GateFinding(GateRule.MODALITY, told.text, (told.start, told.end))
        elif _marked(around, language):
            continue
        elif not _supported(case, told, lines, later=_to_come(clause.text if clause else text, case.cited)):
            yield GateFinding(GateRule.MODALITY, told.text, (told.start, told.end))


def _around(text: str, told: Told, clause: Clause | None, language: Language) -> str:
    """Where a mark of a plan would stand that belongs to an act: before it in English, behind it in Korean."""
    start, end = (clause.start, clause.end) if clause else (0, len(text))
    if language == "en":
        return text[max(start, told.start - _NEAR) : told.end] + text[told.end : told.end + 4]
    return text[told.start : min(end, told.end + _NEAR)]


def _to_come(clause: str, cited: Sequence[GateEvidence]) -> bool:
    """Whether a clause dates a thing after the day of every passage, which cannot know it as done."""
    days = [passage.published for passage in cited]
    dates = [_first_day(measure.value) for measure in measures(clause) if measure.dated]
    known = [date for date in dates if date]
    if not known or not all(days) or _YEARLY.search(clause):
        return False
    return min(known) > max(day.isoformat() for day in days if day)


def _first_day(value: str) -> str:
    """The first day of a date, empty where it has no year or is finer than a month's name."""
    match = _DATE.match(value)
    if match is None:
        return ""
    year, month, day = match["year"], match["month"] or "01", match["day"] or "01"
    return f"{year}-{month}-{day}"


def _marked(text: str, language: Language) -> bool:
    return any(mark.search(text) for mark in gate_words(language).modality.values())


def _wished(lines: Sequence[Words]) -> bool:
    """Whether passages only ask for or weigh a thing."""
    kinds = {
        kind
        for line in lines
        for kind, pattern in gate_words(line.language).certainly.items()
        if pattern.search(line.text)
    }
    decided = any(gate_words(line.language).decided.search(line.text) for line in lines)
    return bool(kinds) and kinds <= {"requested", "considered"} and not decided


def _lines(case: Case) -> Sequence[Words]:
    near = [line for line in case.lines if case.met(line.text, line.language) >= _MET]
    meant = [line for place, line in enumerate(case.lines) if place in case.meant and line in near]
    return meant or near or case.lines


def _supported(case: Case, told: Told, lines: Sequence[Words], *, later: bool) -> bool:
    same: list[tuple[State, bool, Language]] = []
    events = False
    for line in case.lines:
        for act in acts(line.text, line.language):
            events = events or (act.state is State.DONE and line in lines)
            if _same(case, told, act, line):
                same.append((act.state, _planned(line, act), line.language))
    if same:
        return any(
            state is State.DONE
            or (not later and not plan and (state is State.NAMED or told.going_on or language == "en"))
            for state, plan, language in same
        )
    if later or (told.names & _DECISIVE and not told.going_on):
        return False
    return events or not any(framed(line.text, line.language, widely=True) for line in lines)


def _planned(line: Words, act: Told) -> bool:
    """Whether what stands around an act tells of a plan; an English clause tells it for itself."""
    if line.language == "ko" or leading(line.text):
        return framed(line.text, line.language)
    inner = next((c.text for c in clauses(line.text, "en") if c.start <= act.start < c.end), line.text)
    return framed(inner, "en")


def _same(case: Case, told: Told, act: Told, line: Words) -> bool:
    if told.names & act.names:
        return True
    own = case.lexical.words(told.text, case.sentence.language).words
    there = case.lexical.words(act.text, line.language)
    return any(
        case.lexical.covers([there], word.text, case.sentence.language) is True
        for word in own
        if not word.light and not word.name
    )


def undone(case: Case) -> Iterator[GateFinding]:
    """What a sentence tells as planned or weighed, where its passages tell the very act as done and no plan at all."""
    own = gate_words(case.sentence.language)
    marks = [own.certainly[kind].search(case.sentence.text) for kind in ("planned", "considered")]
    mark = next((match for match in marks if match), None)
    if mark is None or any(framed(line.text, line.language, widely=True) for line in case.lines):
        return
    for told in acts(case.sentence.text, case.sentence.language):
        if told.state is not State.UNREAL or abs(told.start - mark.start()) > _NEAR:
            continue
        same = [act for line in case.lines for act in acts(line.text, line.language) if _same(case, told, act, line)]
        if same and all(act.state is State.DONE for act in same):
            yield GateFinding(GateRule.MODALITY, mark.group().strip(), mark.span())
            return
