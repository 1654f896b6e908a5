"""Figures: the same in both languages, and the data in the front matter true to the text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from civicbot.language.dates import refines
from civicbot.language.numerals import plain
from civicbot.language.quantities import as_told, figures, figures_hold, quantities
from civicbot.library.checks.mirror import pairs, sentence_pairs
from civicbot.library.checks.papers import Paper
from civicbot.library.problems import Problem
from civicbot.model import Figure

# What a sentence may tell in kilometres or gigawatts.
_IN_THOUSANDS = frozenset({"m", "MW"})


def check_equal_figures(papers: Iterable[Paper]) -> Iterator[Problem]:
    """Sentences that belong together tell the same numbers, amounts and dates, each date as precisely.

    Words that may or may not be numbers ("first", "both", "한") stand for the number that the other language tells,
    and demand none; neither does a 1, for which English has "a", "per" and "weekly". A date without a year takes it
    from the sentence's other dates. A difference is reported in the English file.
    """
    for korean, english in pairs(papers):
        for theirs, ours in sentence_pairs((korean, english)):
            only = {"Korean": _lacking(theirs.text, ours.text), "English": _lacking(ours.text, theirs.text)}
            if any(only.values()):
                told = "; ".join(f"only {name} has {', '.join(sorted(v))}" for name, v in only.items() if v)
                message = f"The figures are not those of {korean.path}:{theirs.line}: {told}."
                yield english.problem(message, field="text", line=ours.line)


def _lacking(claim: str, evidence: str) -> set[str]:
    """The figures of one sentence that its twin does not tell."""
    if figures_hold(claim, evidence):
        return set()
    known = _dated(evidence)
    return {v for v in _dated(claim) - known - {"1"} if not any(refines(other, v) for other in known)}


def _dated(text: str) -> set[str]:
    """A sentence's figures; when all its years are one, dates without a year get it."""
    found = quantities(text)
    dates = {quantity.value for quantity in found if quantity.kind == "date"}
    years = {date[:4] for date in dates if not date.startswith("--")}
    filled = (
        {date.replace("-", min(years), 1) if date.startswith("--") else date for date in dates}
        if len(years) == 1
        else dates
    )
    return filled | {quantity.value for quantity in found if quantity.kind != "date"}


def check_figure_data(papers: Iterable[Paper]) -> Iterator[Problem]:
    """``figures:`` of briefs: one current value for a key unless it is disputed, each told in the text.

    The brief and each source of a figure tell its value. That the sources are there is ingest's own rule.
    """
    papers = list(papers)
    digests = {(paper.document.language, paper.document.source_id): _told(paper) for paper in papers}
    for paper in papers:
        if not paper.document.figures:
            continue
        yield from _one_current(paper)
        told = _told(paper)
        for number, figure in enumerate(paper.document.figures):
            if not _tells(told, figure):
                message = f"No sentence of the brief tells {as_told(figure)!r}, the value of {figure.key!r}."
                yield paper.problem(message, field=f"figures.{number}.value")
            for source in figure.sources:
                if not _tells(digests.get((paper.document.language, source), told), figure):
                    message = f"No sentence of {source} tells {as_told(figure)!r}, the value of {figure.key!r}."
                    yield paper.problem(message, field=f"figures.{number}.sources")


def _one_current(paper: Paper) -> Iterator[Problem]:
    by_key: Mapping[str, list[tuple[int, Figure]]] = defaultdict(list)
    for number, figure in enumerate(paper.document.figures):
        by_key[figure.key].append((number, figure))
    for key, found in by_key.items():
        current = [(number, figure) for number, figure in found if figure.status == "current"]
        disputed = any(figure.status == "disputed" for _, figure in found)
        if len({as_told(figure) for _, figure in current}) > 1 and not disputed:
            message = f"{key!r} has more than one current value; mark what is superseded or disputed."
            yield paper.problem(message, field=f"figures.{current[1][0]}.status")


def _told(paper: Paper) -> frozenset[str]:
    return frozenset(value for sentence in paper.sentences for value in figures(sentence.text))


def _tells(told: frozenset[str], figure: Figure) -> bool:
    wanted = {as_told(figure)}
    if figure.unit in _IN_THOUSANDS and not isinstance(figure.value, str):
        wanted.add(plain(Decimal(repr(figure.value)) / 1000))
    return any(value in told or any(refines(other, value) for other in told) for value in wanted)
