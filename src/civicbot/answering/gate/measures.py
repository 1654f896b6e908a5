"""What a number measures: its unit, brought to one notation for both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from civicbot.language.folding import fold
from civicbot.language.quantities import Quantity, quantities

_PREFIX = {"k": 3, "m": 6, "g": 9, "t": 12, "p": 15, "킬로": 3, "메가": 6, "기가": 9, "테라": 12, "페타": 15}
_PREFIX |= {"kilo": 3, "mega": 6, "giga": 9, "tera": 12, "peta": 15, "": 0}
_SI = "|".join(sorted((prefix for prefix in _PREFIX if prefix), key=len, reverse=True))


def _whole(pattern: str) -> str:
    """A word's end where a particle may follow: "40km로" has a unit, "40 minutes" none of metres."""
    return pattern.replace(r"\b", "(?![A-Za-z0-9])")


# (dimension, what a unit is in the dimension's base as a factor, pattern); the first that matches counts.
_UNITS: tuple[tuple[str, Decimal, re.Pattern[str]], ...] = tuple(
    (dimension, Decimal(factor), re.compile(rf"[\s-]?(?:{_whole(pattern)})", re.IGNORECASE))
    for dimension, factor, pattern in (
        ("point", "1", r"%\s?p\b|%\s?포인트|퍼센트\s?포인트|(?:percentage|percent|%)[\s-]points?\b"),
        ("percent", "1", r"%|퍼센트|percent\b|per cent\b"),
        (
            "area",
            "1000000",
            r"㎢|km²|km2\b|(?:제곱|평방)\s?킬로미터|sq(?:uare|\.)?\s?(?:km|kilomet(?:re|er)s?)\b",
        ),
        ("area", "1", r"㎡|m²|m2\b|제곱\s?미터|평방\s?미터|sq(?:uare|\.)?\s?(?:m|met(?:re|er)s?)\b"),
        ("area", "10000", r"ha\b|㏊|헥타르|hectares?\b"),
        ("area", "4047", r"acres?\b|에이커"),
        ("pyeong", "1", r"평(?![가균일방])|pyeong\b"),
        ("speed", "1", r"km/h\b|㎞/h|kph\b|kilomet(?:re|er)s?\s(?:an|per)\shour\b|킬로미터\s?매\s?시"),
        ("length", "1000", r"㎞|km\b|킬로미터|킬로(?!그|와|볼)|kilomet(?:re|er)s?\b"),
        ("length", "1", r"m\b(?!²)|미터|met(?:re|er)s?\b"),
        ("length", "0.01", r"cm\b|센티미터|centimet(?:re|er)s?\b"),
        ("length", "1609", r"miles?\b|마일"),
        *(
            (dimension, "1", rf"(?P<si>{_SI})?(?:{unit})")
            for dimension, unit in (
                ("energy", r"wh\b|와트시|watt[\s-]?hours?\b"),
                ("power", r"w\b|와트|watts?\b"),
                ("voltage", r"v\b|볼트|volts?\b"),
                ("flops", r"flops?\b|플롭스|플롭"),
                ("bytes", r"b\b|바이트|bytes?\b"),
            )
        ),
        ("ton", "1", r"톤|t\b|ton(?:ne)?s?\b"),
        ("litre", "1", r"리터|ℓ|l\b|lit(?:re|er)s?\b"),
        ("cubic", "1", r"㎥|m³|세제곱미터|cubic\smet(?:re|er)s?\b"),
        ("mass", "1", r"kg\b|킬로그램|kilograms?\b"),
        (
            "years",
            "1",
            r"년간|년\s?동안|개년|개\s?년|해\s?동안|년\s?(?:안에|내|이상|가까이|만에|치|째)|years?\b(?![\s-]olds?)",
        ),
        ("months", "1", r"개월|달(?![러성])|months?\b"),
        ("weeks", "1", r"주(?:간|일|\s?동안)|weeks?\b"),
        ("hours", "1", r"시간|hours?\b"),
        ("minutes", "1", r"분(?![기야의])|minutes?\b"),
        ("seconds", "1", r"초(?![등중기반])|seconds?\b"),
        ("days", "1", r"일(?:간|\s?동안)|days?\b"),
        (
            "people",
            "1",
            r"(?:여|\s)*명|인(?![공당])\b|(?:\w+\s)?(?:people|persons?|students?|participants?|graduates?|trainees|residents|experts)\b",
        ),
        ("won", "1", r"(?:여|\s)*원(?![칙인])|won\b"),
    )
)
_COUNTED = {"people": {"things"}}
_THINGS = re.compile(
    r"[\s-]?(?:여|\s)*(?:개사|곳|대(?![기학표])|장(?![소관치])|건(?![물설립강])|채|companies|firms|vehicles|cars|buses|GPUs?|calls)",
    re.IGNORECASE,
)
_RATES = (
    ("hour", r"시간당|매시간|\b(?:an|per|every|each)\shour\b|\bhourly\b"),
    ("day", r"하루|일일|매일|날마다|일평균|하루평균|\b(?:a|per|every|each)\sday\b|(?-i:\bdaily\b)"),
    ("week", r"주당|매주|한\s?주|\b(?:a|per|every|each)\sweek\b|(?-i:\bweekly\b)"),
    (
        "month",
        r"(?<![0-9])(?<![0-9]\s)월\s?(?=[0-9]|최대|평균)|매월|매달|한\s?달|달마다|월평균|\b(?:a|per|every|each)\smonth\b|(?-i:\bmonthly\b)",
    ),
    (
        "year",
        r"연간|매년|해마다|(?<![가-힣])연\s?(?=[0-9]|최대|평균)|한\s?해|연평균|\b(?:a|per|every|each)\syear\b|\bannual(?:ly)?\b|\byearly\b",
    ),
)
_RATE_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _RATES)
_TIMES = frozenset({"date", "time"})


