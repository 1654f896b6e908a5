"""The command `civicbot eval approved`: are approved answers given to their own questions, and to no other ones?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.commands_eval import SplitChoice, evaluation_settings
from civicbot.errors import EvaluationError

if TYPE_CHECKING:
    from civicbot.evaluation.same_questions import SamenessScores

ENOUGH = 0.8
"""The least share of paraphrases that must match."""


def evaluate_approved(
    split: Annotated[SplitChoice, typer.Option(help="Which questions of the set.")] = SplitChoice.ALL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    least: Annotated[
        float, typer.Option("--fail-under", min=0, max=1, help="Fail when a smaller share of paraphrases matches.")
    ] = ENOUGH,
) -> None:
    """Measure the matcher of approved answers; fails on a false match, or where too few paraphrases match."""
    from civicbot.evaluation.same_questions import figures, measure, read_pairs
    from civicbot.model import LANGUAGES
    from civicbot.wiring import Service

    settings = evaluation_settings()
    pairs = {
        language: [p for p in read_pairs(settings.evals, language) if split in (p.split, SplitChoice.ALL)]
        for language in LANGUAGES
    }
    if not any(pairs.values()):
        raise EvaluationError(f"{settings.evals / 'approved'} holds no such pairs.", hint="Set CIVICBOT_EVALS.")
    service = Service(settings, patient=True, records="memory")
    try:
        service.open()
        with service.index.reader() as generation:
            year = settings.current_date().year
            scores = [measure(found, lang, generation, year) for lang, found in pairs.items() if found]
    finally:
        service.close()
    if as_json:
        typer.echo(json.dumps(list(figures(scores)), ensure_ascii=False))
    else:
        _show(scores)
    if any(each.wrong or each.matched.value < least for each in scores):
        raise typer.Exit(1)


def _show(scores: Sequence[SamenessScores]) -> None:
    from civicbot.evaluation.targets import share_text

    out = Console(highlight=False)
    table = Table("", *(each.language for each in scores))
    table.add_row("Paraphrases matched", *(share_text(each.matched) for each in scores))
    table.add_row("False matches", *(f"{len(each.wrong)} of {each.pairs}" for each in scores))
    for change in sorted({change for each in scores for change in each.changes}):
        found = (each.changes.get(change) for each in scores)
        table.add_row(f"  {change}", *("—" if one is None else f"{one[0]} of {one[1]}" for one in found))
    out.print(table)
    for each in scores:
        for one in each.wrong:
            where = one.id or "a question of the test split"
            out.print(f"False match ({each.language}, {one.change}): {where}", style="red", markup=False)
