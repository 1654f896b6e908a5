"""Dates and times of day: told less precisely than in the passage perhaps, never more, and never others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from civicbot.answering.gate.measures import measures
from civicbot.answering.gate.nouns import GateEvidence, GateFinding, GateRule
from civicbot.language.dates import refines


def wrong_dates(sentence: str, evidence: Sequence[GateEvidence]) -> Iterator[GateFinding]:
    """The dates of a sentence that no cited passage holds; the day of a passage's document counts as told in it.

    A passage that leaves out the year of a day means that of its document.
    """
    known = {value for passage in evidence for value in dates_of(passage)}
    numbers = {measure.quantity.value for passage in evidence for measure in measures(passage.text)}
    for measure in measures(sentence):
        if not measure.dated or measure.value in known or any(refines(date, measure.value) for date in known):
            continue
        if measure.value in numbers:
            continue
        start, end = measure.quantity.start, measure.quantity.end
        yield GateFinding(GateRule.DATE, sentence[start:end], (start, end))


def dates_of(passage: GateEvidence) -> frozenset[str]:
    """The dates of a passage and of its document."""
    told = {measure.value for measure in measures(passage.text) if measure.dated}
    if passage.published is not None:
        year = str(passage.published.year)
        told |= {year + value[1:] for value in told if value.startswith("--")} | {passage.published.isoformat()}
    return frozenset(told)
