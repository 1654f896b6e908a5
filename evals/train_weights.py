"""Trains the two linear models of civicbot.answering.scoring and writes them to weights.yaml.

    python -m evals.train_weights [--wordings 1200] [--seed 7]

Two kinds of examples, none from the test split:

- *dev questions* (the dev split of evals/gwangju.jsonl): a sentence is right when a source that the question expects
  supports it and it holds a value that the question requires;
- *wordings*: each asked-as wording of a brief is a question that the sentences under its heading answer. The wording
  itself is switched off, so the model learns to do without. For the confidence model the same wording is asked of a
  library from which its section, the digests behind it and the briefs of no project are taken away: then nothing is
  right.

The ranking model is fitted listwise (softmax over a question's sentences, L2), the confidence model by logistic
regression on each question's best-ranked sentence. Both are fitted with wordings on and off.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from civicbot.answering.context import Context, Part
from civicbot.answering.features import FeatureExtractor
from civicbot.answering.followup import FollowUp
from civicbot.answering.intake import Intake
from civicbot.answering.understanding import understand
from civicbot.evaluation.judging import normalised
from civicbot.evaluation.questions import Item, read_set, select
from civicbot.model import Answer, AnswerStatus, DocumentKind, Facet, Passage, Question, Statement, Versions
from civicbot.records.memory import MemoryRecords
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit, HybridRetriever
from civicbot.settings import load_settings
from civicbot.wiring import Service

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "src" / "civicbot" / "answering" / "data" / "weights.yaml"
TODAY = date(2026, 11, 22)
# What is a rule (a sum of another year) or only describes the question is not learned.
LEFT_OUT = {"year_forbidden"}
IsRight = Callable[[Passage, Statement], bool]
# Bounds of weights: what is known beforehand, and keeps the models honest where examples are few. What a question
# demands and a sentence does not have never speaks for the sentence; a value asked of something that the library does
# not know speaks strongly against every sentence.
AGAINST = (
    "missing lacking entity_other entity_foreign people_missing facet_other year_other year_absent unknown".split()
)
FOR = "sentence coverage overlap wording alike rank dense held entity_named people_named facet_first year_same".split()
BOUNDS: dict[str, tuple[float | None, float | None]] = dict.fromkeys(AGAINST, (None, 0.0))
BOUNDS |= dict.fromkeys(FOR, (0.0, None))
CONFIDENCE_BOUNDS = BOUNDS | {"strange": (None, -2.0)}
RANK_ONLY = {"first", "rank", "disputes", "newest", "brief"}


@dataclass
class Example:
    """One question: the features of its sentences (sentences, features), which are right, and what it counts."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]
    weight: float
    # Sentences that say that a thing is not published lead to `no_evidence`: right for an unanswerable question.
    unknown: NDArray[np.bool_]


def supported_by(generation: OpenGeneration, statement: Statement, sources: set[str]) -> bool:
    """Whether one of these sources stands behind a statement."""
    return any(generation.document(support.document_id).source_id in sources for support in statement.supports)


class Maker:
    """Makes examples from an open generation."""

    def __init__(self, generation: OpenGeneration, dense_languages: frozenset[str]) -> None:
        self.generation = generation
        self._dense = dense_languages
        self._extractors = {on: FeatureExtractor(generation, asked_as=on) for on in (True, False)}
        self.names: list[str] = []

    def retriever(self, *, asked_as: bool) -> HybridRetriever:
        """A retriever in one of the two settings."""
        return HybridRetriever(generation=self.generation, dense_languages=self._dense, asked_as=asked_as)

    def example(self, part: Part, is_right: IsRight, *, asked_as: bool, weight: float) -> Example | None:
        """The example of one part of a question; None where nothing was found."""
        rows: list[list[float]] = []
        labels: list[bool] = []
        unknown: list[bool] = []
        survey = self._extractors[asked_as].survey(part.hits)
        for hit in part.hits:
            for statement in hit.passage.statements:
                features = self._extractors[asked_as].features(part.asked, hit, statement, survey)
                if features["year_forbidden"]:
                    continue
                self.names = self.names or [name for name in features if name not in LEFT_OUT]
                rows.append([features[name] for name in self.names])
                labels.append(bool(is_right(hit.passage, statement)))
                unknown.append(hit.passage.facet is Facet.UNKNOWN)
        if not rows:
            return None
        return Example(np.array(rows), np.array(labels), weight, np.array(unknown))


