"""Markdown as plain text: headings, paragraphs with their line numbers and footnote references, comments.

markdown-it-py knows CommonMark; this module turns its tokens into text without marks and keeps what indexing needs.
Three habits of Korean texts are looked after: a line that starts with a date (``2026. 1. 20. 발표``) is no numbered
list, emphasis next to Korean particles that CommonMark does not close leaves no asterisks, and footnote marks vanish
without a trace in the spacing.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_FOOTNOTE_DEFINITION = re.compile(r"^ {0,3}\[\^[^\]\s]+\]:[ \t]*", re.MULTILINE)
_COMMENT = re.compile(r"<!--(.*?)(-->|\Z)", re.DOTALL)
_HIDDEN_HTML = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CLOSING = ".,;:?!)]}”’」』》"
_FIRST_YEAR = 100  # an "ordered list" that starts at such a number is a date or an amount


@dataclass(frozen=True)
class Reference:
    """A footnote reference: its label and where it stood in the line's text."""

    label: str
    offset: int


@dataclass(frozen=True)
class Line:
    """A run of text that no paragraph break parts: white space collapsed, marks and footnotes gone.

    Attributes:
        number: 1-based line of the file on which it starts.
        references: the footnotes that stood in it, in order.
    """

    text: str
    number: int
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A heading; ``level`` is 1 to 6."""

    text: str
    level: int
    number: int


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together; a table's rows and a code block's lines are lines, too."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Comment:
    """An HTML comment that stands on its own; ``closed`` is False when it runs to the end of the file."""

    text: str
    number: int
    closed: bool = True


Block = Heading | Paragraph | Comment


def tidy(text: str) -> str:
    """The whole text of a file in one normal form: NFC, LF line ends, no invisible or control characters.

    Files written on macOS may hold decomposed Hangul, which no composed search word would match.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _INVISIBLE.sub("", _CONTROL.sub(" ", text))


def one_line(text: str) -> str:
    """``text`` in normal form with every run of white space as one space, and none at its ends."""
    return _SPACE.sub(" ", tidy(text)).strip()


def read_markdown(text: str, *, first_line: int = 1, keep_breaks: bool = False) -> list[Block]:
    """Reads Markdown into blocks, in order.

    Args:
        text: Markdown without front matter, after :func:`tidy`.
        first_line: 1-based line of the file on which ``text`` starts.
        keep_breaks: whether every line of the source is a :class:`Line` of its own ("one sentence, one line");
            otherwise plain line breaks are spaces, as Markdown means them.
    """
    walker = _Walker(first_line=first_line, keep_breaks=keep_breaks)
    for token in _parser().parse(_FOOTNOTE_DEFINITION.sub("", text)):
        walker.take(token)
    return walker.blocks


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table")


@dataclass
class _Walker:
    """Collects blocks from the flat token stream."""

    first_line: int
    keep_breaks: bool
    blocks: list[Block] = field(default_factory=list)
    level: int = 0
    prefix: str = ""
    row: list[Line] | None = None
    row_line: int = 1
    rows: list[Line] = field(default_factory=list)

    def take(self, token: Token) -> None:
        line = self.first_line + (token.map[0] if token.map else 0)
        match token.type:
            case "heading_open":
                self.level = int(token.tag[1:])
            case "heading_close":
                self.level = 0
            case "inline":
                self._inline(token, line)
            case "list_item_open":
                # "2026. 1. 20. …" parses as three nested lists; a real list starts low and its text follows at once.
                if token.info and (self.prefix or int(token.info) >= _FIRST_YEAR):
                    self.prefix += f"{token.info}{token.markup} "
            case "tr_open":
                self.row, self.row_line = [], line
            case "tr_close":
                self._close_row()
            case "table_close":
                self._paragraph(self.rows)
                self.rows = []
            case "fence" | "code_block":
                start = line + (1 if token.type == "fence" else 0)
                self._paragraph(_plain_lines(token.content, start))
            case "html_block":
                self._html(token.content, line)

    def _inline(self, token: Token, line: int) -> None:
        keep_breaks = self.keep_breaks and not self.level
        lines = list(_inline_lines(token, line, prefix=self.prefix, keep_breaks=keep_breaks))
        self.prefix = ""
        if self.row is not None:
            self.row.append(_joined(lines, " ", line))
        elif self.level:
            self.blocks.append(Heading(_joined(lines, " ", line).text, self.level, line))
        else:
            self._paragraph(lines)

    def _close_row(self) -> None:
        cells = [cell for cell in self.row or () if cell.text]
        if cells:
            self.rows.append(_joined(cells, " | ", self.row_line))
        self.row = None

    def _paragraph(self, lines: list[Line]) -> None:
        if lines:
            self.blocks.append(Paragraph(tuple(lines)))

    def _html(self, content: str, line: int) -> None:
        position = 0
        for match in _COMMENT.finditer(content):
            self._paragraph(_html_lines(content[position : match.start()], line + content.count("\n", 0, position)))
            number = line + content.count("\n", 0, match.start())
            self.blocks.append(Comment(match[1], number, closed=match[2] == "-->"))
            position = match.end()
        self._paragraph(_html_lines(content[position:], line + content.count("\n", 0, position)))


