from __future__ import annotations

import logging

from civicbot.web.logs import KeyValueFormatter


def line(message: str, **fields: object) -> str:
    record = logging.LogRecord("civicbot.web", logging.INFO, __file__, 1, message, None, None)
    record.__dict__["fields"] = fields
    return KeyValueFormatter().format(record)


def test_a_line_is_pairs() -> None:
    text = line("answered", status="no_evidence", seconds=0.1)
    assert text.startswith("time=")
    assert text.endswith("level=info logger=civicbot.web event=answered status=no_evidence seconds=0.1")


def test_values_cannot_break_out_of_their_line() -> None:
    text = line("two words", value='x\ny="1" level=error')
    assert "\n" not in text
    assert 'event="two words" value="x\\ny=\\"1\\" level=error"' in text
