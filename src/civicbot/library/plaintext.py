"""Plain text files: paragraphs and wrapped lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from civicbot.library.markdown import Block, Line, Paragraph, one_line

_ITEM = re.compile(r"(?:[-*•·▪○●□■◦※]|\(?\d{1,3}[.)]|\(?[가-하A-Za-z][.)])\s")
_END = re.compile(r"[.?!。…:;][\"'”’)\]]*$")
# Text editors and mail programs wrap at 66 to 80 columns; a line well short of that ends where its author ended it.
_WRAPPED_COLUMNS = 60
_TITLE_CHARACTERS = 100


def read_text(text: str) -> list[Block]:
    """Reads plain text into paragraphs; blank lines part them, wrapped lines are joined again.

    Args:
        text: the whole file, after :func:`civicbot.library.markdown.tidy`.
    """
    blocks: list[Block] = []
    lines: list[Line] = []
    before = ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = Line(one_line(raw), number)
        if not line.text:
            blocks += _paragraph(lines)
            lines = []
        elif lines and _wraps(before, line.text):
            lines[-1] = Line(f"{lines[-1].text} {line.text}", lines[-1].number)
        else:
            lines.append(line)
        before = line.text
    return blocks + _paragraph(lines)


def text_title(blocks: Sequence[Block]) -> str:
    """The first paragraph when it looks like a title: one short line that is no sentence; else empty."""
    match blocks:
        case [Paragraph(lines=(Line(text=text),)), _, *_] if len(text) <= _TITLE_CHARACTERS and not _END.search(text):
            return text
    return ""


def _paragraph(lines: list[Line]) -> list[Block]:
    return [Paragraph(tuple(lines))] if lines else []


def _wraps(line: str, following: str) -> bool:
    """Whether a line break was put in by a program rather than meant."""
    return _columns(line) >= _WRAPPED_COLUMNS and not _END.search(line) and not _ITEM.match(following)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
