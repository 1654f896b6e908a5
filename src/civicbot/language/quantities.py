"""Numbers, amounts and dates in Korean and English, brought to one notation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from civicbot.language.dates import find_dates, refines
from civicbot.language.folding import fold
from civicbot.language.numberwords import find_number_words
from civicbot.language.numerals import (
    NUMBER,
    decimal,
    find_numerals,
    implied_values,
    plain,
    scale_of,
    scaled,
)
from civicbot.language.times import find_times
from civicbot.model import Figure

QuantityKind = Literal["money", "percent", "date", "time", "number"]

# "5 to 20 trillion", "5~20조", "5~10%": the unit of the second number holds for the first one too.
_UNIT = r"trillion|billion|million|thousand|[천백]?[조억만]|%|퍼센트|percent\b|per cent\b"
_RANGE = re.compile(
    rf"(?<![A-Za-z0-9])(?<![0-9][.,])(?P<between>\bbetween\s+)?(?:[$₩€]\s?)?(?P<first>{NUMBER})"
    rf"\s*(?P<link>\bto\b(?:\s(?:about|around|nearly|over|some))?|\bor\b|\band\b|-|–|—|~|∼|에서|내지)\s*(?:[$₩€]\s?)?(?P<second>{NUMBER})[\s-]*(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(r"\b(?:phase|stage|class|step|part|round|no\.?|number|tier|gate)\s$", re.IGNORECASE)
# A digit inside a word or model name (H100, S012, 뉴스1) is part of the name.
_PLAIN = re.compile(rf"(?<![A-Za-z0-9])(?<![0-9]\.)(?<!뉴스)(?:{NUMBER})(?![0-9]*[A-Za-z]{{2,}}[0-9])")
_CURRENCIES = {"달러": "USD", "dollar": "USD", "usd": "USD", "$": "USD", "유로": "EUR", "euro": "EUR", "€": "EUR"}
# The currency of a range stands behind its end: "5억~20억 달러".
_MONEY_AFTER = re.compile(
    r"(?:\s?(?:[~∼〜\-–—]|에서)\s?[0-9][0-9.,]*[천백]?[경조억만](?:\s?[0-9][0-9,]*[천백]?[억만]?)*)?"
    r"(?:여|\s)*[\s-]?(?:(?:South\s)?Korean\s)?(?:(?P<won>원(?!칙|인|천|주민|도심)|won\b|KRW\b)|"
    r"(?:US|미국\s?)?\s?(?P<other>달러|dollar|USD\b|유로|euro))",
    re.IGNORECASE,
)
# … or before its start: "$5-20 billion".
_MONEY_BEFORE = re.compile(
    r"(?:(?P<won>₩|KRW)|(?P<other>\$|€|USD))\s*(?:[0-9][0-9.,]*\s?(?:[~\-–—]|to|and)\s?)?$",
    re.IGNORECASE,
)
_PERCENT_AFTER = re.compile(
    r"[\s-]*(?:%|퍼센트|프로(?!그|젝|세|덕|필|모|축|야|농|듀|토)|percent|per cent\b)", re.IGNORECASE
)
_PAIR = frozenset({"two", "두"})
_COUNTED_AFTER = re.compile(r"\s?(?:명|개|곳|대|장|건|평|㎡|m|km|종|권|편|회|호|석|톤|가구|세대|여)")


@dataclass(frozen=True)
class Quantity:
    """A number of a text in one notation for both languages.

    Attributes:
        kind: what it is; money needs a currency beside it.
        value: decimal digits without separators (won, persons, …); other money with its currency (``5 USD``);
            ``16.6%``; a fraction ``2/3``; a time of day ``18:30``; or a date as precise as it stands: ``2025-08-17``,
            ``2025-08``, ``2025``, ``2026-H2`` (second half), ``2026-Q3``, ``--08-17``, ``--08``.
        start: span in the text, for display.
        end: span in the text, end-exclusive.
    """

    kind: QuantityKind
    value: str
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """All numbers, amounts, percentages, dates and times of a text, in digits or number words, in order."""
    return list(_quantities(text))


def figures(text: str) -> frozenset[str]:
    """The values of all quantities of a text."""
    return frozenset(quantity.value for quantity in _quantities(text))


def as_told(figure: Figure) -> str:
    """The value of a brief's figure as :func:`figures` writes it."""
    if isinstance(figure.value, str):
        return figure.value
    number = plain(Decimal(repr(figure.value)))
    if figure.unit == "percent":
        return f"{number}%"
    # Money that is not won is written with its currency.
    return f"{number} {figure.unit}" if figure.unit in _CURRENCIES.values() else number


