from __future__ import annotations

import logging

import pytest

from civicbot.errors import IndexMissingError
from civicbot.web.logs import KeyValueFormatter

SECRET = "900101-1234568"


def line(event: str, error: BaseException | None = None, **fields: object) -> str:
    exc_info = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("civicbot.web", logging.INFO, __file__, 1, event, None, exc_info)
    vars(record)["fields"] = fields
    return KeyValueFormatter().format(record)


def test_a_line_is_pairs() -> None:
    text = line("answered", status="no_evidence", seconds=0.1)
    assert text.startswith("time=")
    assert text.endswith("level=info logger=civicbot.web event=answered status=no_evidence seconds=0.1")


def test_values_cannot_break_out_of_their_line() -> None:
    text = line("two words", value='x\ny="1" level=error')
    assert "\n" not in text
    assert 'event="two words" value="x\\ny=\\"1\\" level=error"' in text


def test_what_libraries_add_to_their_records_is_left_out() -> None:
    record = logging.LogRecord("httpx", logging.WARNING, __file__, 1, "request", None, None)
    vars(record)["url"] = f"/t/{SECRET}"
    assert SECRET not in KeyValueFormatter().format(record)


def broken() -> None:
    try:
        _nothing_there()
    except IndexMissingError:
        raise ValueError(f"cannot read {SECRET!r}")  # noqa: B904 - a context without a cause is told as well


def _nothing_there() -> None:
    try:
        _full_disk()
    except OSError as cause:
        raise IndexMissingError(f"Nothing about {SECRET}.") from cause


def _full_disk() -> None:
    raise OSError(28, "No space left on device", f"/tmp/{SECRET}")


def test_a_traceback_tells_types_and_places_and_no_messages() -> None:
    with pytest.raises(ValueError, match=SECRET) as caught:
        broken()
    text = line("answer_failed", error=caught.value)
    assert SECRET not in text
    assert text.count("Traceback (most recent call last):") == 3
    assert "in broken" in text
    ends = [one for one in text.splitlines() if one[0] not in " tT"]
    assert ends == [
        'builtins.OSError "No space left on device"',
        "civicbot.errors.IndexMissingError code=index_missing",
        "builtins.ValueError",
    ]


def test_groups_of_exceptions_tell_their_members() -> None:
    group = ExceptionGroup(f"about {SECRET}", [ValueError(SECRET), KeyError(SECRET)])
    text = line("answer_failed", error=group)
    assert SECRET not in text
    assert [one for one in text.splitlines() if one.startswith("builtins")] == [
        "builtins.ValueError",
        "builtins.KeyError",
        "builtins.ExceptionGroup",
    ]
