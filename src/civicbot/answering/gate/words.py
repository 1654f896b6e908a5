"""What the gate knows of both languages, read from data files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from civicbot.model import Language, Noun

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Pattern = re.Pattern[str]
# Syllables that end in ㄹ: before a noun, the ending of what is yet to be (지을 계획, 될 전망).
_RIEUL = "[" + "".join(chr(0xAC00 + 28 * place + 8) for place in range(399)) + "]"


class _Modality(Noun):
    requested: str
    considered: str
    planned: str
    forecast: str


class _Speech(Noun):
    opinion: str
    said: str
    reported: str
    subject: str
    verb: str
    according: str


class _File(Noun):
    light: str
    only: str
    restricting: str
    unsettled: str
    negation: str
    doubtful: str
    contrast: str
    modality: _Modality
    certainly: _Modality
    decided: str
    frame: str
    past: str
    present: str
    nominal: str
    reporting: str
    stative: str
    speech: _Speech
    clause: str
    clause_endings: str
    subject_mark: str
    opposites: dict[str, tuple[str, str]]
    name_endings: str
    titles: str
    starters: str = ""


@dataclass(frozen=True)
class GateWords:
    """The words and patterns of one language; data/ko.yaml tells what each is for."""

    light: frozenset[str]
    only: Pattern
    restricting: Pattern
    unsettled: Pattern
    negation: Pattern
    doubtful: Pattern
    contrast: Pattern
    modality: dict[str, Pattern]
    certainly: dict[str, Pattern]
    decided: Pattern
    frame: Pattern
    past: Pattern
    present: Pattern
    nominal: Pattern
    reporting: Pattern
    stative: Pattern
    opinion: Pattern
    said: Pattern
    reported: Pattern
    subject: Pattern
    verb: Pattern
    according: Pattern
    clause: Pattern
    clause_endings: Pattern
    subject_mark: Pattern
    opposites: dict[str, tuple[Pattern, Pattern]]
    name_endings: tuple[str, ...]
    titles: frozenset[str]
    starters: frozenset[str]


@cache
def gate_words(language: Language) -> GateWords:
    """What the gate knows of a language."""
    file = _File.model_validate(read_data(f"{language}.yaml"))
    speech = file.speech
    return GateWords(
        light=frozenset(file.light.split()),
        only=_compiled(file.only),
        restricting=_compiled(file.restricting),
        unsettled=_compiled(file.unsettled),
        negation=_compiled(file.negation),
        doubtful=_compiled(file.doubtful),
        contrast=re.compile(file.contrast),
        modality=_all(file.modality),
        certainly=_all(file.certainly),
        decided=_compiled(file.decided),
        frame=_compiled(file.frame),
        past=_compiled(file.past),
        present=_compiled(file.present),
        nominal=_compiled(file.nominal),
        reporting=_compiled(file.reporting),
        stative=_compiled(file.stative),
        opinion=_compiled(speech.opinion),
        said=_compiled(speech.said),
        reported=_compiled(speech.reported),
        subject=_compiled(speech.subject),
        verb=_compiled(speech.verb),
        according=_compiled(speech.according),
        clause=re.compile(file.clause),
        clause_endings=_compiled(file.clause_endings),
        subject_mark=_compiled(file.subject_mark),
        opposites={name: (_compiled(one), _compiled(other)) for name, (one, other) in file.opposites.items()},
        name_endings=tuple(sorted(file.name_endings.split(), key=len, reverse=True)),
        titles=frozenset(file.titles.split()),
        starters=frozenset(file.starters.split()),
    )


def _all(modality: _Modality) -> dict[str, Pattern]:
    return {name: _compiled(pattern) for name, pattern in modality.model_dump().items()}


@cache
def counterparts() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """English words and the Korean words that stand for them, of both lists, as they are written there."""
    return (*by_hand(), *_pairs("pairs.yaml"))


@cache
def by_hand() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The list that people wrote."""
    return _pairs("terms.yaml")


def _pairs(name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    file = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(read_data(name))
    return tuple(file.items())


@cache
def common_words() -> tuple[str, ...]:
    """English words of the list by hand that are no names, even with a capital."""
    return tuple(word for word in map(str, read_data("terms.yaml")) if word.islower())


def read_data(name: str) -> dict[str, object]:
    """A data file of the gate."""
    text = (files("civicbot.answering.gate") / "data" / name).read_text(encoding="utf-8")
    return dict(yaml.load(text, Loader=_LOADER) or {})


def _compiled(pattern: str) -> Pattern:
    # Long alternatives are folded over lines in the files.
    return re.compile(re.sub(r"\|\s+", "|", pattern).replace("{ㄹ}", _RIEUL), re.IGNORECASE)