def dev_examples(maker: Maker, items: Sequence[Item], *, asked_as: bool) -> Iterator[Example]:
    """Examples of the dev split; unanswerable questions have no right sentence."""
    retriever = maker.retriever(asked_as=asked_as)
    for item in items:
        records = MemoryRecords()
        conversation = None
        context: Context | None = None
        for text in (*item.history, item.question):
            question = Question(text=text, conversation_id=conversation)
            context = FollowUp()(Intake(records)(Context(question, maker.generation, TODAY)))
            conversation = context.conversation_id
            _remember(records, context)
        if context is None:
            continue
        sources = set(item.expected_sources)
        wanted = [[normalised(v) for v in group] for group in item.must_include]

        def is_right(_: Passage, s: Statement, sources: set[str] = sources, wanted: list[list[str]] = wanted) -> bool:
            text = normalised(s.text)
            return supported_by(maker.generation, s, sources) and any(any(v in text for v in g) for g in wanted)

        for part in context.parts:
            hits = retriever.search(part.text, context.language).hits
            found = maker.example(
                replace(part, hits=hits), is_right, asked_as=asked_as, weight=6.0 if not item.answerable else 3.0
            )
            if found is not None:
                yield found


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
    records.remember(context.text, context.standalone, answer)


def wording_examples(maker: Maker, count: int, seed: int, *, removed: bool) -> Iterator[Example]:
    """Examples of asked-as wordings, switched off; with ``removed`` from a library that does not hold the answer."""
    generation = maker.generation
    pairs = [(p, w) for p in generation.passages if p.facet is not Facet.UNKNOWN for w in dict.fromkeys(p.asked_as)]
    random.Random(seed).shuffle(pairs)
    retriever = maker.retriever(asked_as=False).model_copy(update={"k": 40})
    for gold, wording in pairs[:count]:
        asked = understand(wording, gold.language, generation.glossary, generation.tokenizer, TODAY.year)
        if not asked.entities:
            continue
        hits = retriever.search(wording, gold.language).hits
        if removed:
            hits = tuple(hit for hit in hits if not _tells(generation, gold, hit))
        hits = hits[:20]

        def is_right(passage: Passage, _: Statement, gold: Passage = gold) -> bool:
            return passage.document_id == gold.document_id and passage.facet is gold.facet

        part = Part(wording, asked, hits)
        found = maker.example(part, is_right, asked_as=False, weight=0.3)
        if found is not None and (removed or found.right.any()):
            yield found


def _tells(generation: OpenGeneration, gold: Passage, hit: Hit) -> bool:
    """Whether a passage found may tell what the gold section tells."""
    passage = hit.passage
    if passage.kind is DocumentKind.BRIEF:
        return (passage.document_id == gold.document_id and passage.facet is gold.facet) or not _is_project(
            generation, passage
        )
    cited = {
        s.document_id for p in generation.passages if _same_section(p, gold) for t in p.statements for s in t.supports
    }
    return passage.document_id in cited


