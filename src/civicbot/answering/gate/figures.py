"""Numbers, amounts and percentages: each must stand in the passage, with its unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from civicbot.answering.gate.measures import Measure, clash, measures, rate_span, rates
from civicbot.answering.gate.nouns import GateFinding, GateRule
from civicbot.language.folding import fold
from civicbot.language.numerals import implied_values

_NO_NUMBERS = ("세종",)
"""Names that begin like a number."""
_PAIR = frozenset({"two", "두"})
_ORDINALS = {
    word: str(n)
    for n, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=3)
}
_ORDINAL = re.compile(
    rf"\b(?P<word>{'|'.join(_ORDINALS)})\b(?![\s-](?:quarters?|of|more|less)\b)(?!s\b)", re.IGNORECASE
)
_MOST_LISTED = 12
_EACH = re.compile(r"\s?(?:초|인당|명당|회당|개당|곳당|대당|명에)")
_DAY = re.compile(r"(?:th|st|nd|rd)\b|일(?!\s?(?:간|동안|차))")
_SEPARATOR = re.compile(r"\s?[·,]\s?(?:and\s|및\s)?|(?:과|와)\s|\sand\s")
_LIST = re.compile(
    r"[가-힣A-Za-z0-9]+(?:(?:\s?[·,]\s?(?:and\s|및\s)?|(?:과|와)\s|\sand\s)[가-힣A-Za-z0-9]+(?:\s[A-Z][A-Za-z]+)*)+"
)
_RATIO = re.compile(r"(?<![0-9])(?P<one>[0-9]{1,2})\s?(?:대|to|:)\s?(?P<other>[0-9]{1,2})(?![0-9])")
_LATER = re.compile(
    r"\b(?P<number>\w+)\sdays?\s(?:later|earlier|after|before)\b|(?P<korean>[0-9]+)일\s?(?:뒤|후|만에|앞서)",
    re.IGNORECASE,
)


def wrong_figures(sentence: str, evidence: Sequence[str]) -> Iterator[GateFinding]:
    """The figures of a sentence that no cited passage holds, dates left out.

    Words of the passage that may or may not be numbers ("first", "절반") count for it; in a sentence they demand
    nothing, and neither does "two": "the two lawmakers" counts who was named.
    """
    held = [measure for text in evidence for measure in measures(text)]
    values = {measure.value for measure in held} | {measure.quantity.value.rstrip("%") for measure in held}
    implied = set().union(*(implied_values(fold(text).text) for text in evidence))
    for measure in measures(sentence):
        told = sentence[measure.quantity.start : measure.quantity.end]
        if measure.dated or told.lower() in _PAIR or sentence.startswith(_NO_NUMBERS, measure.quantity.start):
            continue
        rule = _missing(measure, held, values, implied)
        if rule is not None and not _accounted(sentence, measure, evidence):
            yield GateFinding(rule, told, (measure.quantity.start, measure.quantity.end))
    yield from _ordinals(sentence, values | implied)
    yield from _periods(sentence, evidence)


def _missing(measure: Measure, held: Sequence[Measure], values: set[str], implied: set[str]) -> GateRule | None:
    same = [other for other in held if other.value == measure.value or other.quantity.value == measure.quantity.value]
    if any(_agree(measure, other) for other in same):
        return None
    if same:
        return GateRule.UNIT
    bare = measure.quantity.value.rstrip("%")
    if bare in implied or (not measure.unit and bare in values):
        return None
    return GateRule.NUMBER


def _agree(measure: Measure, other: Measure) -> bool:
    if measure.unit and measure.unit == other.unit:
        return measure.value == other.value
    return not clash(measure.unit, other.unit)


def _ordinals(sentence: str, known: set[str]) -> Iterator[GateFinding]:
    for match in _ORDINAL.finditer(sentence):
        if _ORDINALS[match["word"].lower()] not in known:
            yield GateFinding(GateRule.NUMBER, match["word"], match.span("word"))


def _periods(sentence: str, evidence: Sequence[str]) -> Iterator[GateFinding]:
    """A sum told for a month that the passage tells for a week; one that it tells for nothing is left alone."""
    held = frozenset().union(*(rates(text) for text in evidence))
    for rate in sorted(rates(sentence) - held) if held else ():
        span = rate_span(sentence, rate)
        if span is not None:
            yield GateFinding(GateRule.UNIT, sentence[slice(*span)], span)


def _accounted(sentence: str, measure: Measure, evidence: Sequence[str]) -> bool:
    """Whether a number stands for something that the passages tell otherwise: a day, one each, a count of a list."""
    quantity = measure.quantity
    if quantity.value == "1" and _EACH.match(sentence, quantity.end):
        return True
    if _DAY.match(sentence, quantity.end) and quantity.value.isdigit():
        day = f"-{int(quantity.value):02d}"
        return any(other.dated and other.value.endswith(day) for text in evidence for other in measures(text))
    if _ratio(sentence, measure, evidence):
        return True
    if (
        quantity.value.isdigit()
        and 3 <= int(quantity.value) <= _MOST_LISTED
        and measure.unit in ("", "things", "people")
    ):
        told = sentence[quantity.start : quantity.end]
        count = int(quantity.value)
        return not told.isdigit() and any(_lists(text, count) for text in (*evidence, *_listed(sentence)))
    return _between_dates(sentence, measure)


def _ratio(sentence: str, measure: Measure, evidence: Sequence[str]) -> bool:
    """Whether a number is a side of a ratio that the passages tell in percent ("7 대 3", 70% and 30%)."""
    place = measure.quantity.start
    ratio = next((match for match in _RATIO.finditer(sentence) if match.start() <= place < match.end()), None)
    if ratio is None:
        return False
    one, other = int(ratio["one"]), int(ratio["other"])
    percents = {m.quantity.value.rstrip("%") for text in evidence for m in measures(text) if m.unit == "percent"}
    return one + other > 0 and all(str(100 * side // (one + other)) in percents for side in (one, other))


def _lists(text: str, count: int) -> bool:
    """Whether a text lists so many things in a row ("A, B and C", "A·B·C")."""
    if any(len(_SEPARATOR.findall(match.group())) + 1 == count for match in _LIST.finditer(text)):
        return True
    items = len(re.findall(r",\s(?:and\s)?", text))
    return items > 1 and count in (items + 1, items + 1 + len(re.findall(r"(?<!,)\sand\s", text)))


def _listed(sentence: str) -> Iterator[str]:
    """What a sentence lists itself behind the number that counts it ("three things: A, B and C")."""
    if ": " in sentence:
        listed = sentence.split(": ", 1)[1]
        yield re.sub(r"\sand\s", ", ", listed) if ", " in listed else listed


def _between_dates(sentence: str, measure: Measure) -> bool:
    """Whether a number counts the days between two dates of the sentence ("four days later, on 22 August")."""
    if not any(match.start() <= measure.quantity.start < match.end() for match in _LATER.finditer(sentence)):
        return False
    days = list(_days(sentence))
    bare = measure.quantity.value
    return bare.isdigit() and any(
        abs((one - other).days) == int(bare) for one in days for other in days if one != other
    )


def _days(sentence: str) -> Iterator[date]:
    """The days of a sentence; one without a year is of the year told last."""
    year = ""
    for measure in measures(sentence):
        value = measure.value
        if not measure.dated or not re.fullmatch(r"(?:[0-9]{4}|-)-[0-9]{2}-[0-9]{2}", value):
            continue
        year = year if value.startswith("--") else value[:4]
        try:
            yield date.fromisoformat(year + value[-6:])
        except ValueError:
            continue
