"""Times of day in Korean and English, on 24 hours."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TIMES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:(?P<part>오전|오후|새벽|아침|낮|저녁|밤)\s*)?(?<![0-9:.])(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])(?![0-9:])"
        r"(?:\s*(?P<half>[ap])\.?\s?m\b\.?)?",
        r"(?<![0-9:])(?<![0-9][.,])(?P<hour>[0-9]{1,2})\s*(?P<half>[ap])\.?\s?m\b\.?",
        r"(?:(?P<part>오전|오후|새벽|아침|낮|저녁|밤)\s*)?(?<![0-9:])(?<![0-9][.,])(?P<hour>[0-9]{1,2})\s*시"
        r"(?:\s*(?P<minute>[0-9]{1,2})\s*분|\s*(?P<thirty>반)(?=에|부터|까지|경|쯤|이후|이전|[^가-힣]|$)|"
        r"(?=부터|까지|에|경|쯤|정각|이후|이전|\s*[~∼,.)?!\-–]|\s|$))",
    )
)
_AFTER_NOON = frozenset({"p", "오후", "낮", "저녁", "밤"})
# "밤 1시" is an hour after midnight, "낮 11시" one before noon.
_NOT_AFTER_NOON = frozenset({("낮", 10), ("낮", 11), *(("밤", hour) for hour in range(1, 6))})


def find_times(text: str) -> Iterator[tuple[str, int, int]]:
    """Times of day as (``HH:MM``, start, end); a text's own spelling decides between noon and midnight."""
    for pattern in _TIMES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            minute = 30 if groups.get("thirty") else int(groups.get("minute") or 0)
            part = (groups.get("half") or "").lower() or groups.get("part")
            hour = _hour(int(match["hour"]), part)
            if hour <= 24 and minute < 60:
                yield f"{hour:02d}:{minute:02d}", match.start(), match.end()


def _hour(hour: int, part: str | None) -> int:
    if part is None or hour > 12:
        return hour
    if hour == 12:
        return 12 if part in ("p", "오후", "낮") else 0
    return hour + 12 if part in _AFTER_NOON and (part, hour) not in _NOT_AFTER_NOON else hour