@dataclass
class _Text:
    """A line under construction: white space is collapsed as pieces come in, so that offsets stay true."""

    number: int
    text: str = ""
    references: list[Reference] = field(default_factory=list)

    def add(self, piece: str) -> None:
        position = 0
        for match in _FOOTNOTE.finditer(piece):
            self._append(piece[position : match.start()])
            self.references.append(Reference(match[1], len(self.text.rstrip())))
            position = match.end()
        self._append(piece[position:])

    def add_verbatim(self, piece: str) -> None:
        self._append(piece)

    def line(self) -> Line:
        text = self.text.rstrip()
        return Line(text, self.number, tuple(self.references))

    def _append(self, piece: str) -> None:
        piece = _SPACE.sub(" ", _INVISIBLE.sub("", _CONTROL.sub(" ", piece)))
        if not self.text or self.text.endswith(" "):
            piece = piece.lstrip(" ")
        after_footnote = self.references and self.references[-1].offset == len(self.text) - 1
        if after_footnote and piece[:1] and piece[0] in _CLOSING:
            self.text = self.text.rstrip(" ")
        self.text += piece


def _inline_lines(token: Token, line: int, *, prefix: str, keep_breaks: bool) -> Iterator[Line]:
    current = _Text(line)
    current.add_verbatim(prefix)
    for child in token.children or ():
        match child.type:
            case "text":
                current.add(child.content.replace("**", ""))
            case "code_inline":
                current.add_verbatim(child.content)
            case "image":
                current.add(child.content)
            case "html_inline" if not _LINE_BREAK_TAG.fullmatch(child.content):
                line += child.content.count("\n")
            case "softbreak" | "hardbreak" | "html_inline":
                line += child.type != "html_inline"
                if keep_breaks or child.type != "softbreak":
                    yield from _nonempty(current)
                    current = _Text(line)
                else:
                    current.add_verbatim(" ")
    yield from _nonempty(current)


def _nonempty(text: _Text) -> Iterator[Line]:
    line = text.line()
    if line.text:
        yield line


def _joined(lines: list[Line], separator: str, number: int) -> Line:
    """Several lines as one; their footnotes stand at its end."""
    text = separator.join(line.text for line in lines)
    references = tuple(Reference(reference.label, len(text)) for line in lines for reference in line.references)
    return Line(text, number, references)


def _plain_lines(content: str, number: int) -> list[Line]:
    lines = ((number + index, one_line(raw)) for index, raw in enumerate(content.split("\n")))
    return [Line(text, number) for number, text in lines if text]


def _html_lines(content: str, number: int) -> list[Line]:
    if not content.strip():
        return []
    # What is cut out keeps its line breaks, so that line numbers stay true.
    visible = _HIDDEN_HTML.sub(lambda match: "\n" * match[0].count("\n"), content)
    visible = _TAG.sub(lambda match: " " + "\n" * match[0].count("\n"), visible)
    return _plain_lines(html.unescape(visible), number)
