"""Phone numbers: mobile, land lines, the virtual 050 numbers and those of other countries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from civicbot.language.personal.around import is_official, said_around, said_before
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.reading import GAP
from civicbot.language.personal.registration import STARS
from civicbot.language.personal.words import words

_FRESH = r"(?<!\d)(?<!\d[.,\-/])"
_COUNTRY = (
    rf"(?:\+\s?82|\(\+?82\)|{_FRESH}0082|{_FRESH}00[127]{GAP}?82|{_FRESH}82(?=[\s)-]|10\d{{8}}"
    rf"(?!\d)))[)\]]?{GAP}{{0,2}}(?:\(0\){GAP}?|\(?0)?"
)
_JOINT = rf"[)\]]?(?:\s?국의?\s?)?{GAP}{{0,3}}\(?"
_ANY_JOINT = r"[^\w\n]{0,3}"
_TAIL = rf"\d{{3,4}}(?:{_JOINT}|\s?국?에?\s?)\d{{4}}(?!\d)"
_LOOSE = rf"(?:{GAP}{{0,2}}\d){{7,8}}(?!\d)"
_AREA = "2|3[1-3]|4[1-4]|5[1-5]|6[1-4]"
_MOBILE = re.compile(
    rf"(?:{_COUNTRY}\(?|\(?{_FRESH}\(?0)1[016789](?:{_JOINT}{_TAIL}|"
    rf"{_ANY_JOINT}\d{{3,4}}{_ANY_JOINT}\d{{4}}(?!\d)|{_LOOSE})"
)
_LANDLINE = re.compile(rf"(?:{_COUNTRY}\(?|\(?{_FRESH}\(?0)(?:50[2-8]|50|70|80|60|{_AREA}){_JOINT}{_TAIL}")
_FOREIGN = re.compile(r"\+(?!82)[1-9]\d{0,2}[ .\-(]{1,2}\d{1,4}(?:[ .\-)]{1,2}\d{2,5}){1,4}(?!\d)")
_HIDDEN = re.compile(
    rf"{_FRESH}01[016789]{GAP}{{0,3}}([\d{STARS}]{{3,4}}){GAP}{{0,3}}([\d{STARS}]{{4}})(?![\d{STARS}])"
)
_LEAST_SHOWN = 4
# "좌석02 20261122": a bus and a day.
_DAY = re.compile(r"[^\d](?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$")
# Said with a cue, a number needs neither its area code nor its first zero.
_WITHOUT_ZERO = re.compile(rf"{_FRESH}10[-. ]\d{{4}}[-. ]\d{{4}}(?!\d)")
_LOCAL = re.compile(
    rf"{_FRESH}(?<![\d\-–A-Za-z/])(?!1[5-8]\d\d)(?!(?:19|20)\d\d[-–~. ](?:19|20)\d\d)[2-9]\d{{2,3}}"
    rf"(?:[-–. ]\s?|\s?국에?\s?)\d{{4}}"
    r"(?![\d-]|\s?(?:원|억|만|명|개|년|호))"
)
_NEAR, _NEARER = 25, 16
_LEAST_FOREIGN, _MOST_FOREIGN = 9, 15


def find_phones(text: str) -> Iterator[Candidate]:
    """Phone numbers of all kinds; short public ones (120, 1588-…) are none."""
    for match in _MOBILE.finditer(text):
        yield Candidate(PersonalKind.MOBILE, *_trimmed(match), contact=national(match.group()))
    for match in _HIDDEN.finditer(text):
        if sum(letter.isdecimal() for letter in match[1] + match[2]) >= _LEAST_SHOWN:
            yield Candidate(PersonalKind.MOBILE, *match.span())
    for match in _LANDLINE.finditer(text):
        if not _DAY.search(match.group()):
            yield _landline(text, match)
    for match in _FOREIGN.finditer(text):
        digits = _digits(match.group())
        if _LEAST_FOREIGN <= len(digits) <= _MOST_FOREIGN:
            yield Candidate(PersonalKind.MOBILE, *match.span(), contact=digits)
    for match in _WITHOUT_ZERO.finditer(text):
        if said_around(words().phone, text, *match.span(), _NEAR):
            yield Candidate(PersonalKind.MOBILE, *match.span(), contact="0" + _digits(match.group()))
    for match in _LOCAL.finditer(text):
        if said_before(words().phone, text, match.start(), _NEARER) or words().call_back.match(text, match.end()):
            yield _landline(text, match)


def national(number: str) -> str:
    """The digits of a number as it is dialled in Korea."""
    digits = _digits(number)
    for prefix in ("0082", "00182", "00282", "00782", "82"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _landline(text: str, match: re.Match[str]) -> Candidate:
    start, end = _trimmed(match)
    official = is_official(text, start, end)
    return Candidate(PersonalKind.LANDLINE, start, end, contact=national(match.group()), official=official)


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Without a bracket that is not closed inside the number."""
    start, end = match.span()
    if match.group().startswith("(") and ")" not in match.group():
        start += 1
    return start, end


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())