def figures_hold(claim: str, evidence: str) -> bool:
    """Whether every figure of ``claim`` stands in ``evidence``; see :func:`missing_figures`."""
    return not missing_figures(claim, evidence)


def missing_figures(claim: str, evidence: str) -> tuple[Quantity, ...]:
    """The figures of ``claim`` that do not stand in ``evidence``, in order.

    A date may be told less precisely, never more. Words of the evidence that may or may not be numbers ("first",
    "half", "한") count for it; in a claim they demand nothing, and neither does "two": "the two lawmakers" counts who
    was named.
    """
    known = figures(evidence)
    missing = [
        quantity
        for quantity in _quantities(claim)
        if claim[quantity.start : quantity.end].lower() not in _PAIR
        and quantity.value not in known
        and not any(refines(other, quantity.value) for other in known)
    ]
    if not missing:
        return ()
    implied = implied_values(fold(evidence).text)
    return tuple(quantity for quantity in missing if quantity.value not in implied)


@lru_cache(maxsize=4_096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    folded = fold(text)
    found: list[Quantity] = []
    taken = bytearray(len(folded.text))
    for quantity in _candidates(folded.text):
        if not any(taken[quantity.start : quantity.end]):
            taken[quantity.start : quantity.end] = b"\x01" * (quantity.end - quantity.start)
            found.append(quantity)
    found.sort(key=lambda quantity: quantity.start)
    return tuple(Quantity(q.kind, q.value, *folded.span(q.start, q.end)) for q in found)


def _candidates(text: str) -> Iterator[Quantity]:
    for date in find_dates(text):
        yield Quantity("date", date.value, date.start, date.end)
    for value, start, end in find_times(text):
        yield Quantity("time", value, start, end)
    for numeral in (*find_numerals(text), *find_number_words(text)):
        if numeral.value is None:
            yield Quantity("number", numeral.fraction, numeral.start, numeral.end)
        else:
            yield _typed(text, numeral.start, numeral.end, numeral.value)
    yield from _ranges(text)
    for match in _PLAIN.finditer(text):
        yield _typed(text, match.start(), match.end(), decimal(match.group()))


def _ranges(text: str) -> Iterator[Quantity]:
    for match in _RANGE.finditer(text):
        start, end = match.span("first")
        first, unit = match["first"], match["unit"].lower()
        if re.fullmatch(r"(?:19|20)[0-9]{2}", first) or _LABEL_BEFORE.search(text[max(0, start - 8) : start]):
            continue
        # "300 to 1 million" starts at three hundred, "11 and 5 billion" is no range.
        if decimal(first) >= decimal(match["second"]) or (match["link"].lower() == "and" and not match["between"]):
            continue
        if unit in ("%", "퍼센트", "percent", "per cent"):
            yield Quantity("percent", plain(decimal(first)) + "%", start, end)
            continue
        value = scaled(decimal(first), scale_of(unit))
        currency = _currency(text, start, _end_of_amount(text, match.end()))
        yield _money(value, currency, start, end) if currency else Quantity("number", plain(value), start, end)


def _end_of_amount(text: str, end: int) -> int:
    """Behind the rest of a Korean amount ("5~20조 5000억 원")."""
    rest = re.compile(r"(?:\s?[0-9,]+[천백]?[억만])*").match(text, end)
    return rest.end() if rest else end


def _typed(text: str, start: int, end: int, value: Decimal) -> Quantity:
    if _PERCENT_AFTER.match(text, end):
        return Quantity("percent", plain(value) + "%", start, end)
    if currency := _currency(text, start, end):
        return _money(value, currency, start, end)
    if re.fullmatch(r"(?:19|20)[0-9]{2}", text[start:end]) and not _COUNTED_AFTER.match(text, end):
        return Quantity("date", text[start:end], start, end)
    return Quantity("number", plain(value), start, end)


def _currency(text: str, start: int, end: int) -> str | None:
    match = _MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(text[max(0, start - 16) : start])
    if match is None:
        return None
    return "KRW" if match["won"] else _CURRENCIES[match["other"].lower()]


def _money(value: Decimal, currency: str, start: int, end: int) -> Quantity:
    return Quantity("money", plain(value) + ("" if currency == "KRW" else f" {currency}"), start, end)