@dataclass(frozen=True)
class Measure:
    """A number with its unit.

    Attributes:
        value: the quantity's value; with a unit, in the unit's base.
        unit: the dimension, empty where the text names none that we know.
    """

    quantity: Quantity
    value: str
    unit: str

    @property
    def dated(self) -> bool:
        """Whether it is a date or a time of day."""
        return self.quantity.kind in _TIMES


@lru_cache(maxsize=4_096)
def measures(text: str) -> tuple[Measure, ...]:
    """All numbers of a text with their units, in order."""
    folded = fold(text)
    found = quantities(folded.text)
    measured = []
    for quantity in found:
        value, unit = (quantity.value, "") if quantity.kind in _TIMES else _measured(folded.text, quantity)
        start, end = folded.span(quantity.start, quantity.end)
        measured.append(Measure(Quantity(quantity.kind, quantity.value, start, end), value, unit))
    return tuple(measured)


@lru_cache(maxsize=4_096)
def rates(text: str) -> frozenset[str]:
    """The periods that amounts of a text are told for (a day, a month)."""
    return frozenset(name for name, pattern in _RATE_PATTERNS if pattern.search(text))


def rate_span(text: str, rate: str) -> tuple[int, int] | None:
    """Where a text tells a period."""
    match = dict(_RATE_PATTERNS)[rate].search(text)
    return match.span() if match else None


def clash(one: str, other: str) -> bool:
    """Whether two units exclude each other; one that is not told excludes nothing."""
    if not one or not other or one == other or {one, other} == {"speed", "length"}:
        return False
    return not ("things" in (one, other) and "people" not in (one, other))


def _measured(text: str, quantity: Quantity) -> tuple[str, str]:
    if quantity.kind == "money":
        return quantity.value, "money"
    bare = quantity.value.rstrip("%")
    if "/" in bare:
        return bare, ""
    end = _range_end(text, quantity.end)
    for dimension, factor, pattern in _UNITS:
        match = pattern.match(text, end)
        if match:
            prefix = (match.groupdict().get("si") or "").lower()
            value = Decimal(bare) * factor * (Decimal(10) ** _PREFIX[prefix])
            return format(value.normalize(), "f"), "money" if dimension == "won" else dimension
    if quantity.kind == "percent":
        return bare, "percent"
    return bare, "things" if _THINGS.match(text, end) else ""


def _range_end(text: str, end: int) -> int:
    """Behind the other end of a range, which carries the unit for both ("40~50km", "40 to 50 km")."""
    match = re.compile(r"\s?(?:~|∼|-|–|to|or|and|에서)\s?[0-9][0-9,.]*(?=[^0-9])").match(text, end)
    return match.end() if match else end
