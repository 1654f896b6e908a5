"""Numbers of passports, driving licences and cars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

from civicbot.language.personal.around import said_around, said_before
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.reading import GAP
from civicbot.language.personal.registration import STARS
from civicbot.language.personal.words import words

# Korean ones begin with M (or S, R, G, D) and have eight digits, or a letter in the middle since 2021.
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])[MSRGD][ \-]?(?:\d{8}|\d{3}[ \-]?[A-Z][ \-]?\d{4})(?![A-Za-z0-9])", re.IGNORECASE
)
_DAY = re.compile(r"[A-Za-z][ \-]?(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_ANY_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Z]{0,2}[ \-]?[A-Z0-9 ]*\d)[A-Z]{0,2}[ \-]?(?:\d{3}[ ]?[A-Z0-9]?\d{3,5}|"
    r"\d{4}[ \-]\d{4})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    rf"(?<![\d\-])(?:(?P<region>[가-힣]{{2,4}})\s?)?(?P<first>\d{{2}}){GAP}{{1,3}}"
    rf"(?:\d{{2}}{GAP}{{1,3}})?(?:\d{{6}}|[\d{STARS}]{{6}}){GAP}{{1,3}}\d{{2}}(?![\d])"
)
_BARE_LICENCE = re.compile(r"(?<![\d.,])\d{12}(?!\d)")
_SHORT_LICENCE = re.compile(rf"(?<![\d\-])\d{{2}}{GAP}{{1,3}}\d{{2}}{GAP}{{1,3}}\d{{6}}(?!\d)")
_DIPLOMAT = re.compile(r"(?:외교|영사|준외|준영|국기|협정)\s?\d{3}[ \-]?\d{3}(?!\d)")
_FOUR_PARTS = 4
_LICENCE_OFFICES = range(11, 29)
_LETTERS = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호국합육해공"
_ROMAN_PLATE = re.compile(r"(?<![A-Za-z0-9])\d{2,3}[ \-]?[A-Za-z]{2,3}[ \-]?\d{4}(?!\d)")
_SPOKEN_PLATE = re.compile(
    rf"(?<![가-힣\d])[\d공영일이삼사오육칠팔구]{{2,3}}\s?[{_LETTERS}]\s?[\d공영일이삼사오육칠팔구]{{4}}(?!\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_NEAR, _NEAR_CAR = 30, 20
_ALSO_UNITS = frozenset("조주배부호도로구수사해자국공합육보무고서")


def find_passports(text: str) -> Iterator[Candidate]:
    """Passport numbers: Korean ones by their form, others beside a cue."""
    for match in _PASSPORT.finditer(text):
        if not _DAY.match(match.group()):
            yield Candidate(PersonalKind.PASSPORT, *match.span())
    if words().passport.search(text):
        for match in _ANY_PASSPORT.finditer(text):
            if said_before(words().passport, text, match.start(), _NEAR):
                yield Candidate(PersonalKind.PASSPORT, *match.span())


def find_licences(text: str) -> Iterator[Candidate]:
    """Numbers of driving licences."""
    for match in _LICENCE.finditer(text):
        parts = re.findall(rf"[\d{STARS}]+", match.group().removeprefix(match["region"] or ""))
        # Written in two letters, the region stands for the office.
        office = int(match["first"]) in _LICENCE_OFFICES and len(parts) == _FOUR_PARTS
        region = bool(match["region"]) and re.fullmatch(words().regions, match["region"]) is not None
        if office or region or said_around(words().licence, text, *match.span(), _NEAR):
            start = match.start() if region or not match["region"] else match.start("first")
            yield Candidate(PersonalKind.DRIVER_LICENCE, start, match.end())
    if words().licence.search(text):
        for match in chain(_BARE_LICENCE.finditer(text), _SHORT_LICENCE.finditer(text)):
            if said_around(words().licence, text, *match.span(), _NEAR):
                yield Candidate(PersonalKind.DRIVER_LICENCE, *match.span())


def find_plates(text: str) -> Iterator[Candidate]:
    """Number plates: two or three digits, a letter of those in use, four digits."""
    for match in _plates().finditer(text):
        cued = said_around(words().car, text, *match.span(), _NEAR_CAR)
        counted = words().unit.match(text, match.end()) is not None
        compact = not any(letter in " -" for letter in match.group())
        # "12조 3456억", "10주 2026": with a letter that is a unit too, what follows must not be counted or be a year.
        unit = match["letter"] in _ALSO_UNITS
        year = _YEAR.search(match.group()) is not None
        doubtful = (
            len(match["first"]) == 1 or (unit and (counted or (year and not compact))) or (counted and not compact)
        )
        if cued or match["region"] or not doubtful:
            yield Candidate(PersonalKind.CAR_PLATE, *match.span())
    for match in _DIPLOMAT.finditer(text):
        yield Candidate(PersonalKind.CAR_PLATE, *match.span())
    if words().car.search(text):
        for match in chain(_ROMAN_PLATE.finditer(text), _SPOKEN_PLATE.finditer(text)):
            if said_around(words().car, text, *match.span(), _NEAR_CAR):
                yield Candidate(PersonalKind.CAR_PLATE, *match.span())


@cache
def _plates() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\d.,제])(?:(?P<region>{words().regions})\s?)?(?P<first>\d{{1,3}})(?P<gap>[ \-]?)"
        rf"(?P<letter>[{_LETTERS}])"
        r"[ \-]{0,3}\d{4}(?!\d|[.,]\d)"
    )
