"""Writing a corrected answer: sentences of the library are searched, picked, put in order, edited, checked and saved.

The draft lives in the browser's form; every step sends it whole and shows it anew, with what is wrong in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from civicbot.model import AnswerStatus, Language
from civicbot.review.access import Action
from civicbot.review.correction_nouns import (
    MOST_SENTENCES,
    CheckedSentence,
    Draft,
    DraftSentence,
    LibraryHit,
    Pick,
)
from civicbot.review.corrections import Corrections
from civicbot.review.refusals import UnsoundCorrectionError
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form, InvalidFormError
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Sight, operation

STATUSES = (
    AnswerStatus.ANSWERED,
    AnswerStatus.PARTIAL,
    AnswerStatus.NO_EVIDENCE,
    AnswerStatus.OUT_OF_SCOPE,
    AnswerStatus.REFUSED,
)
_PICKS = TypeAdapter(tuple[Pick, ...])


class Step(BaseModel):
    """What a button of the composer does, with the row that it does it to (from 0)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    do: Literal["check", "up", "down", "remove", "uncite", "add"]
    row: int = -1
    citation: int = -1
    sentence: DraftSentence | None = None


class _Composing(Form):
    """The composer's form."""

    item: int
    question: str = ""
    variants: str = ""
    draft_language: Language = "ko"
    status: AnswerStatus = AnswerStatus.ANSWERED
    text: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    owner: str | None = None
    valid_until: date | None = None
    correction: int | None = None
    based_on: int | None = None
    query: str = ""
    target: int = -1
    step: str = '{"do":"check"}'

    def sentences(self) -> list[DraftSentence]:
        """The sentences in their order.

        Raises:
            InvalidFormError: what is cited cannot be read.
        """
        try:
            cited = [_PICKS.validate_json(one) for one in self.cites]
            return [DraftSentence(text=text, citations=picks) for text, picks in zip(self.text, cited, strict=True)]
        except ValueError:
            raise InvalidFormError(("text",)) from None

    def draft(self) -> Draft:
        """What is handed in.

        Raises:
            InvalidFormError: something is too long or too much.
        """
        lines = tuple(line.strip() for line in self.variants.splitlines() if line.strip())
        try:
            return Draft(
                question=self.question,
                variants=lines,
                language=self.draft_language,
                status=self.status,
                sentences=tuple(self.sentences()),
                owner=self.owner,
                valid_until=self.valid_until,
            )
        except ValidationError as error:
            raise InvalidFormError(tuple(str(one["loc"][0]) for one in error.errors() if one["loc"])) from None


@dataclass(frozen=True)
class _Beside:
    """What the composer shows beside the draft.

    Attributes:
        fresh: whether it was opened just now, so that the browser may put back what was typed earlier.
        query: what is searched for.
        target: the row that gets what is picked; -1 for a new one.
        correction: the correction that is changed; None for a new one.
        based_on: its version that was opened.
    """

    fresh: bool = False
    query: str = ""
    target: int = -1
    correction: int | None = None
    based_on: int | None = None


@dataclass(frozen=True)
class _Row:
    """A sentence of the draft as it is shown."""

    checked: CheckedSentence
    cites: str