def _same_section(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.facet is other.facet


def _is_project(generation: OpenGeneration, passage: Passage) -> bool:
    entity = generation.glossary.entities.get(passage.entity or "")
    return entity is not None and entity.brief is not None


def fit_rank(examples: list[Example], names: list[str], l2: float) -> NDArray[np.float64]:
    """Listwise softmax: minus the log of the share that right sentences get."""
    usable = [e for e in examples if e.right.any() and not e.right.all()]
    size = usable[0].features.shape[1]
    bounds = [BOUNDS.get(name, (None, None)) for name in names]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, gradient = 0.5 * l2 * float(weights @ weights), l2 * weights
        for example in usable:
            scores = example.features @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            mass = float(shares[example.right].sum())
            value -= example.weight * np.log(max(mass, 1e-12))
            posterior = np.where(example.right, shares, 0.0) / max(mass, 1e-12)
            gradient = gradient + example.weight * (example.features.T @ (shares - posterior))
        return value, gradient

    result = minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.asarray(result.x)


def fit_confidence(
    examples: list[Example], rank: NDArray[np.float64], columns: dict[int, str], l2: float
) -> tuple[NDArray[np.float64], float]:
    """Logistic regression on the best-ranked sentence of each question."""
    rows, labels, weights = [], [], []
    for example in examples:
        best = int(np.argmax(example.features @ rank))
        if example.unknown[best] and not example.right.any():
            continue
        rows.append(example.features[best][list(columns)])
        labels.append(bool(example.right[best]))
        weights.append(example.weight)
    x = np.column_stack([np.array(rows), np.ones(len(rows))])
    y, w = np.array(labels, dtype=float), np.array(weights)

    bounds = [*(CONFIDENCE_BOUNDS.get(name, (None, None)) for name in columns.values()), (None, None)]

    def loss(b: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        p = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        penalty = np.append(b[:-1], 0.0)
        value = -float(w @ (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12))) + 0.5 * l2 * float(
            penalty @ penalty
        )
        return value, x.T @ (w * (p - y)) + l2 * penalty

    result = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500})
    print(f"confidence: {len(rows)} sentences, {np.mean(labels):.2f} right")
    return np.asarray(result.x[:-1]), float(result.x[-1])


def main() -> None:
    """Trains and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="gwangju", help="the question set, of which the dev split is used")
    parser.add_argument("--wordings", type=int, default=1200)
    parser.add_argument(
        "--without-dev", action="store_true", help="fit on wordings alone, to see how that carries over"
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    service = Service(load_settings(today=TODAY), patient=True)
    items = select(read_set(service.settings.evals, options.set), ("dev",))
    service.open()
    with service.index.reader() as generation:
        maker = Maker(generation, service.settings.dense_languages)
        dev = [e for on in (True, False) for e in dev_examples(maker, items, asked_as=on)]
        held = list(wording_examples(maker, options.wordings, options.seed, removed=False))
        gone = list(wording_examples(maker, options.wordings // 2, options.seed + 1, removed=True))
        print(f"{len(dev)} dev lists, {len(held)} wordings, {len(gone)} wordings without their answer")
        fitted = [] if options.without_dev else dev
        rank = fit_rank([*fitted, *held], maker.names, l2=2.0)
        first = [int(np.argmax(e.features @ rank)) for e in dev if e.right.any()]
        hits = np.mean([bool(e.right[i]) for e, i in zip((e for e in dev if e.right.any()), first, strict=True)])
        print(f"dev lists with a right sentence: {len(first)}; ranked first in {hits:.2f}")
        columns = {i: name for i, name in enumerate(maker.names) if name not in RANK_ONLY}
        confidence, bias = fit_confidence([*fitted, *held, *gone], rank, columns, l2=2.0)
    service.close()
    weights: dict[str, object] = {
        "rank": {name: round(float(w), 3) for name, w in zip(maker.names, rank, strict=True)},
        "confidence": {name: round(float(w), 3) for name, w in zip(columns.values(), confidence, strict=True)},
        "bias": round(bias, 3),
    }
    header = "# Trained by evals/train_weights.py; do not edit by hand.\n"
    options.output.write_text(header + yaml.safe_dump(weights, sort_keys=False), encoding="utf-8")
    print(options.output.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
