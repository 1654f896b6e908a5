"""Looking something up in the library without having it answered: the passages, and the sentence of each that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from civicbot.answering.citing import citation_of
from civicbot.answering.context import Candidate, Context, Part
from civicbot.answering.evidence import Evidence
from civicbot.answering.findings import Finding, Findings
from civicbot.answering.intake import Intake
from civicbot.answering.override import named
from civicbot.answering.parts import understood
from civicbot.answering.protocols import Asked, Rulings, Turn
from civicbot.answering.retrieve import Retrieve
from civicbot.answering.texts import texts
from civicbot.errors import PausedError
from civicbot.model import Citation, Passage, Question, Statement, Support
from civicbot.retrieval.live import LiveIndex
from civicbot.settings import Settings

MOST_FOUND = 20
"""How many passages a search gives at most; the retriever looks no deeper."""


class LibrarySearch:
    """Finds passages as the assistant does before it answers; nothing is remembered of what was looked for.

    Staff's switches hold here, too: else whoever searches would be told what the assistant must not tell.

    Args:
        settings: the settings.
        index: the live index.
        retrieve: finds the passages.
        evidence: ranks their sentences.
        rulings: what staff have laid down.
    """

    def __init__(
        self, settings: Settings, index: LiveIndex, retrieve: Retrieve, evidence: Evidence, rulings: Rulings
    ) -> None:
        self._settings = settings
        self._index = index
        self._retrieve = retrieve
        self._evidence = evidence
        self._rulings = rulings
        self._intake = Intake(_NoConversations())

    def __call__(self, question: Question, limit: int = MOST_FOUND) -> Findings:
        """Searches the passages of one language; personal data in what is looked for are masked before.

        Args:
            question: what is looked for, with the language wanted (detected if None) and the site that it came from.
            limit: how many passages are wanted, 1 to 20.

        Raises:
            InvalidQuestionError: the text cannot be looked for.
            PausedError: a switch holds it back.
            IndexMissingError: there is nothing to search yet.
            IndexDamagedError: what there is cannot be used.
        """
        with self._index.reader() as generation:
            context = self._intake(Context(question, generation, self._settings.current_date()))
            context = replace(context, rules=self._rulings.current())
            part = Part(context.text, understood(context, context.text))
            topics = named(context, context.text) | set(part.asked.entities)
            if (told := _held_back(context, topics)) is not None:
                raise PausedError(told)
            hits = self._retrieve(replace(context, parts=(part,))).parts[0].hits
            may = tuple(hit for hit in hits if _may_tell(context, hit.passage))[:limit]
            part = replace(part, hits=may)
            best = _best(self._evidence.ranked(context, part))
            passages = [(hit.passage, best.get(hit.passage.id, hit.passage.statements[0])) for hit in may]
            found = (_finding(context, *pair, number) for number, pair in enumerate(passages, 1))
            return Findings(language=context.language, passages=tuple(found))


class _NoConversations:
    """A search continues none and begins none."""

    def start(self) -> str:
        return ""

    def earlier(self, conversation_id: str) -> Sequence[Turn]:
        del conversation_id
        return ()

    def remember(self, exchange: object) -> bool:
        del exchange
        return False


def _held_back(context: Context, topics: frozenset[str]) -> str | None:
    """What the public is told where a switch applies, else None."""
    ruling = context.rules.find(Asked(language=context.language, site=context.question.site, topics=topics))
    if ruling is None:
        return None
    return ruling.text or texts(context.language).status[ruling.status.value]


def _may_tell(context: Context, passage: Passage) -> bool:
    """Whether no switch holds back what a passage is about."""
    topics = named(context, passage.text) | {passage.entity or ""}
    return _held_back(context, topics - {""}) is None


def _best(ranked: Sequence[Candidate]) -> dict[str, Statement]:
    """The best sentence of each passage."""
    best: dict[str, Statement] = {}
    for candidate in ranked:
        best.setdefault(candidate.passage.id, candidate.statement)
    return best


def _finding(context: Context, passage: Passage, statement: Statement, number: int) -> Finding:
    own = Support(
        document_id=passage.document_id,
        passage_id=passage.id,
        quote=statement.text,
        start=statement.start,
        end=statement.end,
    )
    citation = citation_of(context.generation, own, number)
    others = (support for support in statement.supports if support.document_id != passage.document_id)
    supports: list[Citation] = [
        citation_of(context.generation, support, place) for place, support in enumerate(others, 1)
    ]
    return Finding(
        **citation.model_dump(),
        kind=passage.kind,
        heading=passage.heading,
        text=passage.text,
        supports=tuple(supports),
    )
