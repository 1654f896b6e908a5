"""Reading what the model writes, as it comes: JSON as it should be, and JSON as models write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Grade = Literal["full", "partial", "none"]

_GRADE = re.compile(r"[\"']completeness[\"']\s*:\s*[\"'](full|partial|none)[\"']", re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_THINKING = re.compile(r"\s*<think(?:ing)?>", re.IGNORECASE)
_THOUGHT = re.compile(r"</think(?:ing)?>", re.IGNORECASE)
_LISTED = re.compile(r"[\"']sentences[\"']\s*:\s*\[(?P<items>.*)", re.DOTALL)
_STRING = re.compile(r"\"((?:[^\"\\]|\\.)*)\"", re.DOTALL)
_MARKS = re.compile(r"\s*\[\s*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*\]")
_TEXT_KEYS = ("text", "sentence")
_EVIDENCE_KEYS = ("evidence", "citations", "sources", "citation", "source")


@dataclass(frozen=True)
class Written:
    """A sentence as the model gave it, with the numbers of the evidence that it names."""

    text: str
    evidence: tuple[int, ...]


class ReplyReader:
    """Takes a reply bit by bit and gives its sentences as soon as each is whole."""

    def __init__(self) -> None:
        self._text = ""
        self._place = 0
        self._starts: list[int] = []
        self._quoted = False
        self._escaped = False
        self._closed = 0
        self.sentences = 0

    @property
    def after(self) -> int:
        """Characters that have come since the last object was closed."""
        return len(self._text) - self._closed

    @property
    def text(self) -> str:
        """All that has come so far."""
        return self._text

    @property
    def grade(self) -> Grade | None:
        """How much of the question the model says that the evidence answers, once it has said it."""
        match = _GRADE.search(self._text)
        return match[1].lower() if match else None  # type: ignore[return-value]

    @property
    def whole(self) -> bool:
        """Whether the object that the reply is has been closed."""
        return self.sentences > 0 and not self._starts

    def feed(self, piece: str) -> Iterator[Written]:
        """Takes a piece; the sentences that it completes."""
        self._text += piece
        if _THINKING.match(self._text):
            end = _THOUGHT.search(self._text)
            if end is None:
                return
            self._text, self._place = self._text[end.end() :], 0
        while self._place < len(self._text):
            found = self._step(self._text[self._place])
            if found is not None:
                self.sentences += 1
                yield found

    def rest(self) -> list[Written]:
        """Sentences of a reply that has ended and gave none as objects: a list of strings that end in [n]."""
        match = _LISTED.search(self._text)
        if match is None or self.sentences:
            return []
        found = []
        for string in _STRING.finditer(match["items"]):
            text, numbers = _unmarked(_loaded(string.group()) or "")
            if text and numbers:
                found.append(Written(text, numbers))
        self.sentences += len(found)
        return found

    def _step(self, letter: str) -> Written | None:
        """Takes one letter; the sentence whose object it closes."""
        here = self._place
        self._place += 1
        if self._quoted:
            self._quoted = self._escaped or letter != '"'
            self._escaped = letter == "\\" and not self._escaped
            return None
        # Quotation marks in a preface are no JSON; those within an object are.
        if letter == '"' and self._starts:
            self._quoted = True
        elif letter == "{":
            self._starts.append(here)
        elif letter == "}" and self._starts:
            self._closed = self._place
            return _sentence(_loaded(self._text[self._starts.pop() : here + 1]))
        return None


def _loaded(text: str) -> Any:
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except ValueError:
            continue
    return None


def _sentence(held: Any) -> Written | None:
    if not isinstance(held, dict):
        return None
    text = next((held[key] for key in _TEXT_KEYS if isinstance(held.get(key), str)), None)
    if text is None:
        return None
    plain, marked = _unmarked(text)
    named = next((held[key] for key in _EVIDENCE_KEYS if key in held), None)
    numbers = tuple(dict.fromkeys((*_numbers(named), *marked)))
    return Written(plain, numbers) if plain else None


def _numbers(held: Any) -> Iterator[int]:
    """The numbers that were meant: 1, "1", "[1]", "1, 2", [1, "2"]; a boolean is none."""
    if isinstance(held, list):
        for each in held:
            yield from _numbers(each)
    elif isinstance(held, str):
        yield from (int(digits) for digits in re.findall(r"\d{1,3}", held))
    elif isinstance(held, int) and not isinstance(held, bool):
        yield held


def _unmarked(text: str) -> tuple[str, tuple[int, ...]]:
    """A sentence without its [n] marks, Markdown's emphasis and line breaks, and the numbers of the marks."""
    numbers = tuple(int(digits) for match in _MARKS.finditer(text) for digits in re.findall(r"\d+", match[1]))
    plain = _MARKS.sub("", text).replace("**", "").replace("`", "")
    return " ".join(plain.split()), tuple(dict.fromkeys(numbers))
