"""A report in words and tables, for people who know the service and not its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicbot.evaluation.questions import SPLITS
from civicbot.evaluation.scores import Cell, Scores
from civicbot.evaluation.targets import TARGETS, share_text

_READING = """\
Each question is judged by rule: a right answer holds every value that the question requires and none that it forbids; a
question that the library cannot answer is right when it is refused. A bracket gives the counts and the 95 % Wilson
interval: how far chance alone may have moved the share. *Met* compares the share itself with the target.
*Wordings* are the phrases that editors have listed as ways to ask; off shows how well the service does without them."""
_ROWS: tuple[tuple[str, Callable[[Scores], str]], ...] = (
    ("Right of all questions", lambda s: share_text(s.right)),
    ("Right answers, of answerable questions", lambda s: share_text(s.correct)),
    ("Right refusals, of unanswerable questions (refusal recall)", lambda s: share_text(s.refused)),
    ("Right refusals, of all refusals (refusal precision)", lambda s: share_text(s.refusal_precision)),
    ("Wrong answers, of all questions", lambda s: share_text(s.wrong)),
    ("Citations of an expected source (citation precision)", lambda s: share_text(s.citations.precision)),
    ("The same, as the mean over questions", lambda s: f"{100 * s.citations.mean_precision:.1f} %"),
    ("Answers citing an expected source (citation recall)", lambda s: share_text(s.citations.recall)),
    ("Quotes word for word in their document", lambda s: share_text(s.citations.verbatim)),
    ("Paraphrase groups that fare alike", lambda s: share_text(s.consistent)),
    ("Paraphrase groups that are all right", lambda s: share_text(s.all_correct)),
    ("Pairs right in Korean", lambda s: share_text(s.parity.ko)),
    ("Pairs right in English", lambda s: share_text(s.parity.en)),
    ("Pairs right in Korean only, in English only", lambda s: f"{s.parity.only_ko}, {s.parity.only_en}"),
    ("Chance of such a difference (exact McNemar test)", lambda s: f"{s.parity.p:.2f}"),
    ("Calibration error of the confidence", lambda s: f"{s.calibration.error:.3f}"),
    ("Brier score of the confidence", lambda s: f"{s.calibration.brier:.3f}"),
    ("Confidence tells answerable from not (AUC)", lambda s: _number(s.calibration.auc)),
    ("Median time", lambda s: f"{s.median_ms:.0f} ms"),
    ("Time of 95 in 100 answers", lambda s: f"{s.p95_ms:.0f} ms"),
    ("Labelled project understood first", lambda s: _understood(s, "entity_first")),
    ("Labelled project among those understood", lambda s: _understood(s, "entity_among")),
    ("Labelled facet understood first", lambda s: _understood(s, "facet_first")),
    ("Labelled facet among those understood", lambda s: _understood(s, "facet_among")),
)


def summary(title: str, about: str, scores: Sequence[Scores]) -> str:
    """The report as Markdown.

    Args:
        title: the set and the date.
        about: one paragraph on what was asked of whom.
        scores: the figures of each split and run, in order.
    """
    pieces = [f"# {title}", about, "## Against the targets", headline(scores), _READING]
    pieces += ["![Shares against their targets, and the confidence](chart.svg)"]
    pieces += ["## By type and language", *_by_type(scores)]
    pieces += ["## All figures", "What each figure means stands in docs/evaluation.md.", _figures(scores)]
    pieces += ["## Confidence", *_confidence(scores)]
    return "\n\n".join(pieces) + "\n"


def headline(scores: Sequence[Scores]) -> str:
    """The table of the figures against the targets."""
    rows = []
    for target in TARGETS:
        readings = [target.read(each) for each in scores]
        cells = ["—" if r is None else f"{r.text} {'met' if r.met else '**missed**'}" for r in readings]
        rows.append([target.title, target.wanted, *cells])
    return _table(["", "target", *(_column(each) for each in scores)], rows)


def _column(scores: Scores) -> str:
    return f"{scores.split}, {scores.run}"


def _figures(scores: Sequence[Scores]) -> str:
    rows = [[title, *(tell(each) for each in scores)] for title, tell in _ROWS]
    return _table(["", *(_column(each) for each in scores)], rows)


def _by_type(scores: Sequence[Scores]) -> list[str]:
    pieces = []
    for split in SPLITS:
        for each in (s for s in scores if s.split == split):
            header = ["type", "language", "correct", "wrong", "incomplete", "missed", "share correct"]
            cells = [[*_counts(cell), share_text(cell.share)] for cell in each.cells]
            pieces += [f"### {_column(each)}", _table(header, cells)]
    return pieces


def _counts(cell: Cell) -> list[str]:
    counts = (cell.correct, cell.wrong, cell.incomplete, cell.missed)
    return [cell.type, cell.lang, *(str(count) for count in counts)]


def _confidence(scores: Sequence[Scores]) -> list[str]:
    pieces = ["A confidence of .7 should be right seven times in ten: the last two columns should be alike."]
    for each in scores:
        header = ["confidence", "questions", "mean confidence", "share right"]
        rows = [
            [f"{b.low:.1f} to {b.high:.1f}", str(b.count), f"{b.confidence:.2f}", f"{b.right:.2f}"]
            for b in each.calibration.bins
        ]
        pieces += [f"### {_column(each)}", _table(header, rows)]
    return pieces


def _understood(scores: Scores, name: str) -> str:
    return "—" if scores.understanding is None else share_text(getattr(scores.understanding, name))


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
