"""Numbers, amounts and dates in Korean and English, brought to one notation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

QuantityKind = Literal["money", "percent", "date", "number"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = r"(?P<mon>" + "|".join(sorted((m.title() for m in _MONTHS), key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        _YEAR + r"\s*년\s*(?P<m>\d{1,2})\s*월(?:\s*(?P<d>\d{1,2})\s*일)?",
        r"\b(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+" + _MONTH + r"(?:,?\s+" + _YEAR + r")?\b",
        r"\b" + _MONTH + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?\b(?!\s*\d)(?:,?\s+" + _YEAR + r")?",
        r"\b" + _MONTH + r"\s+(?:of\s+)?" + _YEAR + r"\b",
        r"\b" + _YEAR + r"[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})\b",
        r"(?<!\d)(?P<m>\d{1,2})\s*월\s*(?P<d>\d{1,2})\s*일",
        _YEAR + r"\s*년(?:도|대)?",
        r"(?<!\d)(?P<m>\d{1,2})\s*월(?!\w*액)",
    )
)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_KOREAN_UNITS = {"조": 10**12, "억": 10**8, "만": 10**4, "천": 10**3}
_ENGLISH_UNITS = {"trillion": 10**12, "tn": 10**12, "billion": 10**9, "bn": 10**9, "million": 10**6, "thousand": 10**3}
# "제3조" is an article of a law, not three trillion.
_KOREAN = re.compile(
    rf"(?<![\d제])(?<!제 )(?:{_NUMBER})\s*[조억만천]+(?:여|\s)*(?:(?:{_NUMBER})\s*[조억만천]+(?:여|\s)*)*"
    rf"(?:(?<=[조억만천])(?:{_NUMBER})|\d{{1,4}}(?!\d)(?=\s*[가-힣㎡])(?!\s*(?:년|월|일|시|분|차|위|호)))?"
)
_KOREAN_PART = re.compile(rf"({_NUMBER})\s*([조억만천]*)")
_ENGLISH = re.compile(rf"({_NUMBER})[\s-]*({'|'.join(_ENGLISH_UNITS)})\b", re.IGNORECASE)
# "5 to 20 trillion", "5~20조": the unit of the second number holds for the first one too.
_RANGE = re.compile(
    rf"({_NUMBER})(\s*(?:to|and|or|-|–|~|∼)\s*)(?=(?:{_NUMBER})[\s-]*(trillion|billion|million|조|억|만))",
    re.IGNORECASE,
)
# A digit inside a word or model name (H100, S012, K-AI2) is part of the name.
_PLAIN = re.compile(rf"(?<![A-Za-z\d.])(?:{_NUMBER})(?![\d]*[A-Za-z]{{2,}}\d)")
_MONEY_AFTER = re.compile(r"\s*(?:여\s*)?(?:원|won\b|KRW\b|달러|dollars?\b|유로|euros?\b)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"(?:₩|\$|€|KRW|USD)\s*$", re.IGNORECASE)
_PERCENT_AFTER = re.compile(r"\s*(?:%|퍼센트|프로(?!\w)|percent\b|per cent\b|percentage\b)", re.IGNORECASE)


@dataclass(frozen=True)
class Quantity:
    """A number of a text in one notation for both languages.

    Attributes:
        kind: what it is; money needs a currency beside it.
        value: decimal digits without separators (won, persons, …), ``16.6%``, or a date as precise as it stands:
            ``2025-08-17``, ``2025-08``, ``2025``, ``--08-17``, ``--08``.
        start: span in the text, for display.
        end: span in the text, end-exclusive.
    """

    kind: QuantityKind
    value: str
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """All numbers, amounts, percentages and dates of a text, in order."""
    # NFKC may change lengths; spans must fit the given text, so only same-length folding is used.
    folded = "".join(c if len(f := unicodedata.normalize("NFKC", c)) != 1 else f for c in text)
    found: list[Quantity] = []
    taken = bytearray(len(folded))
    for quantity in _candidates(folded):
        if not any(taken[quantity.start : quantity.end]):
            taken[quantity.start : quantity.end] = b"\x01" * (quantity.end - quantity.start)
            found.append(quantity)
    return sorted(found, key=lambda quantity: quantity.start)


def figures(text: str) -> frozenset[str]:
    """The values of all quantities of a text."""
    return frozenset(quantity.value for quantity in quantities(text))


def figures_hold(claim: str, evidence: str) -> bool:
    """Whether every figure of ``claim`` stands in ``evidence``; a date may be told less precisely, never more."""
    known = figures(evidence)
    return all(value in known or any(_refines(other, value) for other in known) for value in figures(claim))


def _refines(precise: str, vague: str) -> bool:
    if precise.startswith(vague + "-") and _is_date(vague):
        return True
    return vague.startswith("--") and _is_date(precise) and f"{precise}-".find(vague[1:] + "-") >= 0


def _is_date(value: str) -> bool:
    return re.fullmatch(r"\d{4}(-\d\d){0,2}|--\d\d(-\d\d)?", value) is not None


def _candidates(text: str) -> Iterator[Quantity]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if (value := _date(match.groupdict())) is not None:
                yield Quantity("date", value, match.start(), match.end())
    for match in _KOREAN.finditer(text):
        end = match.start() + len(match.group().rstrip(" 여"))
        yield from _typed(text, match.start(), end, _korean_value(match.group()))
    for match in _RANGE.finditer(text):
        unit = match.group(3).lower()
        factor = _KOREAN_UNITS.get(unit) or _ENGLISH_UNITS[unit]
        kind: QuantityKind = "money" if re.search(r"원|won", text[match.end() : match.end() + 24]) else "number"
        yield Quantity(kind, _plain(_decimal(match.group(1)) * factor), match.start(1), match.end(1))
    for match in _ENGLISH.finditer(text):
        amount = _decimal(match.group(1)) * _ENGLISH_UNITS[match.group(2).lower()]
        yield from _typed(text, match.start(), match.end(), amount)
    for match in _PLAIN.finditer(text):
        yield from _typed(text, match.start(), match.end(), _decimal(match.group()))


def _typed(text: str, start: int, end: int, value: Decimal) -> Iterator[Quantity]:
    if _PERCENT_AFTER.match(text, end):
        yield Quantity("percent", _plain(value) + "%", start, end)
    elif _MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(text, max(0, start - 5), start):
        yield Quantity("money", _plain(value), start, end)
    elif re.fullmatch(r"(19|20)\d\d", text[start:end]):
        yield Quantity("date", text[start:end], start, end)
    else:
        yield Quantity("number", _plain(value), start, end)


def _date(parts: dict[str, str | None]) -> str | None:
    month = parts.get("m") or (str(_MONTHS[name.lower()]) if (name := parts.get("mon")) else None)
    day = parts.get("d")
    if (month and not 1 <= int(month) <= 12) or (day and not 1 <= int(day) <= 31):
        return None
    value = parts.get("y") or "-"
    if month:
        value += f"-{int(month):02d}"
    if day:
        value += f"-{int(day):02d}"
    return value


def _korean_value(text: str) -> Decimal:
    total = Decimal(0)
    for number, units in _KOREAN_PART.findall(text):
        value = _decimal(number)
        for unit in units:
            value *= _KOREAN_UNITS[unit]
        total += value
    return total


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
