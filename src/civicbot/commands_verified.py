"""The commands `civicbot verified …`, and what `civicbot eval --set verified` needs of staff's verdicts."""

from __future__ import annotations

import contextlib
import io
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from civicbot.evaluation.questions import Item
    from civicbot.evaluation.report import Run
    from civicbot.evaluation.running import Asked, Judging
    from civicbot.review.store import Store
    from civicbot.review.verified_nouns import VerifiedCase

verified = typer.Typer(help="The regression set that staff's verdicts make.", no_args_is_help=True)

SET = "verified"
"""The name by which `civicbot eval` knows it."""
_OUTCOMES = ("correct", "incomplete", "wrong", "missed")


class FormatChoice(StrEnum):
    """Who reads the cases."""

    CIVICBOT = "civicbot"
    RAGAS = "ragas"


@verified.callback()
def _group() -> None:
    """Keeps `export` a command of its own."""


@verified.command()
def export(
    output: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; it will hold residents' words.")],
    form: Annotated[
        FormatChoice, typer.Option("--format", help="For `civicbot eval`, or for ragas.")
    ] = FormatChoice.CIVICBOT,
) -> None:
    """Write the cases that say what is right as JSON lines."""
    from civicbot.records.files import new_file
    from civicbot.review.access import Action
    from civicbot.review.accounts import command_line
    from civicbot.review.audit import note
    from civicbot.review.verified_export import lines
    from civicbot.review.verified_run_nouns import ExportFormat

    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    with _store(settings) as store:
        cases = _cases(store)
        known = [case for case in cases if not case.open]
        with new_file(output) as file:
            out = io.TextIOWrapper(file, "utf-8", newline="")
            out.writelines(lines(known, ExportFormat(form.value)))
            out.flush()
            out.detach()
        with store.writing() as session:
            actor = command_line()
            note(session, actor, Action.EXPORT_VERIFIED, "verified", format=form.value, cases=len(known))
    left = f" {len(cases) - len(known):,} open ones are left out." if len(cases) > len(known) else ""
    Console(highlight=False, stderr=True).print(f"Wrote {len(known):,} cases.{left}", soft_wrap=True)


def staff_cases(settings: Settings, limit: int | None = None) -> tuple[VerifiedCase, ...]:
    """The cases in the records, or the first so many of them.

    Raises:
        NoVerifiedCasesError: there are none.
    """
    from civicbot.review.verified_run_nouns import NoVerifiedCasesError

    with _store(settings) as store:
        cases = _cases(store)[:limit]
    if not cases:
        raise NoVerifiedCasesError("No answer has been judged yet.")
    return cases


def questions_of(cases: Sequence[VerifiedCase]) -> tuple[tuple[Item, ...], Judging]:
    """The cases as questions of a set, and how their answers are judged."""
    from civicbot.evaluation.questions import Item
    from civicbot.judging import Verdict
    from civicbot.review.verified_export import question
    from civicbot.review.verified_nouns import judge_case

    by_id = {case.id: case for case in cases}
    items = tuple(Item.model_validate(question(case)) for case in cases)
    return items, lambda item, answer: Verdict(judge_case(by_id[item.id], answer))


def known_and_open(run: Run, cases: Sequence[VerifiedCase]) -> tuple[Run, Run]:
    """A run cut in two: the cases that say what is right, and those that say only what is not."""
    from civicbot.evaluation.report import Run

    unknown = {case.id for case in cases if case.open}
    known = tuple(each for each in run.asked if each.item.id not in unknown)
    return Run(run.name, known), Run(run.name, tuple(each for each in run.asked if each.item.id in unknown))


def show_run(known: Run, unknown: Run, cases: Sequence[VerifiedCase], out: Console) -> None:
    """Prints how the cases fared by verdict and language, and which failed."""
    from civicbot.evaluation.targets import share_text
    from civicbot.statistics import share

    by_id = {case.id: case for case in cases}
    if known.asked:
        right = share([each.verdict.value == "correct" for each in known.asked])
        out.print(_table(counted(known.asked, by_id)))
        out.print(f"Right: {share_text(right)}, of the cases whose answer is known.", soft_wrap=True)
    if unknown.asked:
        again = [each for each in unknown.asked if each.verdict.value != "correct"]
        out.print(
            f"Open cases, of which only the wrong answer is known: {len(unknown.asked):,}; "
            f"{len(again):,} of them are answered so again.",
            soft_wrap=True,
        )
    for each in (*known.asked, *unknown.asked):
        if each.verdict.value != "correct":
            case = by_id[each.item.id]
            told = " / ".join((*case.history, case.asked))
            out.print(
                f"{case.id} {each.verdict.value} [{each.answer.status.value}]{' open' if case.open else ''}: {told}",
                markup=False,
                soft_wrap=True,
            )


def counted(asked: Sequence[Asked], cases: Mapping[str, VerifiedCase]) -> dict[tuple[str, str], Counter[str]]:
    """Outcomes by verdict and language."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for each in asked:
        key = cases[each.item.id].verdict.value, each.item.lang
        found.setdefault(key, Counter())[each.verdict.value] += 1
    return dict(sorted(found.items()))


def _table(counts: Mapping[tuple[str, str], Counter[str]]) -> Table:
    table = Table("verdict", "language", *_OUTCOMES, "share correct")
    whole: Counter[str] = Counter()
    for (verdict, language), outcomes in counts.items():
        whole += outcomes
        table.add_row(verdict, language, *_row(outcomes))
    for language in sorted({language for _, language in counts}):
        of_it = sum((outcomes for (_, other), outcomes in counts.items() if other == language), Counter[str]())
        table.add_row("all", language, *_row(of_it))
    table.add_row("all", "all", *_row(whole))
    return table


def _row(outcomes: Counter[str]) -> list[str]:
    from civicbot.evaluation.targets import share_text
    from civicbot.statistics import Share

    told = share_text(Share(hits=outcomes["correct"], total=outcomes.total()))
    return [*(str(outcomes[outcome]) for outcome in _OUTCOMES), told]


def _cases(store: Store) -> tuple[VerifiedCase, ...]:
    from civicbot.review.verified import VerifiedCases

    return VerifiedCases(store).cases()


@contextlib.contextmanager
def _store(settings: Settings) -> Iterator[Store]:
    from civicbot.records.opening import opened
    from civicbot.review.store import Store
    from civicbot.review.verified_run_nouns import NoVerifiedCasesError

    with opened(settings) as database:
        if database.absent:
            raise NoVerifiedCasesError("There are no records yet.")
        database.upgrade()
        yield Store(database)
