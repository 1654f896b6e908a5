"""Numbers of cards and bank accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import luhn

from civicbot.language.personal.around import after, before, said_around
from civicbot.language.personal.kinds import Candidate, PersonalKind
from civicbot.language.personal.reading import GAP
from civicbot.language.personal.registration import STARS
from civicbot.language.personal.words import words

_FRESH = r"(?<!\d)(?<!\d[.,\-])"
_CARD = re.compile(
    rf"{_FRESH}(?:\d{{4}}(?P<gap>{GAP}{{0,3}})\d{{4}}(?:{GAP}{{0,3}}\d{{4}}){{2}}|"
    rf"3\d{{3}}{GAP}{{0,3}}\d{{6}}{GAP}{{0,3}}\d{{4,5}})"
    rf"(?!\d|-\d)"
)
_HIDDEN_CARD = re.compile(rf"{_FRESH}\d{{4}}(?:{GAP}{{1,3}}[\d{STARS}]{{4}}){{3}}(?![\d{STARS}])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEARS = re.compile(r"(?:(?:19|20)\d\d[\- ]?)+")
_FIRST_OF_CARDS = "34569"
_RUN = re.compile(
    r"(?<![\d.,\-A-Za-z_=#])\d{1,7}(?:[\-‐-―−ㅡᅳ ]{1,3}\d{1,8}){1,5}(?!\d)|"
    r"(?<![\d.,\-A-Za-z_=#])\d{9,16}(?!\d)"
)
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}(?!\d)|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)"
)
_PHONE = re.compile(r"0(?:1[016789]|2|[3-6][1-5]|[578]0\d?)[\- ]\d{3,4}[\- ]\d{4}")
_SERVICE = re.compile(r"1[5-8]\d\d[\- ]\d{4}(?!\d)")
_BUSINESS = re.compile(r"\d{3}-\d{2}-\d{5}")
# "2025-0-01234": what a year begins is the number of a document.
_NUMBERED = re.compile(r"20[0-3]\d[\- ]")
_ACCOUNT = re.compile(r"계좌|account", re.IGNORECASE)
_PARCEL = re.compile(r"택배|등기|송장|배송|소포|parcel|tracking", re.IGNORECASE)
_COUNTED = re.compile(r"\s?(?:원|won\b(?!['’])|krw|달러|억|만|개|명|건)", re.IGNORECASE)
_NEAR, _NEAR_AFTER, _NEAR_OTHER = 30, 30, 14
_LEAST, _MOST = 9, 16
_LEAST_BARE, _LEAST_GROUP = 11, 4
_DAY = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_BESIDE = re.compile(r"(?:계좌|통장|account)(?:\s?번호| number| no\.?)?(?:는|은| is)?\s?[:=]?\s?$", re.IGNORECASE)


def find_cards(text: str) -> Iterator[Candidate]:
    """Card numbers: by their check digit, by their form in fours, or by a cue."""
    for match in _CARD.finditer(text):
        digits = "".join(letter for letter in match.group() if letter.isdecimal())
        grouped = bool(match["gap"]) and digits[0] in _FIRST_OF_CARDS
        cued = said_around(words().card, text, *match.span(), _NEAR)
        if _counted(text, match) or (not cued and _said(words().other_number, text, match, _NEAR_OTHER)):
            continue
        if _all_years(digits):
            continue
        if grouped or cued or luhn.is_valid(digits):
            yield Candidate(PersonalKind.CARD, *match.span())
    for match in _HIDDEN_CARD.finditer(text):
        if any(letter in STARS for letter in match.group()):
            yield Candidate(PersonalKind.CARD, *match.span())


def find_accounts(text: str) -> Iterator[Candidate]:
    """Account numbers, which differ from bank to bank: only a cue tells them."""
    for match in _RUN.finditer(text):
        number = match.group()
        digits = sum(letter.isdecimal() for letter in number)
        if not _LEAST <= digits <= _MOST or _DATE.search(number) or _YEARS.fullmatch(number):
            continue
        if _counted(text, match):
            continue
        if (
            number.isdecimal()
            and (digits < _LEAST_BARE - 1 or number.endswith("0000") or _DAY.match(number))
            and not _BESIDE.search(before(text, match.start()))
        ):
            continue
        if _cued(text, match) and not _another(text, match):
            yield Candidate(PersonalKind.ACCOUNT, *match.span())


def _cued(text: str, match: re.Match[str]) -> bool:
    known = words()
    ahead, behind = before(text, match.start(), _NEAR), after(text, match.end(), _NEAR_AFTER)
    if known.account.search(ahead) or known.account.search(behind):
        return True
    # Names of banks that are words of their own count only right beside a number written in groups.
    grouped = not match.group().isdecimal() or len(match.group()) >= _LEAST_BARE
    return grouped and (known.bank.search(ahead) is not None or known.bank_behind.match(behind) is not None)


def _another(text: str, match: re.Match[str]) -> bool:
    """Whether it is a phone number, a company's registration, a parcel or said to be something else."""
    number, ahead = match.group(), before(text, match.start(), _NEAR_OTHER)
    if _document(text, match) or words().other_number.search(ahead) is not None:
        return True
    if _PARCEL.search(f"{ahead} {after(text, match.end(), _NEAR_OTHER)}"):
        return True
    if _ACCOUNT.search(ahead):
        return False
    forms = (_PHONE.fullmatch, _BUSINESS.fullmatch, _SERVICE.match, _NUMBERED.match)
    return any(form(number) is not None for form in forms)


def _document(text: str, match: re.Match[str]) -> bool:
    """Whether it is numbered as notices are, by a day or in small groups."""
    number = match.group()
    if text[: match.start()].endswith("제") or text.startswith("호", match.end()):
        return True
    groups = re.findall(r"\d+", number)
    return len(groups) > 1 and (max(map(len, groups)) < _LEAST_GROUP or _DAY.match(number) is not None)


def _said(cue: re.Pattern[str], text: str, match: re.Match[str], most: int) -> bool:
    return cue.search(before(text, match.start(), most)) is not None


def _counted(text: str, match: re.Match[str]) -> bool:
    """Whether it is a sum of money or a count."""
    return match.group().isdecimal() and _COUNTED.match(text, match.end()) is not None


def _all_years(digits: str) -> bool:
    return all(_YEAR.fullmatch(digits[place : place + 4]) for place in range(0, len(digits) - 3, 4))
