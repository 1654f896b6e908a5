"""Trains the two linear models of civicbot.answering.scoring and writes them to weights.yaml.

    python -m evals.train_weights [--set gwangju --set briefs] [--output FILE]

Examples are the dev questions of the sets, never a test question; each is asked with asked-as wordings on and off. A
sentence is right when a source that the question expects supports it and it holds a value that the question requires;
an unanswerable question has no right sentence.

The ranking model is fitted listwise (softmax over a question's sentences, L2). The confidence model is a logistic
regression on each question's best-ranked sentence: is it right? Its examples are ranked by models that have not seen
them (five folds; a question, its pair and its paraphrases stay in one). What is printed is measured in the same way:
on questions that the models have not seen.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from civicbot.answering.context import Context, Part
from civicbot.answering.features import FeatureExtractor
from civicbot.answering.followup import FollowUp
from civicbot.answering.intake import Intake
from civicbot.answering.scoring import SCORE, SCORE_SCALE, trained_weights
from civicbot.evaluation.questions import Item, read_set, select
from civicbot.judging import normalised
from civicbot.model import Answer, AnswerStatus, Exchange, Facet, Question, Statement, Versions
from civicbot.records.memory import MemoryRecords
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import HybridRetriever
from civicbot.settings import load_settings
from civicbot.wiring import Service

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "src" / "civicbot" / "answering" / "data" / "weights.yaml"
TODAY = date(2026, 11, 22)
FOLDS = 5
RANK_L2, CONFIDENCE_L2 = 1.0, 2.0
UNANSWERABLE_WEIGHT = 2.0
"""What an unanswerable question counts in the confidence model: a wrong answer is worse than a missed one."""
# What is a rule (a sum of another year) is not learned.
LEFT_OUT = {"year_forbidden"}
# Bounds of weights, known beforehand, keep the models honest where examples are few: what a question demands and a
# sentence does not have never speaks for the sentence.
AGAINST = "lacking unmet acts_missed entity_other people_missing facet_other year_other year_absent strange".split()
FOR = (
    "sentence coverage overlap wording alike asked_alike asked_match asked_like rank dense like held people_named "
    "facet_first year_same"
).split()
BOUNDS: dict[str, tuple[float | None, float | None]] = dict.fromkeys(AGAINST, (None, 0.0))
BOUNDS |= dict.fromkeys(FOR, (0.0, None))
# Few questions ask for somebody's words, or for the newest state, but then it is what they are about.
# An editor has written down that the sentence answers this very question.
BOUNDS |= {"asked_same": (2.0, None), "told_by": (1.5, None), "told_by_other": (None, -1.5), "newest": (5.0, None)}
RANK_ONLY = {"told_by", "told_by_other", "first", "rank", "disputes", "newest", "brief", "unknown", "facet_first"}
Array = NDArray[np.float64]


@dataclass
class Example:
    """One part of a question.

    Attributes:
        features: (sentences, features).
        right: which sentences are right (sentences,).
        unknown: which sentences say that a thing is not published (sentences,): they lead to ``no_evidence``, which is
            right for an unanswerable question.
        answerable: whether the question can be answered.
        fold: 0 to FOLDS - 1.
    """

    features: Array
    right: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    answerable: bool
    fold: int


class Maker:
    """Makes examples from an open generation."""

    def __init__(self, generation: OpenGeneration, dense_languages: frozenset[str]) -> None:
        self._generation = generation
        self._dense = dense_languages
        self.names: list[str] = []

    def examples(self, items: Sequence[Item], *, asked_as: bool) -> Iterator[Example]:
        """The parts of all questions, in one of the two settings of asked-as wordings."""
        retriever = HybridRetriever(generation=self._generation, dense_languages=self._dense, asked_as=asked_as)
        extractor = FeatureExtractor(self._generation, asked_as=asked_as)
        for item in items:
            for part in self._parts(item):
                hits = retriever.search(part.text, item.lang).hits
                found = self._example(item, replace(part, hits=hits), extractor)
                if found is not None:
                    yield found

    def _parts(self, item: Item) -> tuple[Part, ...]:
        """The parts of a question as the pipeline cuts it, after the earlier turns of its conversation."""
        records = MemoryRecords()
        conversation: str | None = None
        parts: tuple[Part, ...] = ()
        for text in (*item.history, item.question):
            question = Question(text=text, conversation_id=conversation)
            context = FollowUp()(Intake(records)(Context(question, self._generation, TODAY)))
            conversation, parts = context.conversation_id, context.parts
            _remember(records, context)
        return parts

    def _example(self, item: Item, part: Part, extractor: FeatureExtractor) -> Example | None:
        rows: list[list[float]] = []
        right: list[bool] = []
        unknown: list[bool] = []
        survey = extractor.survey(part.asked, part.hits)
        for hit in part.hits:
            for statement in hit.passage.statements:
                features = extractor.features(part.asked, hit, statement, survey)
                if features["year_forbidden"]:
                    continue
                self.names = self.names or [name for name in features if name not in LEFT_OUT]
                rows.append([features[name] for name in self.names])
                right.append(self._is_right(item, statement))
                unknown.append(hit.passage.facet is Facet.UNKNOWN)
        if not rows:
            return None
        return Example(np.array(rows), np.array(right), np.array(unknown), item.answerable, fold_of(item))

    def _is_right(self, item: Item, statement: Statement) -> bool:
        sources = {self._generation.document(support.document_id).source_id for support in statement.supports}
        text = normalised(statement.text)
        return bool(sources & set(item.expected_sources)) and any(
            normalised(value) in text for group in item.must_include for value in group
        )


def fold_of(item: Item) -> int:
    """The fold of a question: the same for its pair and its paraphrases."""
    key = item.group or min(item.id, item.pair or item.id)
    return zlib.crc32(key.encode()) % FOLDS


def _remember(records: MemoryRecords, context: Context) -> None:
    answer = Answer(
        id=context.standalone,
        conversation_id=context.conversation_id,
        status=AnswerStatus.ANSWERED,
        language=context.language,
        text="",
        confidence=1.0,
        versions=Versions(app="", index=""),
    )
    exchange = Exchange(
        question=context.text,
        standalone=context.standalone,
        answer=answer,
        asked_at=datetime.now(UTC),
        seconds=0.0,
    )
    records.remember(exchange)


def fit_rank(examples: Sequence[Example], names: Sequence[str]) -> Array:
    """Listwise softmax: minus the log of the share that right sentences get."""
    usable = [e for e in examples if e.right.any() and not e.right.all()]

    def loss(weights: Array) -> tuple[float, Array]:
        value, gradient = 0.5 * RANK_L2 * float(weights @ weights), RANK_L2 * weights
        for example in usable:
            scores = example.features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            mass = max(float(shares[example.right].sum()), 1e-12)
            value -= np.log(mass)
            posterior = np.where(example.right, shares, 0.0) / mass
            gradient = gradient + example.features.T @ (shares - posterior)
        return value, gradient

    bounds = [BOUNDS.get(name, (None, None)) for name in names]
    start = np.zeros(len(names))
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.asarray(result.x)


def fit_confidence(rows: Array, right: Array, weights: Array, names: Sequence[str]) -> tuple[Array, float]:
    """Logistic regression with L2; returns the weights and the bias."""
    x = np.column_stack([rows, np.ones(len(rows))])

    def loss(b: Array) -> tuple[float, Array]:
        p = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        penalty = np.append(b[:-1], 0.0)
        likelihood = float(weights @ (right * np.log(p + 1e-12) + (1 - right) * np.log(1 - p + 1e-12)))
        value = -likelihood + 0.5 * CONFIDENCE_L2 * float(penalty @ penalty)
        return value, x.T @ (weights * (p - right)) + CONFIDENCE_L2 * penalty

    bounds = [*(BOUNDS.get(name, (None, None)) for name in names), (None, None)]
    start = np.zeros(x.shape[1])
    result = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    return np.asarray(result.x[:-1]), float(result.x[-1])


def best_rows(
    examples: Sequence[Example], ranks: Sequence[Array], columns: Sequence[int]
) -> tuple[Array, Array, Array, NDArray[np.int64]]:
    """The best-ranked sentence of each example: its columns with the score, whether it is right, weight and fold."""
    rows, right, weights, folds = [], [], [], []
    for example in examples:
        scores = example.features @ ranks[example.fold]
        best = int(np.argmax(scores))
        # "Not published" is the right end for an unanswerable question, and teaches nothing about other sentences.
        if example.unknown[best] and not example.answerable:
            continue
        rows.append([*example.features[best][list(columns)], scores[best] / SCORE_SCALE])
        right.append(float(example.right[best]))
        weights.append(1.0 if example.answerable else UNANSWERABLE_WEIGHT)
        folds.append(example.fold)
    return np.array(rows), np.array(right), np.array(weights), np.array(folds)


def main() -> None:
    """Trains and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", dest="sets", help="a question set, of which the dev split is used")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    service = Service(load_settings(today=TODAY), patient=True)
    folder = service.settings.evals
    items = [i for name in options.sets or ("gwangju", "briefs") for i in select(read_set(folder, name), ("dev",))]
    service.open()
    with service.index.reader() as generation:
        maker = Maker(generation, service.settings.dense_languages)
        examples = [e for on in (True, False) for e in maker.examples(items, asked_as=on)]
    service.close()
    names = maker.names
    folds = [fit_rank([e for e in examples if e.fold != fold], names) for fold in range(FOLDS)]
    told = [(e, np.argsort(-(e.features @ folds[e.fold]))) for e in examples if e.right.any()]
    first, three = (np.mean([e.right[order[:n]].any() for e, order in told]) for n in (1, 3))
    print(f"{len(examples)} parts, {len(told)} with a right sentence: first {first:.3f}, in three {three:.3f}")
    columns = [i for i, name in enumerate(names) if name not in RANK_ONLY]
    used = [*(names[i] for i in columns), SCORE]
    rows, right, weights, fold = best_rows(examples, folds, columns)
    unseen = np.zeros(len(rows))
    for number in range(FOLDS):
        w, b = fit_confidence(rows[fold != number], right[fold != number], weights[fold != number], used)
        unseen[fold == number] = 1 / (1 + np.exp(-(rows[fold == number] @ w + b)))
    wrong_rows = weights == UNANSWERABLE_WEIGHT
    for threshold in np.arange(0.2, 0.75, 0.05):
        refused, answered = (unseen[wrong_rows] < threshold).mean(), (unseen[~wrong_rows] >= threshold).mean()
        good = ((unseen >= threshold) & (right == 1))[~wrong_rows].mean()
        print(f"from {threshold:.2f}: unanswerable refused {refused:.3f}, answered {answered:.3f}, rightly {good:.3f}")
    rank = fit_rank(examples, names)
    confidence, bias = fit_confidence(rows, right, weights, used)
    written: dict[str, object] = {
        "rank": {name: round(float(w), 3) for name, w in zip(names, rank, strict=True)},
        "rank_plain": trained_weights().rank_plain,
        "confidence": {name: round(float(w), 3) for name, w in zip(used, confidence, strict=True)},
        "bias": round(bias, 3),
    }
    header = "# Trained by evals/train_weights.py; only rank_plain is set by hand (docs/evaluation.md, Reading).\n"
    options.output.write_text(header + yaml.safe_dump(written, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
