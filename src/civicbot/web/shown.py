"""A question and its answer as the page shows them: every text written out, for the templates to put in place."""

from __future__ import annotations

from dataclasses import dataclass

from civicbot.model import Answer, AnswerStatus, Language, NoticeKind
from civicbot.web.afterwards import Mark
from civicbot.web.phrases import Phrases
from civicbot.web.sources import Source, document_link, kind_label, web_address
from civicbot.web.views import Turn

_FOR_STAFF = frozenset(
    {
        AnswerStatus.PARTIAL,
        AnswerStatus.NO_EVIDENCE,
        AnswerStatus.OUT_OF_SCOPE,
        AnswerStatus.REFUSED,
        AnswerStatus.PAUSED,
        AnswerStatus.ERROR,
    }
)
"""Where an answer ended like this, the question can be left for staff."""

_NOT_RATED = frozenset({AnswerStatus.CLARIFICATION, AnswerStatus.PAUSED, AnswerStatus.ERROR})


@dataclass(frozen=True)
class Card:
    """A source as its panel shows it."""

    id: str
    number: int
    title: str
    publisher: str | None
    published: str | None
    label: str
    quote: str
    before: str
    after: str
    language: Language
    foreign: str
    document: str
    original: str | None


@dataclass(frozen=True)
class Sentence:
    """A sentence and the cards of its citations."""

    text: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class ShownTurn:
    """What the template of a turn needs.

    Attributes:
        number: of the turn in its conversation, from 0.
        lead: what the answer says before its cited sentences.
        copy: the answer as plain text, with its label, date and sources.
        share: the address of its read-only page; None when there is none.
        rated: whether residents are asked if it helped.
        for_staff: whether the question can be left for staff.
    """

    number: int
    question: str
    pending: bool
    stage: str
    problem: str | None
    answer: Answer | None
    lead: str
    sentences: tuple[Sentence, ...]
    cards: tuple[Card, ...]
    as_of: str | None
    contact: str | None
    copy: str
    share: str | None
    rated: bool
    for_staff: bool
    mark: Mark
    newest: bool


def shown_turn(turn: Turn, number: int, mark: Mark, phrases: Phrases, *, newest: bool) -> ShownTurn:
    """Writes a turn out in the page's language."""
    cards = {source.citation.number: _card(source, number, phrases) for source in turn.sources}
    answer, lead = turn.answer, _lead(turn)
    recorded = answer is not None and all(one.kind is not NoticeKind.NOT_RECORDED for one in answer.notices)
    return ShownTurn(
        number=number,
        question=turn.question,
        pending=turn.pending,
        stage=phrases.stage(turn.stage or "other"),
        problem=phrases.problem(turn.problem) if turn.problem else None,
        answer=answer,
        lead=lead,
        sentences=tuple(
            Sentence(one.text, tuple(cards[n] for n in one.citations if n in cards)) for one in turn.sentences
        ),
        cards=tuple(cards[n] for n in sorted(cards)),
        as_of=_as_of(answer, phrases),
        contact=_contact(answer, phrases),
        copy=_copy(turn, lead, tuple(cards[n] for n in sorted(cards)), phrases),
        share=f"/shared/{answer.id}" if answer and recorded else None,
        rated=recorded and answer is not None and answer.status not in _NOT_RATED,
        for_staff=recorded and answer is not None and (answer.status in _FOR_STAFF or _not_done(mark)),
        mark=mark,
        newest=newest,
    )


def _not_done(mark: Mark) -> bool:
    """Whether the resident said or showed that an answer did not do, whatever it held."""
    return mark.helpful is False or mark.left


def _lead(turn: Turn) -> str:
    """What an answer's text says before its cited sentences: the whole text when there are none."""
    if turn.answer is None:
        return ""
    if not turn.sentences:
        return turn.answer.text
    head, found, _ = turn.answer.text.partition(turn.sentences[0].text)
    return head.strip() if found else ""


def _as_of(answer: Answer | None, phrases: Phrases) -> str | None:
    return phrases.chat.as_of.format(date=phrases.date(answer.as_of)) if answer and answer.as_of else None


def _contact(answer: Answer | None, phrases: Phrases) -> str | None:
    """The human contact, unless the answer's text names it already."""
    if answer is None or not answer.contact or answer.contact in answer.text:
        return None
    return phrases.chat.contact.format(contact=answer.contact)


def _card(source: Source, turn: int, phrases: Phrases) -> Card:
    citation, texts = source.citation, phrases.source
    return Card(
        id=f"source-{turn}-{citation.number}",
        number=citation.number,
        title=citation.title,
        publisher=citation.publisher,
        published=phrases.date(citation.published) if citation.published else None,
        label=kind_label(source.kind, citation.publisher, citation.published, phrases),
        quote=citation.quote,
        before=source.before,
        after=source.after,
        language=citation.language,
        foreign=texts.language_ko if citation.language == "ko" else texts.language_en,
        document=document_link(citation),
        original=web_address(citation.url),
    )


def _copy(turn: Turn, lead: str, cards: tuple[Card, ...], phrases: Phrases) -> str:
    """The turn as plain text for the clipboard; the script adds the answer's address."""
    answer, actions = turn.answer, phrases.actions
    if answer is None:
        return ""
    said = [lead] if lead else []
    said += [f"{one.text} {''.join(f'[{n}]' for n in one.citations)}" for one in turn.sentences]
    lines = [f"{phrases.chat.you}: {turn.question}", "", f"{phrases.chat.answer}: {' '.join(said)}"]
    lines += [f"* {phrases.notices.get(one.kind.value, '')}: {one.text}" for one in answer.notices]
    lines += [one for one in (_contact(answer, phrases), _as_of(answer, phrases)) if one]
    if cards:
        lines += ["", phrases.chat.sources]
        lines += [actions.source_line.format(number=card.number, parts=_source_parts(card, phrases)) for card in cards]
    return "\n".join([*lines, "", actions.ai_label])


def _source_parts(card: Card, phrases: Phrases) -> str:
    date = card.published or phrases.source.undated
    return ", ".join(part for part in (card.title, card.publisher, date, card.original) if part)
