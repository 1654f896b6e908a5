"""Addresses as they are written in English."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.language.personal.around import before, is_public_place_en, said_before
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.words import words

_SEP = r"[ ,]{1,3}"
_NUMBER = r"(?:No\.?\s?)?\d{1,5}(?:-\d{1,4})?"
_BRANCH = r"\d{1,4}[ \-]?(?:beon|bun)?[ \-]?(?:an)?-?gil"
_ROAD = (
    rf"(?:[A-Za-z][A-Za-z']{{1,20}}(?: ?\d{{1,3}})?(?:[ \-]?daero|-\s?ro| ro\b|-\s?gil|-?beon-?ro)"
    rf"(?:[ ,]{{0,3}}{_BRANCH})?|"
    rf"[A-Za-z][A-Za-z']{{2,20}}(?:daero|ro)[ ,]{{1,2}}{_BRANCH})"
)
_DONG = r"[A-Za-z][A-Za-z']{1,15}(?:\s?\d-?|-| )(?:dong|(?<=-)ri)\b"
_FLAT = (
    r"(?:(?:Apt\.?|Apartment|Unit|Suite|Ste\.?|Room|Rm\.?|Flat|Ho|#)\s?#?\d{1,5}(?:-\d{1,5})?|#\d{1,5}(?:-\d{1,5})?|"
    r"\d{1,4}-?\s?dong[ ,]{1,2}\d{1,5}-?\s?ho|\d{1,5}-ho|(?:Building|Bldg\.?|Block)\s?\d{1,4}|\d{3,4}-\d{3,5}|"
    r"\d{1,2}(?:st|nd|rd|th)? ?(?:floor|F)\b|Floor \d{1,2})"
)
_PLACE = (
    r"(?:[A-Za-z]{2,15}-(?:dong|gu|si|gun|do|eup|myeon|ri|ga)|[A-Z][a-z]+ (?:City|District)|Gwangju"
    r"(?: Metropolitan City)?|"
    r"Seoul|Busan|Daegu|Incheon|Daejeon|Ulsan|Sejong|Jeonnam|Jeonbuk|Jeollanam-do|(?:South |"
    r"Republic of )?Korea|\d{5}(?!\d))"
)
_BUILDING = (
    r"(?:[A-Z][A-Za-z0-9]{1,15} ){1,3}(?:Apartments?|Apt\.?|Villa|Tower|Heights|Officetel|Building|Park|Xi|Town)"
)
_BEFORE = rf"(?:(?:{_FLAT}|{_BUILDING}){_SEP}){{0,3}}"
_BEHIND = rf"(?:{_SEP}(?:{_FLAT}|{_BUILDING}|{_PLACE})){{0,6}}"
_START = r"(?<![A-Za-z0-9#\-])"
_KOREAN_ROAD = re.compile(
    rf"{_START}{_BEFORE}(?:{_NUMBER}{_SEP}(?:{_BRANCH}{_SEP})?{_ROAD}|{_ROAD}{_SEP}{_NUMBER}(?!\d|-?beon|"
    rf"-?gil|-?ga\b|-?hour|-?lane|-?km)){_BEHIND}",
    re.IGNORECASE,
)
_LOT = re.compile(
    rf"{_START}{_BEFORE}(?:{_NUMBER}{_SEP}{_DONG}|{_DONG}{_SEP}{_NUMBER}(?!\d)){_BEHIND}(?![A-Za-z])", re.IGNORECASE
)
_BLOCK = re.compile(
    rf"{_START}(?:(?:{_BUILDING}){_SEP})?(?:\d{{1,4}}-?\s?dong[ ,]{{1,2}}(?:no\.? ?)?\d{{1,5}}-?\s?ho\b|"
    rf"(?:Building|Bldg\.?|Block) ?\d{{1,4}}{_SEP}(?:Apt\.?|Apartment|Unit|Room|Flat) ?#?\d{{2,5}}|"
    rf"\d{{2,4}}-\d{{3,5}},? {_BUILDING}(?![a-z])|"
    rf"(?:Apt\.?|Apartment) ?#?\d{{2,4}}[\-/]\d{{2,5}}){_BEHIND}",
    re.IGNORECASE,
)
_WESTERN = re.compile(
    rf"{_START}{_BEFORE}\d{{1,5}}(?:-\d{{1,4}})? (?:[A-Z][a-z]+ ){{1,3}}(?:Street|St\.?|Road|Rd\.?|"
    r"Avenue|Ave\.?|Lane|Ln\.?|"
    rf"Boulevard|Blvd\.?|Drive|Dr\.?)(?! ?[Mm]ap)(?![a-z]){_BEHIND}"
)
_COUNTED = re.compile(
    r"\s?(?:people|years?|days?|months?|buses|cars|won|percent|%|km|m\b|m²|㎡|metres?|meters?|lanes?|"
    r"stops?|bus\b|crossings?|firms?|parks?|companies|jams|sections?|hours?|minutes?|stations?|"
    r"shuttles?|robots?|cameras?|homes|households|units|houses|residents|am\b|pm\b|million|billion|"
    r"trillion|[.,]\d)",
    re.IGNORECASE,
)
# "on March 5, Sangmu-daero …", "bus 12 Sangmu-daero …", "in 2027 Oryong-dong …": the number is no house's.
_NO_HOUSE = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t|"
    r"tember)?|oct(?:ober)?|nov(?:ember)?|"
    r"dec(?:ember)?|exit|gate|stop|platform|no|bus|line|route|phase|level|stage|step|section|chapter|"
    r"article|level|version|zone|limit|between|from|district|area|the|all|these|those|of)\.? $",
    re.IGNORECASE,
)
# "in Oryong-dong 3 firms": a lot has more digits or a dash.
_SMALL = re.compile(r"(?:-| )dong[ ,]{1,3}\d{1,2}$|^\d{1,2}[ ,]{1,3}[A-Za-z']+(?:-| )dong$", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d(?![\d\-])")
_NEAR = 30
_HINT = re.compile(
    r"-ro\b|-gil\b|daero|-dong|\bdong\b|-ri\b|-ga\b|\b(?:street|st|road|rd|avenue|ave|lane|boulevard|"
    r"blvd|drive|apt|apartment|unit|flat|building|block)\b|\d{1,4}-?\s?ho\b",
    re.IGNORECASE,
)


def find_english_addresses(text: str) -> Iterator[Candidate]:
    """Addresses in Latin letters that lead to a house."""
    if not _HINT.search(text):
        return
    for pattern in (_KOREAN_ROAD, _LOT, _BLOCK):
        for match in pattern.finditer(text):
            if not _COUNTED.match(text, match.end()) and not _no_house(text, match):
                yield _candidate(text, match)
    for match in _WESTERN.finditer(text):
        if said_before(words().address, text, match.start(), _NEAR):
            yield _candidate(text, match)


def _no_house(text: str, match: re.Match[str]) -> bool:
    ahead = before(text, match.start())
    if _NO_HOUSE.search(ahead):
        return match.group()[0].isdecimal()
    if _SMALL.search(match.group()) and not words().address.search(ahead):
        return True
    year = _YEAR.match(match.group()) or _YEAR.search(match.group(), len(match.group()) - 4)
    return year is not None and not words().address.search(ahead)


def _candidate(text: str, match: re.Match[str]) -> Candidate:
    return Candidate(PersonalKind.ADDRESS, *match.span(), official=is_public_place_en(text, *match.span()))
