"""The figures of one run over one split; docs/evaluation.md says in words what each of them means."""

from __future__ import annotations

from civicbot.evaluation.questions import Type
from civicbot.evaluation.statistics import Bin
from civicbot.model import Language, Noun
from civicbot.statistics import Share


class Cell(Noun):
    """The verdicts on the questions of one type and language."""

    type: Type
    lang: Language
    correct: int
    wrong: int
    incomplete: int
    missed: int

    @property
    def share(self) -> Share:
        """The share of right answers."""
        return Share(hits=self.correct, total=self.correct + self.wrong + self.incomplete + self.missed)


class Citations(Noun):
    """How well what was cited fits what the questions expect.

    Attributes:
        precision: of the citations of answered answerable questions, those of an expected source.
        mean_precision: the same share taken for each question, and the mean of these; 0 without questions.
        recall: of the answered answerable questions, those that cite at least one expected source.
        verbatim: of all citations of all answers, those whose document holds the quote word for word.
    """

    precision: Share
    mean_precision: float
    recall: Share
    verbatim: Share


class Parity(Noun):
    """Questions asked in both languages.

    Attributes:
        only_ko: pairs answered rightly in Korean only.
        only_en: pairs answered rightly in English only.
        p: the exact McNemar test's p-value: how often chance alone makes such a difference or a larger one.
    """

    ko: Share
    en: Share
    only_ko: int
    only_en: int
    p: float

    @property
    def gap(self) -> float:
        """Korean minus English, in percentage points."""
        return 100 * (self.ko.hits - self.en.hits) / self.ko.total if self.ko.total else 0.0


class Calibration(Noun):
    """Whether ``confidence`` is what it says: the probability that the question is answerable and the answer right.

    Attributes:
        auc: how well it tells answerable questions from the others; None where a set has one kind only.
    """

    bins: tuple[Bin, ...]
    error: float
    brier: float
    auc: float | None


class Understanding(Noun):
    """What questions are taken to ask against their labels; first: the first one, among: any of them."""

    entity_first: Share
    entity_among: Share
    facet_first: Share
    facet_among: Share


class Scores(Noun):
    """All figures of one run over one split.

    Attributes:
        right: right answers and refusals, of all questions.
        correct: right answers, of the answerable questions.
        wrong: wrong answers, of all questions.
        refused: right refusals, of the unanswerable questions.
        refusal_precision: of all refusals, those that were right.
        consistent: of the paraphrase groups, those whose members fare the same and tell the same required values.
        all_correct: of the paraphrase groups, those whose members are all right.
        median_ms: the median latency in milliseconds.
        p95_ms: the latency that 95 % of the answers do not exceed.
        understanding: None for a server, which does not show it.
    """

    split: str
    run: str
    cells: tuple[Cell, ...]
    right: Share
    correct: Share
    wrong: Share
    refused: Share
    refusal_precision: Share
    citations: Citations
    consistent: Share
    all_correct: Share
    parity: Parity
    calibration: Calibration
    median_ms: float
    p95_ms: float
    understanding: Understanding | None