class Composer:
    """Shows the draft of a corrected answer and takes each step of its writing.

    Args:
        painter: renders it.
        corrections: searches, checks and saves.
    """

    def __init__(self, painter: Painter, corrections: Corrections) -> None:
        self._painter = painter
        self._corrections = corrections

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("compose_correction", _Composing, self._compose, Action.CORRECT),
            operation("save_correction", _Composing, self._save, Action.CORRECT),
        )

    def opened(self, sight: Sight, item: int) -> str:
        """The composer as it opens: with the answer's own sentences, or with a correction that is there."""
        values = sight.address.values
        known = values.get("correction", "")
        if known.isascii() and known.isdecimal():
            newest = self._corrections.versions(sight.actor, int(known))[0]
            draft = Draft(
                question=newest.question or "",
                variants=newest.variants,
                language=newest.language,
                status=newest.status,
                sentences=tuple(
                    DraftSentence(
                        text=sentence.text,
                        citations=tuple(
                            Pick(
                                document_id=cited.document_id,
                                passage_id=cited.passage_id,
                                start=cited.start,
                                end=cited.end,
                                quote=cited.quote,
                            )
                            for cited in sentence.citations
                        ),
                    )
                    for sentence in newest.sentences
                ),
                owner=newest.owner,
                valid_until=newest.valid_until,
            )
            return self._painted(sight, item, draft, _Beside(fresh=True, correction=newest.id, based_on=newest.version))
        draft = self._corrections.prefill(sight.actor, item, answer_id=values.get("answer"))
        return self._painted(sight, item, draft, _Beside(fresh=True))

    def _compose(self, sight: Sight, form: _Composing) -> Done:
        step = step_of(form.step)
        draft = form.draft()
        rows = stepped(list(draft.sentences), step, form.target)
        if len(rows) > MOST_SENTENCES:
            return Done(
                sight.texts.composer.too_many.format(most=MOST_SENTENCES),
                panel=self._again(sight, form, draft),
                warns=True,
            )
        return Done(panel=self._again(sight, form, draft.model_copy(update={"sentences": tuple(rows)})), settled=False)

    def _save(self, sight: Sight, form: _Composing) -> Done:
        draft = form.draft()
        try:
            kept = self._corrections.save(
                sight.actor, form.item, draft, correction_id=form.correction, based_on=form.based_on
            )
        except UnsoundCorrectionError as error:
            said = sight.texts.problem(error)
            return Done(said, panel=self._again(sight, form, draft), settled=False, warns=True)
        back = sight.address.to(compose=None, correction=None, item=form.item)
        return Done(sight.texts.composer.saved.format(version=kept.version), go=Address("item", back.values))

    def _again(self, sight: Sight, form: _Composing, draft: Draft) -> str:
        beside = _Beside(query=form.query, target=form.target, correction=form.correction, based_on=form.based_on)
        return self._painted(sight, form.item, draft, beside)

    def _painted(self, sight: Sight, item: int, draft: Draft, beside: _Beside) -> str:
        checked = self._corrections.check(sight.actor, draft.sentences) if draft.sentences else ()
        hits: tuple[LibraryHit, ...] = ()
        if beside.query:
            hits = self._corrections.search(sight.actor, beside.query, draft.language)
        return self._painter.paint(
            "composer",
            sight,
            item=item,
            draft=draft,
            rows=[_row(one) for one in checked],
            hits=hits,
            adding=_adding,
            beside=beside,
            statuses=STATUSES,
            most=MOST_SENTENCES,
            step=lambda do, **more: Step(do=do, **more).model_dump_json(exclude_defaults=True),
        )


def _adding(text: str, supports: tuple[Pick, ...]) -> str:
    """The step that adds a sentence of the library, for its button."""
    return Step(do="add", sentence=DraftSentence(text=text, citations=supports)).model_dump_json(exclude_defaults=True)


def _row(checked: CheckedSentence) -> _Row:
    return _Row(checked=checked, cites=_PICKS.dump_json(checked.sentence.citations).decode())


def step_of(told: str) -> Step:
    """What a button of the composer does.

    Raises:
        InvalidFormError: it cannot be read.
    """
    try:
        return Step.model_validate_json(told)
    except ValidationError:
        raise InvalidFormError(("step",)) from None


def stepped(rows: list[DraftSentence], step: Step, target: int) -> list[DraftSentence]:
    """The sentences after a step; one that fits no row changes nothing."""
    if step.do == "add" and step.sentence is not None:
        if 0 <= target < len(rows):
            known = rows[target].citations
            added = tuple(one for one in step.sentence.citations if one not in known)
            rows[target] = rows[target].model_copy(update={"citations": (*known, *added)})
            return rows
        return [*rows, step.sentence]
    if not 0 <= step.row < len(rows):
        return rows
    if step.do == "remove":
        return [row for place, row in enumerate(rows) if place != step.row]
    if step.do == "uncite":
        kept = tuple(one for place, one in enumerate(rows[step.row].citations) if place != step.citation)
        rows[step.row] = rows[step.row].model_copy(update={"citations": kept})
        return rows
    other = step.row + (1 if step.do == "down" else -1)
    if step.do in ("up", "down") and 0 <= other < len(rows):
        rows[step.row], rows[other] = rows[other], rows[step.row]
    return rows
