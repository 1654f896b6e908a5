"""Log lines as ``key=value`` pairs: readable for people, easy to cut for programs, free of what residents write.

Events are fixed words and everything else stands in fields (docs/operations.md lists both), so that a line never holds
a question, a comment or a ticket's code. An exception's message may quote any of them: it is told by its type and
place alone.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from civicbot.errors import CivicbotError

_OURS, _MCP = "civicbot", "mcp"


class KeyValueFormatter(logging.Formatter):
    """Writes time, level, logger and event, then the pairs that our loggers give as ``extra={"fields": {…}}``."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, followed by its traceback, without messages, if it has one."""
        pairs: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        pairs.update(getattr(record, "fields", {}))
        lines = [" ".join(f"{key}={_value(value)}" for key, value in pairs.items())]
        if record.exc_info and record.exc_info[1] is not None:
            lines += _told(record.exc_info[1])
        return "\n".join(lines)


def _told(error: BaseException) -> Iterator[str]:
    """Where an exception and those that led to it were raised, and of which type they are; causes first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _told(inner)
    yield "Traceback (most recent call last):"
    yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
    yield f"{type(error).__module__}.{type(error).__qualname__}{_detail(error)}"


def _detail(error: BaseException) -> str:
    """What is safe to tell of an exception's contents: an error's code, or the system's own words."""
    if isinstance(error, CivicbotError):
        return f" code={error.code}"
    if isinstance(error, OSError) and error.strerror:
        return f" {json.dumps(str(error.strerror), ensure_ascii=False)}"
    return ""


def _value(value: object) -> str:
    text = str(value)
    plain = text and all(character.isprintable() and character not in ' "=' for character in text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def configure_logging(level: str) -> None:
    """Sends all logs from ``level`` on to stderr; libraries are heard from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValueFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level.upper()]))
    logging.getLogger(_OURS).setLevel(level.upper())
    # Its warnings quote what clients send.
    logging.getLogger(_MCP).setLevel(logging.ERROR)
