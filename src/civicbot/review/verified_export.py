"""Verified cases as JSON lines: for ``civicbot eval`` (design.md §6) and for ragas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from civicbot.answering.texts import texts
from civicbot.judging import unmarked
from civicbot.language.quantities import quantities
from civicbot.model import Answer
from civicbot.review.verified_nouns import VerifiedCase
from civicbot.review.verified_run_nouns import ExportFormat

_TYPES = {"money": "amount", "date": "date", "time": "date"}


def lines(
    cases: Iterable[VerifiedCase], form: ExportFormat, answers: Mapping[str, Answer] | None = None
) -> Iterator[str]:
    """The cases, one JSON object a line.

    Args:
        cases: the cases.
        form: who reads them.
        answers: for ragas the answer to each case by its id; the answer that staff judged by default.
    """
    for case in cases:
        row = question(case) if form is ExportFormat.CIVICBOT else sample(case, (answers or {}).get(case.id))
        yield json.dumps(row, ensure_ascii=False) + "\n"


def question(case: VerifiedCase) -> dict[str, Any]:
    """A case as a question of a set (evals/README.md); nobody tunes on verdicts unseen, so they are ``dev``."""
    return {
        "id": case.id,
        "lang": case.language,
        "split": "dev",
        "question": case.asked,
        "history": list(case.history),
        "type": _type(case),
        "answerable": case.answerable,
        "must_include": [list(variants) for variants in case.must_include] if case.answerable else [],
        "must_not_include": list(case.must_not_include),
        "expected_sources": list(case.expected_sources),
        "entity": None,
        "facet": None,
        "pair": None,
        "group": None,
    }


def sample(case: VerifiedCase, answer: Answer | None = None) -> dict[str, Any]:
    """A case as a single-turn sample of ragas (``SingleTurnSample`` of ragas 0.4).

    The question stands alone, since such a sample has no turns before it. What was judged is the response, unless an
    answer is given; without either it is None.

    Args:
        case: the case.
        answer: what is to be the response.
    """
    if answer is not None:
        response: str | None = unmarked(answer.text)
        retrieved: list[str] | None = [citation.quote for citation in answer.citations]
    else:
        response, retrieved = (case.given, list(case.given_quotes)) if case.given else (None, None)
    refusal = texts(case.language).status["no_evidence"]
    quotes = dict.fromkeys(quote for sentence in case.sentences for quote in sentence.quotes)
    return {
        "user_input": case.question,
        "response": response,
        "retrieved_contexts": retrieved,
        "reference": case.reference or refusal,
        "reference_contexts": list(quotes),
        "reference_context_ids": list(case.expected_sources),
    }


def _type(case: VerifiedCase) -> str:
    if not case.answerable:
        return "unanswerable"
    if case.history:
        return "followup"
    kinds = [quantity.kind for sentence in case.sentences for quantity in quantities(sentence.text)]
    return next((_TYPES[kind] for kind in kinds if kind in _TYPES), "fact")
