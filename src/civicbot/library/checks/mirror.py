"""The two languages of a document say the same: same file name, data, facets, sentences and footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from civicbot.library.checks.papers import Paper, Part, Written, other_language
from civicbot.library.problems import Problem

# Everything of the front matter that is not words. `updated` holds a digest's `accessed`.
_SAME = ("id", "url", "published", "updated", "topics", "reliability", "supersedes", "entity", "figures")
Pair = tuple[Paper, Paper]


def pairs(papers: Iterable[Paper]) -> list[Pair]:
    """The documents that stand there in both languages, Korean first, by path."""
    by_path = {paper.path: paper for paper in papers}
    korean = (paper for paper in by_path.values() if paper.document.language == "ko")
    return [(paper, by_path[paper.twin_path]) for paper in korean if paper.twin_path in by_path]


def sentence_pairs(pair: Pair) -> Iterator[tuple[Written, Written]]:
    """The sentences of a pair of documents that belong together; what does not line up is left out."""
    if [part.facet for part in pair[0].parts] != [part.facet for part in pair[1].parts]:
        return
    for korean, english in zip(pair[0].parts, pair[1].parts, strict=True):
        if len(korean.sentences) == len(english.sentences):
            yield from zip(korean.sentences, english.sentences, strict=True)


def check_mirrors(papers: Sequence[Paper], present: Iterable[str]) -> Iterator[Problem]:
    """Reports where one language lacks what the other has. A difference is reported in the English file.

    Args:
        papers: all digests and briefs that could be read.
        present: the paths of all files, so that a twin that is there but cannot be read is not called missing.
    """
    files = set(present)
    for paper in papers:
        if paper.twin_path not in files:
            language = other_language(paper.document.language)
            yield paper.problem(f"There is no {paper.twin_path!r}, its twin in {language!r}.", field="file", line=1)
    for pair in pairs(papers):
        yield from _matter(pair)
        yield from _parts(pair)


def _matter(pair: Pair) -> Iterator[Problem]:
    korean, english = pair
    for name in _SAME:
        ours, theirs = getattr(english.document, name), getattr(korean.document, name)
        if name == "id":
            ours, theirs = (str(value).rsplit("-", 1)[0] for value in (ours, theirs))
        if ours == theirs:
            continue
        field = "accessed" if name == "updated" and "accessed" in english.matter.values else name
        if name == "figures":
            yield _figures(pair)
        else:
            yield english.problem(f"{korean.path!r} has another value: {_told(theirs)}.", field=field)


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _figures(pair: Pair) -> Problem:
    """The first figure that differs."""
    ours, theirs = pair[1].document.figures, pair[0].document.figures
    number = next(
        (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
    )
    key = (ours + theirs)[number].key if number >= len(ours) else ours[number].key
    return pair[1].problem(f"The figure {key!r} is not the one of {pair[0].path!r}.", field=f"figures.{number}")


def _parts(pair: Pair) -> Iterator[Problem]:
    korean, english = pair
    ours, theirs = ([part.facet for part in paper.parts] for paper in (english, korean))
    if ours != theirs:
        number = next(
            (n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs))
        )
        line = english.parts[min(number, len(english.parts) - 1)].line
        message = f"The facets are not those of {korean.path!r}: {_facets(korean)} there, {_facets(english)} here."
        yield english.problem(message, field="heading", line=line)
        return
    for here, there in zip(english.parts, korean.parts, strict=True):
        yield from _sentences(pair, here, there)


def _facets(paper: Paper) -> str:
    return ", ".join(part.facet.value for part in paper.parts if part.facet) or "none"


def _sentences(pair: Pair, here: Part, there: Part) -> Iterator[Problem]:
    korean, english = pair
    if len(here.sentences) != len(there.sentences):
        message = (
            f"{len(here.sentences)} sentences stand here, {len(there.sentences)} at {korean.path}:{there.line}; "
            "both languages say the same, one sentence for one sentence."
        )
        yield english.problem(message, field="text", line=here.line)
        return
    for ours, theirs in zip(here.sentences, there.sentences, strict=True):
        if ours.references != theirs.references:
            message = (
                f"The footnotes are {', '.join(ours.references) or 'none'} here and "
                f"{', '.join(theirs.references) or 'none'} at {korean.path}:{theirs.line}."
            )
            yield english.problem(message, field="footnote", line=ours.line)
