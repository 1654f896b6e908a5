"""Registration numbers of residents and foreigners, whole or half hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from civicbot.language.personal.around import before, said_around, said_before
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.reading import GAP
from civicbot.language.personal.words import words

STARS = "*xX●○#•∗✱◯□ㅇO?△☆★■"
"""What people hide digits with, as a part of a character class."""
_FRESH = r"(?<![\d_])(?<!\d[.,\-])"
_SPLIT = r"[ \-–—.·/]"
_JOINED = r"(?:(?:19|20)(?=\d{6}\D))?(?P<birth>\d{6})"
_APART = rf"(?:(?:19|20)(?=\d\d{_SPLIT}))?(?P<parts>\d{{2}}{_SPLIT}\d{{2}}{_SPLIT}\d{{2}})"
_BETWEEN = rf"(?:{GAP}{{0,3}}|[^\w\n]{{1,2}}|\s?,?\s?(?:그리고|뒤는|뒤에|뒤|뒷자리는?|뒷번호는?|and|then|plus)\s?)"
# Since October 2020 the last six digits carry no checksum: the date and the digit behind it are all there is to check.
_NUMBER = re.compile(
    rf"{_FRESH}(?:{_JOINED}{_BETWEEN}(?P<century>[1-8])(?:(?:{GAP}?\d){{6}}|{GAP}?\d{{0,5}}"
    rf"(?:\s?[{STARS}]){{2,8}}\d{{0,3}})|"
    rf"{_APART}{_BETWEEN}(?P<first>[1-8])(?:\d{{6}}|\d{{0,5}}[{STARS}]{{2,8}}))(?!\d)"
)
_BIRTH = rf"(?P<birth>\d{{6}}|\d{{2}}{_SPLIT}\d{{2}}{_SPLIT}\d{{2}})"
_HIDDEN = re.compile(rf"{_FRESH}{_BIRTH}{GAP}{{1,3}}[{STARS}]{{6,8}}(?![0-9])")
_SHORT = re.compile(
    rf"{_FRESH}{_BIRTH}\s?-\s?(?P<century>[1-8])(?:(?:\s?[{STARS}]){{3,8}}|[_.…\-~]{{2,8}}|…)?"
    r"(?![\d~A-Za-z]|-\d|\s?(?:호|항|조|번|차|월|년|일|\.\d))"
)
# With a cue, also a number whose date is mistyped, and either half.
_ANY = re.compile(rf"{_FRESH}\d(?:{GAP}{{0,2}}\d){{12}}(?!\d)")
_FRONT = re.compile(
    r"(?:앞\s?(?:자리|번호|\d\s?자리)?[가-힣\s:]{0,6}|(?:first|front) ?(?:six|6|half|"
    r"part)?[a-z\s:]{0,30})(?P<half>\d{6})(?!\d)",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"(?:[뒷뒤]\s?(?:자리|번호|\d\s?자리)?[가-힣\s:]{0,6}|(?:last|back|ends) ?(?:seven|7|half|part|in|"
    r"with)?[a-z\s:]{0,16})(?P<half>[1-8]\d{6})(?!\d)",
    re.IGNORECASE,
)
_HALVES = re.compile(
    r"(?:first|front) (?:six|6)|(?:last|back) (?:seven|7)|앞\s?(?:여섯|6)|뒤\s?(?:일곱|7)", re.IGNORECASE
)
_COMPANY = re.compile(
    r"\.(?:hwp|pdf|jpg|png|xlsx?|docx?|zip)|[은는이가]?\s?\(?(?:우리\s|저희\s)?(?:법인|사업자|바코드)"
)
_COUNTED = re.compile(r"호|원(?=$|[을이의에은\s.,?!])")
_OLDEST, _ANY_AGE = 99, 150
_EXAMPLE = re.compile(r"예시|예를\s?들|샘플|견본|가짜|임의의|더미|example|e\.g\.|sample|dummy|fake", re.IGNORECASE)
_EXAMPLE_NEAR = 20
_FIRM = re.compile(r"회사|법인|기업|업체")
_FIRMS_SIXTH = frozenset("11 12 13 14 15 21 22 31".split())
_MONEY = re.compile(r"\s?(?:원|won\b(?!['’])|krw|달러|억|만)", re.IGNORECASE)
_NEAR, _FAR, _NEAR_OTHER, _FIRM_NEAR = 30, 40, 34, 16


def find_registration_numbers(text: str) -> Iterator[Candidate]:
    """Numbers of residents and foreigners."""
    for match in _NUMBER.finditer(text):
        birth, century = match["birth"] or match["parts"], match["century"] or match["first"]
        known = said_before(words().registration, text, match.start(), _NEAR)
        if _real(birth, century, oldest=_ANY_AGE if known else _OLDEST) and not _another(text, match):
            yield _candidate(match)
    for pattern in (_HIDDEN, _SHORT):
        for match in pattern.finditer(text):
            known = said_before(words().registration, text, match.start(), _NEAR)
            if _born(match["birth"], match.groupdict().get("century")) and (known or not _another(text, match)):
                yield _candidate(match)
    if words().registration.search(text) or _HALVES.search(text):
        yield from _cued(text)


def _cued(text: str) -> Iterator[Candidate]:
    for match in _ANY.finditer(text):
        if said_around(words().registration, text, *match.span(), _NEAR) and not _another(text, match):
            yield _candidate(match)
    for pattern in (_FRONT, _BACK):
        for match in pattern.finditer(text):
            halved = _HALVES.search(match.group()) is not None
            if halved or said_before(words().registration, text, match.start("half"), _FAR):
                yield Candidate(PersonalKind.REGISTRATION_NUMBER, *match.span("half"))


def _candidate(match: re.Match[str]) -> Candidate:
    return Candidate(PersonalKind.REGISTRATION_NUMBER, *match.span())


def _another(text: str, match: re.Match[str]) -> bool:
    """Whether it is said to be a company's, a parcel's or a sum."""
    bare = match.group().isdecimal()
    if (bare and _MONEY.match(text, match.end())) or _COUNTED.match(text, match.end()):
        return True
    known, ahead = words(), before(text, match.start(), _NEAR_OTHER)
    if said_around(_EXAMPLE, text, *match.span(), _EXAMPLE_NEAR):
        return True
    if known.registration.search(ahead):
        return False
    # A company's number begins with its court and its form, which may look like a day: 200111-….
    if match.group()[4:6] in _FIRMS_SIXTH and said_around(_FIRM, text, *match.span(), _FIRM_NEAR):
        return True
    return known.other_number.search(ahead) is not None or _COMPANY.match(text, match.end()) is not None


def _real(birth: str, century: str, *, oldest: int = _ANY_AGE) -> bool:
    """Whether the first six digits are a day of the century that the seventh digit tells, not too long ago."""
    digits = "".join(letter for letter in birth if letter.isdecimal())
    year = (1900 if century in "1256" else 2000) + int(digits[:2])
    try:
        born = date(year, int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return False
    today = date.today()
    return born <= today and today.year - born.year <= oldest


def _born(birth: str, century: str | None) -> bool:
    """Whether so few digits are a birthday: of somebody younger than a hundred, where the century is told."""
    if century is None:
        return _real(birth, "1") or _real(birth, "3")
    year = int(birth[:2])
    return _real(birth, century) and (year >= 30 if century in "1256" else year < 30)
