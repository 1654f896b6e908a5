"""Works out the figures of a run from what came of its questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from civicbot.evaluation.questions import Item, Type, groups, pairs
from civicbot.evaluation.running import Asked
from civicbot.evaluation.scores import Calibration, Cell, Citations, Parity, Scores, Understanding
from civicbot.evaluation.statistics import auc, bins, brier, calibration_error, mcnemar
from civicbot.judging import ANSWERS, REFUSALS, Verdict, told
from civicbot.model import Facet, Language
from civicbot.statistics import Share, percentile, share


def scores(asked: Sequence[Asked], split: str, run: str) -> Scores:
    """Works out all figures of one run over one split."""
    answerable = [each for each in asked if each.item.answerable]
    others = [each for each in asked if not each.item.answerable]
    held = groups([each.item for each in asked])
    by_id = {each.item.id: each for each in asked}
    members = [[by_id[item.id] for item in items] for items in held.values()]
    times = [each.milliseconds for each in asked]
    return Scores(
        split=split,
        run=run,
        cells=_cells(asked),
        right=_share(asked, Verdict.CORRECT),
        correct=_share(answerable, Verdict.CORRECT),
        wrong=_share(asked, Verdict.WRONG),
        refused=_share(others, Verdict.CORRECT),
        refusal_precision=_share([each for each in asked if each.answer.status in REFUSALS], Verdict.CORRECT),
        citations=_citations(asked),
        consistent=share([len({_fate(each) for each in group}) == 1 for group in members]),
        all_correct=share([all(each.verdict is Verdict.CORRECT for each in group) for group in members]),
        parity=_parity(by_id, [each.item for each in asked]),
        calibration=_calibration(asked),
        median_ms=percentile(times, 0.5),
        p95_ms=percentile(times, 0.95),
        understanding=_understanding(asked),
    )


def _share(asked: Sequence[Asked], verdict: Verdict) -> Share:
    return share([each.verdict is verdict for each in asked])


def _cells(asked: Sequence[Asked]) -> tuple[Cell, ...]:
    counts: dict[tuple[Type, Language], Counter[Verdict]] = {}
    for each in asked:
        counts.setdefault((each.item.type, each.item.lang), Counter())[each.verdict] += 1
    return tuple(
        Cell(
            type=type_,
            lang=lang,
            correct=held[Verdict.CORRECT],
            wrong=held[Verdict.WRONG],
            incomplete=held[Verdict.INCOMPLETE],
            missed=held[Verdict.MISSED],
        )
        for (type_, lang), held in sorted(counts.items())
    )


def _citations(asked: Sequence[Asked]) -> Citations:
    """A refusal may cite what *is* known, which no question expects: only answers count towards the sources."""
    answered = [e for e in asked if e.item.answerable and e.item.expected_sources and e.answer.status in ANSWERS]
    by_question = [share([cited.expected for cited in each.citations]) for each in answered]
    citing = [each.value for each in by_question if each.total]
    return Citations(
        precision=Share(hits=sum(s.hits for s in by_question), total=sum(s.total for s in by_question)),
        mean_precision=sum(citing) / len(citing) if citing else 0.0,
        recall=share([each.hits > 0 for each in by_question]),
        verbatim=share([cited.verbatim for each in asked for cited in each.citations]),
    )


def _fate(asked: Asked) -> tuple[Verdict, tuple[bool, ...]]:
    """What paraphrases must share: the verdict and the required values that the text tells, also beside a refusal."""
    return asked.verdict, told(asked.item, asked.answer)


def _parity(by_id: dict[str, Asked], items: Sequence[Item]) -> Parity:
    right = [
        (by_id[korean.id].verdict is Verdict.CORRECT, by_id[english.id].verdict is Verdict.CORRECT)
        for korean, english in pairs(items)
    ]
    only_ko = sum(ko and not en for ko, en in right)
    only_en = sum(en and not ko for ko, en in right)
    return Parity(
        ko=share([ko for ko, _ in right]),
        en=share([en for _, en in right]),
        only_ko=only_ko,
        only_en=only_en,
        p=mcnemar(only_ko, only_en),
    )


def _calibration(asked: Sequence[Asked]) -> Calibration:
    confidences = [each.answer.confidence for each in asked]
    outcomes = [each.item.answerable and each.verdict is Verdict.CORRECT for each in asked]
    held = bins(confidences, outcomes)
    return Calibration(
        bins=held,
        error=calibration_error(held),
        brier=brier(confidences, outcomes),
        auc=auc(confidences, [each.item.answerable for each in asked]),
    )


def _understanding(asked: Sequence[Asked]) -> Understanding | None:
    """Against the labels; ``unknown`` is where a brief tells what is not published, which nobody asks for."""
    seen = [(each.item, each.understood) for each in asked if each.understood is not None]
    if not seen:
        return None
    entities = [
        (item.entity, list(zip(found.entities, found.topics, strict=True)))
        for item, found in seen
        if item.entity is not None
    ]
    facets = [(item.facet, found.facets) for item, found in seen if item.facet not in (None, Facet.UNKNOWN)]
    return Understanding(
        entity_first=share([any(label in keys for keys in found[:1]) for label, found in entities]),
        entity_among=share([any(label in keys for keys in found) for label, found in entities]),
        facet_first=share([found[:1] == (label,) for label, found in facets]),
        facet_among=share([label in found for label, found in facets]),
    )
