"""Small edits of a brief's Markdown, and of the questions beside it; everything but what is added stays as it was.

All texts here are in normal form with LF line ends (:func:`civicbot.library.markdown.tidy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civicbot.errors import CivicbotError
from civicbot.library.facets import facet_headings
from civicbot.library.markdown import Comment, Heading, one_line, read_markdown
from civicbot.library.matter import Matter, split_matter
from civicbot.model import Facet, Language

LONGEST_WORDING = 120
"""Characters of a wording or question; ``civicbot corpus check`` allows no more of a question."""
_ASKED_AS = "<!-- asked as:"
_END = "-->"
_BULLET = "- "


class BriefEditError(CivicbotError):
    """A brief cannot be edited like this."""

    code = "brief_edit"


@dataclass(frozen=True)
class _Place:
    """A facet's section in its file: 0-based lines, ``end`` exclusive.

    Attributes:
        comment: line on which its first *asked as* comment starts; None without one.
    """

    facet: Facet | None
    start: int
    end: int
    comment: int | None


def clean_wording(text: str) -> str:
    """A wording as it may stand in a list: one line, without marks that would end the list or start an item.

    Raises:
        BriefEditError: nothing is left, it is too long, or it would break out of its comment.
    """
    wording = one_line(text).lstrip("-*# ").strip()
    if not wording or len(wording) > LONGEST_WORDING or _END in wording or "<!--" in wording:
        raise BriefEditError(
            f"The wording {wording[:60]!r} cannot stand in a list.",
            hint=f"Write one question of 1 to {LONGEST_WORDING} characters without comment marks.",
        )
    return wording


def add_wordings(text: str, language: Language, facet: Facet, wordings: Sequence[str]) -> str:
    """Adds wordings to the end of a facet's *asked as* list; the list is made where there is none.

    Args:
        text: the whole brief.
        language: of its headings.
        facet: under which heading.
        wordings: what residents ask; those that stand there already are left out.

    Raises:
        BriefEditError: the brief has no such facet, or a wording cannot be used.
    """
    lines = text.split("\n")
    place = _place_of(text, language, facet)
    added = [wording for wording in map(clean_wording, wordings) if wording not in _listed(lines, place)]
    added = list(dict.fromkeys(added))
    if not added:
        return text
    if place.comment is None:
        block = ["", _ASKED_AS, *added, _END]
        return "\n".join([*lines[: place.start + 1], *block, *lines[place.start + 1 :]])
    end = next(n for n in range(place.comment, place.end) if _END in lines[n])
    head, _, tail = lines[end].partition(_END)
    last = [head.rstrip()] if head.strip() else []
    return "\n".join([*lines[:end], *last, *added, f"{_END}{tail}", *lines[end + 1 :]])


def add_sentence(text: str, language: Language, facet: Facet, line: str, wordings: Sequence[str] = ()) -> str:
    """Adds a sentence with its footnotes as the last line under a facet; a facet that is missing is put in its place.

    Args:
        text: the whole brief.
        language: of its headings.
        facet: under which heading.
        line: the sentence with its footnote references.
        wordings: for the *asked as* list of a facet that is missing.

    Raises:
        BriefEditError: the text is no brief.
    """
    line = one_line(line)
    lines = text.split("\n")
    places = _places(text, language)
    place = next((one for one in places if one.facet is facet), None)
    if place is not None:
        last = max((n for n in range(place.start, place.end) if lines[n].strip()), default=place.start)
        gap = [""] if last == place.start or _END in lines[last] else []
        return "\n".join([*lines[: last + 1], *gap, line, *lines[last + 1 :]])
    order = list(facet_headings(language).values())
    heading = next(words for words, each in facet_headings(language).items() if each is facet)
    later = (one.start for one in places if one.facet is not None and order.index(one.facet) > order.index(facet))
    where = next(later, len(lines))
    asked = [_ASKED_AS, *map(clean_wording, wordings), _END, ""] if wordings else []
    block = [f"## {heading}", "", *asked, line, ""]
    before = lines[:where]
    while before and not before[-1].strip():
        before.pop()
    return "\n".join([*before, "", *block, *lines[where:]])


def add_questions(text: str, sentence: str, questions: Sequence[str], *, after: Sequence[str] = ()) -> str:
    """Adds questions to those of a sentence; a sentence without any gets a block of its own.

    Args:
        text: the whole file of questions by sentence; may be empty.
        sentence: as in the brief, without its footnotes.
        questions: what residents ask; those that stand there already are left out.
        after: the brief's sentences before this one, in order: behind the nearest of them a new block stands.
    """
    lines = text.split("\n")
    blocks = _blocks(lines)
    held = next((block for block in blocks if block[0] == sentence), None)
    added = list(dict.fromkeys(map(clean_wording, questions)))
    if held is not None:
        there = {one_line(line).removeprefix(_BULLET).strip() for line in lines[held[1] + 1 : held[2]]}
        new = [f"{_BULLET}{question}" for question in added if question not in there]
        return "\n".join([*lines[: held[2]], *new, *lines[held[2] :]])
    new = [sentence, *(f"{_BULLET}{question}" for question in added)]
    ends = {block[0]: block[2] for block in blocks}
    before = next((ends[one] for one in reversed(after) if one in ends), None)
    if before is not None:
        return "\n".join([*lines[:before], "", *new, *lines[before:]])
    rest = text.rstrip("\n")
    return "\n".join([*([rest, ""] if rest else []), *new, ""])


def asked_of(text: str, sentence: str) -> tuple[str, ...]:
    """The questions of a sentence in a file of questions."""
    lines = text.split("\n")
    for told, start, end in _blocks(lines):
        if told == sentence:
            return tuple(one_line(line).removeprefix(_BULLET).strip() for line in lines[start + 1 : end])
    return ()


def _blocks(lines: Sequence[str]) -> list[tuple[str, int, int]]:
    """Each sentence of a file of questions with its line and the line behind its last question."""
    found: list[tuple[str, int, int]] = []
    for number, raw in enumerate(lines):
        line = one_line(raw)
        if line.startswith(_BULLET):
            if found:
                told, start, _ = found[-1]
                found[-1] = told, start, number + 1
        elif line:
            found.append((line, number, number + 1))
    return found


def _place_of(text: str, language: Language, facet: Facet) -> _Place:
    for place in _places(text, language):
        if place.facet is facet:
            return place
    raise BriefEditError(
        f"The brief has no section {facet.value!r} in {language!r}.", hint="Add the heading with a sentence first."
    )


def _places(text: str, language: Language) -> list[_Place]:
    matter = split_matter(text, "brief", required=True)
    if not isinstance(matter, Matter):
        raise BriefEditError("The text is no brief: it has no front matter.", hint="Open the brief again.")
    blocks = read_markdown(matter.body, first_line=matter.body_line, keep_breaks=True)
    headings = [(block.number - 1, block.text) for block in blocks if isinstance(block, Heading)]
    comments = [
        block.number - 1
        for block in blocks
        if isinstance(block, Comment) and block.closed and block.text.strip().lower().startswith("asked as")
    ]
    ends = [start for start, _ in headings[1:]] + [text.count("\n") + 1]
    return [
        _Place(
            facet=facet_headings(language).get(words),
            start=start,
            end=end,
            comment=next((number for number in comments if start < number < end), None),
        )
        for (start, words), end in zip(headings, ends, strict=True)
    ]


def _listed(lines: Sequence[str], place: _Place) -> set[str]:
    if place.comment is None:
        return set()
    return {one_line(line).lstrip("-* ").removesuffix(_END).strip() for line in lines[place.comment : place.end]}
