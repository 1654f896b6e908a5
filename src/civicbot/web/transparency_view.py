"""Writes out what ``/transparency`` tells, in one language, for the template to put in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from civicbot.model import Language
from civicbot.review.public_nouns import (
    Accuracy,
    Asked,
    Basis,
    Corrections,
    Count,
    Name,
    Part,
    Pause,
    PublicCorrection,
    Span,
)
from civicbot.web.phrases import Phrases
from civicbot.web.transparency_body import TransparencyBody
from civicbot.web.transparency_texts import TransparencyTexts

KOREA = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Row:
    """A line of a table: what it is about, and its cells; ``notes`` stand below the first cell or the name."""

    name: str
    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """A pause or correction; ``quote`` in ``language``, which is None where it is the page's."""

    when: str
    what: str
    lines: tuple[str, ...]
    quote: str = ""
    language: Language | None = None


class Writer:
    """Puts one body into words.

    Args:
        body: what is told.
        language: of the page.
        phrases: the texts of all pages in it.
        texts: the page's own.
    """

    def __init__(self, body: TransparencyBody, language: Language, phrases: Phrases, texts: TransparencyTexts) -> None:
        self._body = body
        self._language = language
        self._phrases = phrases
        self._texts = texts

    @property
    def state(self) -> str:
        """Since when the figures are, or why there are none."""
        counted = self._body.counted_at
        states: Mapping[str, str] = self._texts.state.model_dump()
        return states[self._body.records].format(time=self.time(counted) if counted else "")

    def time(self, at: datetime) -> str:
        """A moment in Korean time."""
        local = at.astimezone(KOREA)
        return self._texts.time.format(date=self._phrases.date(local.date()), clock=f"{local:%H:%M}")

    # ------------------------------------------------------------ judged

    def judged(self, basis: str) -> list[Row]:
        """The rows of a basis: the last days and all time, in both languages and in each."""
        found = self._body.judged
        if found is None:
            return []
        rows = [one for one in found.figures if one.basis == Basis(basis)]
        return [self._accuracy(one) for span in Span for one in rows if one.span is span]

    def _accuracy(self, one: Accuracy) -> Row:
        texts = self._texts.judged
        span = texts.recent.format(days=self._days) if one.span is Span.RECENT else texts.ever
        language = self._named(one.language) if one.language else texts.both
        name = texts.row.format(span=span, language=language)
        if one.judged == Count():
            return Row(name, (texts.withheld, "–"))
        count = self.count(one.judged)
        if one.right is None or one.incomplete is None or one.wrong is None:
            return Row(name, (texts.too_few.format(count=count), count))
        right, low, high = (_percent(share) for share in (one.right.value, one.right.low, one.right.high))
        rest = texts.rest.format(incomplete=_percent(one.incomplete), wrong=_percent(one.wrong))
        return Row(name, (texts.right.format(share=right, low=low, high=high), count), rest)

    # ------------------------------------------------------------ asked

    def asked_lead(self, asked: Asked) -> str:
        """Which days were counted, and how."""
        first, last = (self._phrases.date(day) for day in (asked.first, asked.last))
        return self._texts.asked.lead.format(first=first, last=last)

    def statuses(self, asked: Asked) -> list[Row]:
        """How many questions ended in each way."""
        texts = self._texts.asked.statuses
        return [
            Row(texts[one.status].name, (self.count(one.questions),), texts[one.status].meaning)
            for one in asked.statuses
        ]

    def total(self, asked: Asked) -> str:
        """The total, or what it lies between."""
        least, most = asked.total.least, asked.total.most
        counts = self._texts.counts
        if least == most:
            return self._number(least)
        return counts.between.format(least=f"{least:,}", most=f"{most:,}")

    def parts(self, parts: tuple[Part, ...], *, sites: bool) -> list[Row]:
        """The shares of languages or sites."""
        texts = self._texts.asked
        names = {one.key: (one.key or texts.own_pages) if sites else self._named(one.key) for one in parts}
        return [
            Row(
                names[one.key],
                (self._share(one.share), texts.untold if one.answered is None else self._share(one.answered)),
            )
            for one in parts
        ]

    # ------------------------------------------------------------ pauses and corrections

    def pauses(self, pauses: tuple[Pause, ...]) -> Iterator[Entry]:
        """When answering was paused, and what residents were told."""
        texts = self._texts.pauses
        for one in pauses:
            pattern = texts.over if one.over else texts.planned if one.until else texts.open
            until = self.time(one.until) if one.until else ""
            yield Entry(
                when=pattern.format(since=self.time(one.since), until=until),
                what=texts.scopes[one.scope].format(name=self._name(one.value) if one.value else ""),
                lines=(),
                quote=one.text_ko if self._language == "ko" else one.text_en,
            )

    def corrections(self, corrections: Corrections) -> list[Entry]:
        """What was corrected, and when."""
        return [self._correction(one) for one in corrections.newest]

    def _correction(self, one: PublicCorrection) -> Entry:
        texts = self._texts.corrections
        topics = [self._name(topic) for topic in one.topics] or [texts.other_topic]
        kind = texts.kinds[one.kind] if one.kind else texts.revised
        return Entry(
            when=self._phrases.date(one.day),
            what=f"{', '.join(topics)}: {kind}",
            lines=(texts.states[one.state],),
            quote=one.question or "",
            language=one.language,
        )

    # ------------------------------------------------------------ the rest

    def evaluation(self) -> tuple[str, list[str]]:
        """What the evaluation found, in the words of ``/how-it-works``; empty without one."""
        measured, how = self._body.evaluation, self._phrases.how
        if measured is None:
            return "", []
        lead = how.well.format(date=self._phrases.date(measured.measured), questions=measured.questions)
        return lead, measured.rows(how.well_rows)

    def verified(self) -> str:
        """The newest run of staff's cases, or that there is none."""
        run, texts = self._body.verified, self._texts.tests
        if run is None:
            return texts.verified_none
        if run.passed is None or not run.cases.count:
            return texts.verified_few.format(count=self.count(run.cases))
        told = {"cases": run.cases.count, "passed": run.passed, "share": _percent(run.passed / run.cases.count)}
        return texts.verified.format(**told, app=run.app, index=run.index, time=self.time(run.at))

    def library(self) -> list[Row]:
        """What answers, and from what."""
        texts, library, versions = self._texts.versions, self._body.library, self._body.versions
        if versions is None:
            return []
        told = [
            (texts.newest, self._phrases.date(library.newest) if library.newest else self._phrases.about.undated),
            (texts.sources, self._number(library.sources or 0)),
            (texts.documents, self._number(library.documents or 0)),
            (texts.index, versions.index),
            (texts.indexed, self.time(library.indexed_at) if library.indexed_at else ""),
            (texts.app, versions.app),
            (texts.prompt, versions.prompt or texts.no_prompt),
            (texts.model, versions.model or texts.no_model),
        ]
        return [Row(name, (value,)) for name, value in told if value]

    def count(self, count: Count) -> str:
        """A count; a small one as "fewer than 5"."""
        if count.count is None:
            return self._texts.counts.fewer.format(count=count.fewer_than)
        return self._number(count.count)

    def _number(self, number: int) -> str:
        return self._texts.counts.number.format(count=f"{number:,}")

    def _share(self, percent: int) -> str:
        texts = self._texts.counts
        return texts.share.format(share=percent) if percent else texts.under_one

    def _name(self, name: Name) -> str:
        return name.ko if self._language == "ko" else name.en

    def _named(self, language: str) -> str:
        return self._texts.languages["ko" if language == "ko" else "en"]

    @property
    def _days(self) -> int:
        """How many days count as recent."""
        asked = self._body.asked
        return (asked.last - asked.first).days + 1 if asked else 0


def _percent(share: float) -> str:
    return f"{share:.1%}".replace(".0%", "%")
