"""The figures of an answer as values to look for: each in the notations in which another answer may write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from civicbot.judging import normalised, unmarked
from civicbot.language.dates import refines
from civicbot.language.quantities import Quantity, figures_hold, missing_figures, quantities
from civicbot.model import Language

_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
_PARTS = {
    "H1": ("상반기", "first half of {y}", "H1 {y}"),
    "H2": ("하반기", "second half of {y}", "H2 {y}"),
    "Q1": ("1분기", "first quarter of {y}", "Q1 {y}"),
    "Q2": ("2분기", "second quarter of {y}", "Q2 {y}"),
    "Q3": ("3분기", "third quarter of {y}", "Q3 {y}"),
    "Q4": ("4분기", "fourth quarter of {y}", "Q4 {y}"),
}
_DATE = re.compile(r"(?P<y>[0-9]{4}|-)(?:-(?:(?P<part>[HQ][1-4])|(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?))?")
_KOREAN_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))
_ENGLISH_UNITS = ((10**12, ("trillion", "tn")), (10**9, ("billion", "bn")), (10**6, ("million", "m")))
_DECIMALS = 3
"""Digits behind the point with which a number is still written with its unit."""
_MOST_UNITS = 100_000
"""How many of a unit nobody writes: "400000만" is "40억"."""
_PAIR = frozenset({"two", "두"})
"""Words that count who was named, as in :func:`civicbot.language.quantities.missing_figures`."""
_CURRENCY_BEFORE = re.compile(r"(?:[$₩€]|KRW|USD|EUR)\s*$")
_UNIT_AFTER = re.compile(
    r"[\s-]*(?:원|won\b|달러|유로|[A-Za-z]*\s?dollars?\b|euros?\b|USD\b|KRW\b|%|퍼센트|프로|per ?cent\b)"
)
_COUNTED_AFTER = re.compile(r"\s?(?:[가-힣]|[A-Za-z]+)")
_COMMON = 100
"""Smaller plain numbers say nothing without what they count."""


def required(sentences: Sequence[str], language: Language) -> tuple[tuple[str, ...], ...]:
    """For each figure of a right answer the notations of which another answer must have one.

    A date that another one of the answer tells more precisely is not asked for. Every list holds a notation that stands
    in the answer itself.

    Args:
        sentences: of the right answer.
        language: in which it is written.
    """
    found: dict[str, tuple[str, ...]] = {}
    for sentence in map(unmarked, sentences):
        for quantity in quantities(sentence):
            notations = tuple(_notations(quantity, sentence, language))
            if quantity.value not in found and _demands(quantity, sentence) and _written(notations, sentence):
                found[quantity.value] = notations
    return tuple(
        notations
        for value, notations in found.items()
        if not any(refines(other, value) for other in found if other != value)
    )


def forbidden(
    sentences: Sequence[str], allowed: Sequence[str], language: Language, *, lone: bool = False
) -> tuple[str, ...]:
    """The figures of a wrong answer, in all notations, that nothing allowed holds.

    Args:
        sentences: of the wrong answer.
        allowed: the right answer's sentences and the question.
        language: in which it is written.
        lone: whether a sentence counts only if it holds a single such figure: of several nobody knows which is wrong.
    """
    texts = [unmarked(text) for text in allowed]
    kept = normalised(" ".join(texts))
    found: dict[str, None] = {}
    for sentence in map(unmarked, sentences):
        foreign = [one for one in quantities(sentence) if all(_lacks(text, one, sentence) for text in texts)]
        foreign = [one for one in foreign if _demands(one, sentence)]
        if lone and len({one.value for one in foreign}) != 1:
            continue
        for quantity in foreign:
            common = quantity.kind == "number" and _number(quantity.value, below=_COMMON)
            notations = _counted(quantity, sentence) if common else _notations(quantity, sentence, language)
            found |= dict.fromkeys(each for each in notations if normalised(each) not in kept)
    return tuple(found)


def _lacks(text: str, quantity: Quantity, sentence: str) -> bool:
    return any((one.start, one.end) == (quantity.start, quantity.end) for one in missing_figures(sentence, text))


def _demands(quantity: Quantity, sentence: str) -> bool:
    return sentence[quantity.start : quantity.end].lower() not in _PAIR


def _written(notations: Sequence[str], sentence: str) -> bool:
    text = normalised(sentence)
    return any(normalised(each) in text for each in notations)


def _notations(quantity: Quantity, sentence: str, language: Language) -> Iterator[str]:
    """Notations of a quantity, as it stands first; each one read alone has the same value."""
    told: set[str] = set()
    for each in (*_as_it_stands(quantity, sentence), *_otherwise(quantity, language)):
        key = normalised(each)
        if key and key not in told and figures_hold(each, sentence):
            told.add(key)
            yield each


def _as_it_stands(quantity: Quantity, sentence: str) -> Iterator[str]:
    start, end = quantity.start, quantity.end
    if quantity.kind == "percent" or (quantity.kind == "money" and " " in quantity.value):
        before = _CURRENCY_BEFORE.search(sentence[:start])
        after = _UNIT_AFTER.match(sentence, end)
        yield sentence[before.start() if before else start : after.end() if after else end]
    else:
        yield sentence[start:end]


def _counted(quantity: Quantity, sentence: str) -> Iterator[str]:
    """A small number with what it counts: in Korean its first syllable, since particles follow."""
    match = _COUNTED_AFTER.match(sentence, quantity.end)
    if match is not None:
        yield sentence[quantity.start : match.end()]


def _otherwise(quantity: Quantity, language: Language) -> Iterator[str]:
    value = quantity.value
    if quantity.kind == "date":
        yield from _dates(value, language)
    elif quantity.kind == "time":
        yield from _times(value, language)
    elif quantity.kind == "percent":
        share = value.removesuffix("%")
        yield from ((value, f"{share}퍼센트") if language == "ko" else (value, f"{share} percent", f"{share} per cent"))
    elif (amount := _decimal(value.partition(" ")[0])) is not None:
        yield from _money_abroad(amount, value, language) if " " in value else _amounts(amount, language)


def _money_abroad(number: Decimal, value: str, language: Language) -> Iterator[str]:
    names = {"USD": ("달러", "dollars", "$"), "EUR": ("유로", "euros", "€")}
    korean, english, sign = names.get(value.rpartition(" ")[2], ("", "", ""))
    for amount in _amounts(number, language):
        if language == "ko":
            yield f"{amount} {korean}"
        else:
            yield from (f"{sign}{amount}", f"{amount} {english}")


def _amounts(number: Decimal, language: Language) -> Iterator[str]:
    """``1조 5000억``, ``1.5조``; ``1.5 trillion``; and digits alone."""
    if language == "ko":
        yield from _korean(number)
        yield from (f"{_plain(number / unit)}{name}" for unit, name in _KOREAN_UNITS if _short(number, unit))
    else:
        for unit, names in _ENGLISH_UNITS:
            if _short(number, unit):
                told = _plain(number / unit)
                yield from (f"{told} {names[0]}", f"{told}{names[1]}")
    yield _plain(number)


def _korean(number: Decimal) -> Iterator[str]:
    if number != number.to_integral_value() or number < _KOREAN_UNITS[-1][0]:
        return
    left, pieces = int(number), []
    for unit, name in _KOREAN_UNITS:
        count, left = divmod(left, unit)
        if count:
            pieces.append(f"{count}{name}")
    yield " ".join([*pieces, str(left)] if left else pieces)


def _short(number: Decimal, unit: int) -> bool:
    told = number / unit
    return 1 <= told < _MOST_UNITS and told == round(told, _DECIMALS)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _dates(value: str, language: Language) -> Iterator[str]:
    match = _DATE.fullmatch(value)
    if match is None:
        return
    year = "" if match["y"] == "-" else match["y"]
    month, day = int(match["m"] or 0), int(match["d"] or 0)
    if match["part"]:
        korean, *english = _PARTS[match["part"]]
        yield from [f"{year}년 {korean}" if year else korean] if language == "ko" else _of_year(english, year)
    elif language == "ko":
        pieces = (f"{year}년" if year else "", f"{month}월" if month else "", f"{day}일" if day else "")
        yield " ".join(piece for piece in pieces if piece)
    else:
        yield from _english_dates(year, month, day)
    if year and month:
        yield value
        yield ".".join(str(int(piece)) for piece in value.split("-"))


def _english_dates(year: str, month: int, day: int) -> Iterator[str]:
    if not month:
        yield year
        return
    for name in (_MONTHS[month - 1], _MONTHS[month - 1][:3]):
        if day:
            yield from (f"{day} {name} {year}".strip(), f"{name} {day} {year}".strip())
        else:
            yield f"{name} {year}".strip()


def _of_year(forms: Sequence[str], year: str) -> Iterator[str]:
    if year:
        yield from (form.format(y=year) for form in forms)


def _times(value: str, language: Language) -> Iterator[str]:
    hour, minute = (int(part) for part in value.split(":"))
    if language == "ko":
        after = f" {minute}분" if minute else ""
        yield f"{'오전' if hour < 12 else '오후'} {(hour - 1) % 12 + 1}시{after}"
        yield f"{hour}시{after}"
    else:
        half, told = ("am", "a.m.") if hour < 12 else ("pm", "p.m.")
        clock = f"{(hour - 1) % 12 + 1}" + (f":{minute:02d}" if minute else "")
        yield from (f"{clock} {told}", f"{clock} {half}")
    yield value


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _number(text: str, *, below: int) -> bool:
    number = _decimal(text)
    return number is not None and number < below
