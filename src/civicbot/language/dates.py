"""Dates, and halves and quarters of a year, in Korean and English, brought to one notation.

``2025-08-17``, ``2025-08``, ``2025``, ``2026-H2``, ``2026-Q3``; without a year ``--08-17``, ``--08``, ``--H2``,
``--Q3``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct "
        "november|nov december|dec".split(),
        start=1,
    )
    for name in names.split("|")
}
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "latter": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}

_YEAR = r"(?:19|20)[0-9]{2}"
_TIGHT = r"\s*[~∼〜\-–—·]\s*"
# ---- Korean. "3월 20~30일", "1·2월": the word stands behind the last number only.
_K_YEAR = rf"(?:(?<![0-9])(?<![0-9][.,])(?P<y>{_YEAR})|['’‘](?P<yy>[0-5][0-9]))\s*년(?:도|대)?"
_K_MONTH = rf"(?<![0-9])(?<![0-9][.,])(?P<m>[0-9]{{1,2}})(?:\s*월(?!\w*액)|(?=(?:{_TIGHT}[0-9]{{1,2}})+\s*월))"
_K_DAY = rf"(?P<d>[0-9]{{1,2}})(?:\s*일(?!간|차)|(?=(?:{_TIGHT}[0-9]{{1,2}})+\s*일(?!간|차)))"
_K_HALF = r"(?P<h>[상하])반기"
_K_QUARTER = r"(?<![0-9])(?<![0-9][.,])(?P<q>[1-4])(?:\s*/\s*4)?\s*분기"
_KOREAN = re.compile(
    rf"(?:{_K_YEAR}\s*)?(?:{_K_MONTH}(?:\s*{_K_DAY})?|{_K_HALF}|{_K_QUARTER})|"
    + _K_YEAR.replace("<y>", "<y2>").replace("<yy>", "<yy2>")
)
_WEEKDAY = r"(?:\s*\([월화수목금토일](?:요일)?\))?"
_K_LINK = rf"{_WEEKDAY}\s*(?:부터|에서|[~∼〜\-–—·,]|과|와|및|이나|또는)\s*"
# "3월 20일부터 30일까지", "2025년 11월~12월", "2025~29년": what follows takes month and year from what stands before.
_K_MORE_DAYS = re.compile(
    rf"{_K_LINK}(?P<d>[0-9]{{1,2}})(?:\s*일(?!간|차)|(?=(?:{_TIGHT}[0-9]{{1,2}})+\s*일(?!간|차)))"
)
_SHORT_YEAR = re.compile(rf"(?<![0-9])(?<![0-9][.,])({_YEAR})(?:\s*년)?{_TIGHT}([0-9]{{2}})\s*년")
# ---- English
_MONTH = (
    "(?P<mon>(?-i:May|MAY)|"
    + "|".join(sorted((name for name in _MONTHS if name != "may"), key=len, reverse=True))
    + r")\b\.?"
)
_DAY = r"(?<![0-9])(?<![0-9][.,])[0-9]{1,2}(?:st|nd|rd|th)?(?![0-9])"
# "3, 5 and 7", "20 to 30", "20–30"
_DAYS = (
    rf"(?P<days>{_DAY}(?:(?:,\s*{_DAY})*,?\s+(?:and|or|&)\s+{_DAY}|"
    rf"\s*[~\-–—]\s*{_DAY}|\s+(?:to|until|through)\s+{_DAY})?)"
)
_OF_YEAR = rf"(?:\s+of\s+(?:the\s+year\s+)?(?P<y>{_YEAR})\b)"
_ENGLISH = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_DAYS}\s+(?:of\s+)?\b{_MONTH}(?:,?\s+(?P<y>{_YEAR})\b)?",
        rf"\b{_MONTH}\s+{_DAYS}(?:,?\s+(?P<y>{_YEAR})\b|(?!\s*[0-9%]|\s+[a-z]+s\b|\s+(?:million|billion|trillion|per)))",
        rf"\b{_MONTH},?\s+(?:of\s+)?(?P<y>{_YEAR})\b",
        rf"\b(?P<half>first|second|latter|1st|2nd)\s+half{_OF_YEAR}",
        r"\b(?:in|by|from|until|during)\s+the\s+(?P<half>first|second|latter)\s+half\b(?!\s+of)",
        rf"\bH(?P<h>[12])\s+(?P<y>{_YEAR})\b",
        rf"\b(?P<quarter>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]quarter\b{_OF_YEAR}?",
        rf"\bQ(?P<q>[1-4])\b(?:,?\s+(?P<y>{_YEAR})\b)?",
        rf"\b(?P<y>{_YEAR})\s+(?:Q(?P<q>[1-4])|H(?P<h>[12]))\b",
    )
)
# "may" and "march" are verbs; the names need a word before them that only a month has.
_LONE_MONTH = re.compile(
    r"\b(?:January|February|April|June|July|August|September|October|November|December)\b|"
    r"\b(?:in|by|of|to|or|and|for|mid|end|from|last|next|this|late|till|since|until|early|after|before|between|through|"
    r"during)[ -](?P<name>March|May)\b|"
    rf"\b(?:March|May)\b(?=\s*(?:to|and|or|until|-|–)\s*{_MONTH.replace('?P<mon>', '?:')})"
)
_E_LINK = r",?\s*(?:-|–|—|~|\bto\b|\band\b|\bor\b|\buntil\b|\btill\b|\bthrough\b|,)\s*(?:in\s+)?"
_LINK = re.compile(rf"{_K_LINK}|{_E_LINK}")
_FROM_TO = re.compile(r"부터|에서|[~∼〜\-–—]|\b(?:to|until|till|through)\b")
# ---- both
_NUMERIC = re.compile(
    rf"(?<![0-9.])(?:(?P<y>{_YEAR})|['’‘](?P<yy>[0-5][0-9]))(?:"
    rf"\s*(?P<sep>[-/])\s*(?P<m>[0-9]{{1,2}})\s*(?P=sep)\s*(?P<d>[0-9]{{1,2}})(?![0-9])|"
    r"\.\s?(?P<m2>[0-9]{1,2})\.\s?(?P<d2>[0-9]{1,2})(?![0-9])|"
    r"\.\s?(?P<m3>[0-9]{1,2})\.(?!\s?[0-9])|"
    r"-(?P<m4>0[1-9]|1[0-2])(?![0-9-]))"
)


@dataclass(frozen=True)
class DateSpan:
    """A date or a part of one; ``part`` is ``H1``, ``H2``, ``Q1`` … ``Q4``; spans are end-exclusive."""

    year: int | None
    month: int | None
    day: int | None
    part: str | None
    start: int
    end: int

    @property
    def value(self) -> str:
        """The date as precise as it stands."""
        value = "-" if self.year is None else str(self.year)
        if self.part:
            return f"{value}-{self.part}"
        if self.month:
            value += f"-{self.month:02d}"
        return f"{value}-{self.day:02d}" if self.day else value


def find_dates(text: str) -> list[DateSpan]:
    """All dates of a text with a month, a part of the year or a Korean 년, in order and without overlap.

    A date without a year takes it from its neighbour in a range or list ("20 March to 5 April 2026",
    "2026년 3월 20일부터 4월 5일까지"), never from farther away.
    """
    found: list[DateSpan] = []
    taken = bytearray(len(text))
    for span in _candidates(text):
        if _possible(span) and not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\x01" * (span.end - span.start)
            found.append(span)
    return _with_years(text, sorted(found, key=lambda span: span.start))


_FORM = re.compile(r"(?P<y>[0-9]{4}|-)(?:-(?:(?P<part>[HQ][1-4])|(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2}))?))?")


def refines(precise: str, vague: str) -> bool:
    """Whether a date says all that a vaguer one says: ``2025-08-17`` refines ``2025-08``, ``--08`` and ``2025-Q3``."""
    exact, loose = _FORM.fullmatch(precise), _FORM.fullmatch(vague)
    if exact is None or loose is None or loose["y"] not in ("-", exact["y"]):
        return False
    if loose["part"]:
        return loose["part"] in _parts(exact)
    return loose["m"] in (None, exact["m"]) and loose["d"] in (None, exact["d"])


def _parts(date: re.Match[str]) -> set[str]:
    if date["part"]:
        half = {"Q1": "H1", "Q2": "H1", "Q3": "H2", "Q4": "H2"}
        return {date["part"], half.get(date["part"], date["part"])}
    if not date["m"]:
        return set()
    month = int(date["m"])
    return {f"Q{(month + 2) // 3}", "H1" if month <= 6 else "H2"}


def _possible(span: DateSpan) -> bool:
    return (span.month is None or 1 <= span.month <= 12) and (span.day is None or 1 <= span.day <= 31)


def _candidates(text: str) -> Iterator[DateSpan]:
    for match in _NUMERIC.finditer(text):
        month = int(match["m"] or match["m2"] or match["m3"] or match["m4"])
        day = match["d"] or match["d2"]
        yield DateSpan(_year(match["y"], match["yy"]), month, int(day) if day else None, None, *match.span())
    yield from _korean(text)
    for pattern in _ENGLISH:
        for match in pattern.finditer(text):
            yield from _english(match)
    for match in _LONE_MONTH.finditer(text):
        start, end = match.span("name") if match["name"] else match.span()
        yield DateSpan(None, _MONTHS[text[start:end].lower()], None, None, start, end)


def _korean(text: str) -> Iterator[DateSpan]:
    for match in _KOREAN.finditer(text):
        year = _year(match["y"] or match["y2"], match["yy"] or match["yy2"])
        part = {"상": "H1", "하": "H2"}[match["h"]] if match["h"] else f"Q{match['q']}" if match["q"] else None
        month, day = (int(match[name]) if match[name] else None for name in ("m", "d"))
        span = DateSpan(year, month, day, part, *match.span())
        yield span
        while span.day and (more := _K_MORE_DAYS.match(text, span.end)):
            span = replace(span, day=int(more["d"]), start=more.start("d"), end=more.end())
            yield span
    for match in _SHORT_YEAR.finditer(text):
        first, second = int(match[1]), int(match[1][:2] + match[2])
        if second > first:
            yield DateSpan(first, None, None, None, match.start(1), match.end(1))
            yield DateSpan(second, None, None, None, match.start(2), match.end())


def _english(match: re.Match[str]) -> Iterator[DateSpan]:
    groups = match.groupdict()
    year = _year(groups.get("y"), None)
    if not groups.get("mon"):
        half, quarter = (_ORDINALS.get((groups.get(name) or "").lower()) for name in ("half", "quarter"))
        part = f"H{half or groups.get('h')}" if half or groups.get("h") else f"Q{quarter or groups.get('q')}"
        yield DateSpan(year, None, None, part, *match.span())
        return
    month = _MONTHS[groups["mon"].lower()]
    if not groups.get("days"):
        yield DateSpan(year, month, None, None, *match.span())
        return
    days = list(re.finditer(r"[0-9]+", groups["days"]))
    offset = match.start("days")
    month_first = match.start("mon") < offset
    for number, day in enumerate(days):
        # The one next to the month's name spans the name and the year as well.
        start = match.start() if month_first and number == 0 else offset + day.start()
        last = number == len(days) - 1
        end = match.end() if last else offset + day.end()
        yield DateSpan(year, month, int(day.group()), None, start, end)


def _year(full: str | None, short: str | None) -> int | None:
    return int(full) if full else 2000 + int(short) if short else None


def _with_years(text: str, spans: Sequence[DateSpan]) -> list[DateSpan]:
    dated = list(spans)
    # English tells the year last, Korean first; both hold for the other end of a range.
    for here, there in [(n, n + 1) for n in reversed(range(len(dated) - 1))]:
        dated[here] = _neighbour_year(text, dated[here], dated[there])
    for here, there in [(n, n - 1) for n in range(1, len(dated))]:
        dated[here] = _neighbour_year(text, dated[here], dated[there])
    # "the first half of 2026 … the second half": parts of one year, however far apart.
    last: DateSpan | None = None
    for n, span in enumerate(dated):
        if span.part and span.year is None and last and last.part and last.part[0] == span.part[0]:
            dated[n] = replace(span, year=last.year) if span.part > last.part else span
        last = dated[n] if dated[n].year is not None else last
    return dated


def _neighbour_year(text: str, span: DateSpan, other: DateSpan) -> DateSpan:
    first, second = sorted((span, other), key=lambda each: each.start)
    between = text[first.end : second.start]
    if span.year is not None or other.year is None or not span.month or not other.month:
        return span
    if not _LINK.fullmatch(between):
        return span
    # From December to January is a range over the turn of the year.
    over = bool(first.month and second.month and first.month > second.month and _FROM_TO.search(between))
    return replace(span, year=other.year + (0 if not over else 1 if span is second else -1))
