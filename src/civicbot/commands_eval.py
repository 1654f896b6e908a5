"""The command `civicbot eval`: asks a question set, writes a report and, where told to, judges it."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from civicbot.commands_verified import SET, known_and_open, questions_of, show_run, staff_cases
from civicbot.errors import EvaluationError
from civicbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from civicbot.evaluation.answerers import Answerer
    from civicbot.evaluation.questions import Item
    from civicbot.evaluation.report import Run
    from civicbot.evaluation.running import Asked, Judging
    from civicbot.evaluation.scores import Scores

CLOCK = date(2026, 11, 22)
"""The day for which the sets in evals/ are written; "now" and "next year" are meant from there."""
WITH, WITHOUT, SERVER = "wordings on", "wordings off", "server"


class SplitChoice(StrEnum):
    """Which questions of a set are asked."""

    DEV = "dev"
    TEST = "test"
    ALL = "all"


class Shown(StrEnum):
    """Which answers are printed."""

    WRONG = "wrong"
    MISSED = "missed"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"


def evaluate(
    context: typer.Context,
    name: Annotated[
        str, typer.Option("--set", help="The question set: NAME.jsonl in CIVICBOT_EVALS, or 'verified'.")
    ] = "gwangju",
    split: Annotated[SplitChoice, typer.Option(help="Which questions of the set.")] = SplitChoice.ALL,
    url: Annotated[str | None, typer.Option(help="Ask a running server, e.g. http://127.0.0.1:8000.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder of reports; reports/ beside the sets by default.")] = None,
    fail_under: Annotated[
        float | None, typer.Option(min=0, max=1, help="Fail when a smaller share of all questions is right.")
    ] = None,
    wrong_over: Annotated[
        float | None, typer.Option(min=0, max=1, help="Fail when a larger share of all questions is wrong.")
    ] = None,
    without_wordings: Annotated[
        bool, typer.Option("--without-wordings", help="Only the run without asked-as wordings.")
    ] = False,
    show: Annotated[Shown | None, typer.Option(help="Print such answers to dev questions.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask the first so many questions only.")] = None,
    records: Annotated[
        bool, typer.Option("--records", help="Store what is asked, as a server does, in a database made for this.")
    ] = False,
) -> None:
    """Ask a question set, with and without asked-as wordings, and write a report with scores."""
    if context.invoked_subcommand is not None:
        return
    from civicbot.evaluation.questions import SPLITS, read_set, select
    from civicbot.evaluation.report import configuration, write_report

    if url is not None and without_wordings:
        raise typer.BadParameter("a server's wordings cannot be switched off from here", param_hint="--url")
    if url is not None and records:
        raise typer.BadParameter("a server has records of its own", param_hint="--url")
    if name == SET:
        if without_wordings or records:
            raise typer.BadParameter("the verified set is asked once, with wordings", param_hint="--set")
        _evaluate_verified(url, output, limit, (fail_under, wrong_over))
        return
    settings = evaluation_settings()
    splits = [each for each in SPLITS if split in (each, SplitChoice.ALL)]
    items = select(read_set(settings.evals, name), splits, limit)
    if url is not None:
        runs = [_ask_server(items, url)]
        config = configuration(name, items, None, _plain(url))
    else:
        modes = (False,) if without_wordings else (True, False)
        runs = [_ask_here(items, settings.model_copy(update={"asked_as": on}), records=records) for on in modes]
        config = configuration(name, items, settings, None) | {"records": "database" if records else "memory"}
    out = Console(highlight=False)
    if show is not None:
        _show(runs[0].asked, show, out)
    folder, figures = write_report(output or settings.evals / "reports", name, runs, config, _now())
    out.print(_headline(figures))
    out.print(f"Report: {folder / 'summary.md'}", markup=False, soft_wrap=True)
    _end(_failures(runs[0], fail_under, wrong_over), out)


def _evaluate_verified(
    url: str | None, output: Path | None, limit: int | None, gates: tuple[float | None, float | None]
) -> None:
    """Asks the cases of staff's verdicts; residents' words stand in the report only where a folder for it is named."""
    from civicbot.evaluation.report import configuration, without_words, write_report

    # What is asked of today's assistant is meant today, whatever day the sets in evals/ are written for.
    settings = evaluation_settings(clock=False)
    cases = staff_cases(settings, limit)
    items, judging = questions_of(cases)
    whole = _ask_here(items, settings, judging=judging) if url is None else _ask_server(items, url, judging)
    known, unknown = known_and_open(whole, cases)
    out = Console(highlight=False)
    show_run(known, unknown, cases, out)
    if known.asked:
        kept = known if output is not None else without_words(known)
        told = configuration(
            SET, [each.item for each in kept.asked], settings if url is None else None, _plain(url) if url else None
        )
        folder, _ = write_report(
            output or settings.data / "reports", SET, [kept], told | {"open": len(unknown.asked)}, _now()
        )
        folder.chmod(0o700)
        out.print(f"Report: {folder / 'summary.md'}", markup=False, soft_wrap=True)
        if output is not None:
            out.print("It holds residents' words: delete it when it is no longer needed.", soft_wrap=True)
    _end(_failures(known, *gates), out)


def _now() -> datetime:
    return datetime.now().astimezone()


def _end(failures: Sequence[str], out: Console) -> None:
    """Tells the gates that have not been met, and fails by them."""
    for failure in failures:
        out.print(failure, style="red", markup=False, soft_wrap=True)
    if failures:
        raise typer.Exit(1)


def evaluation_settings(*, clock: bool = True) -> Settings:
    """The settings, on the day that the sets are written for unless another one is set or ``clock`` is off."""
    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    return settings.model_copy(update={"today": CLOCK}) if clock and settings.today is None else settings


def _ask_here(
    items: Sequence[Item], settings: Settings, *, records: bool = False, judging: Judging | None = None
) -> Run:
    """Asks the assistant in this process, after the same preparation that a server makes.

    Args:
        items: the questions.
        settings: the settings.
        records: whether what is asked is stored, in a database made for this.
        judging: for the cases of staff's verdicts, to which answers that staff have approved belong.
    """
    from civicbot.evaluation.answerers import LocalAnswerer
    from civicbot.model import LANGUAGES
    from civicbot.wiring import Service

    with tempfile.TemporaryDirectory(prefix="civicbot-") as folder:
        if records:
            settings = settings.model_copy(update={"database_url": SecretStr(f"sqlite:///{folder}/records.sqlite3")})
        staffs = judging is not None
        service = Service(settings, patient=True, records="database" if records else "memory", switches=staffs)
        try:
            service.open()
            answerer = LocalAnswerer(service.assistant, service.index, settings.current_date(), switches=not staffs)
            for language in LANGUAGES:
                answerer.ask(service.examples(language)[0], None)
            with service.index.reader() as generation:
                service.assistant.prepare(generation)
            return _run(WITH if settings.asked_as else WITHOUT, items, answerer, judging)
        finally:
            service.close()


def _ask_server(items: Sequence[Item], url: str, judging: Judging | None = None) -> Run:
    import httpx

    from civicbot.evaluation.answerers import RemoteAnswerer

    try:
        client = httpx.Client(base_url=url, timeout=60)
    except (httpx.InvalidURL, ValueError) as error:
        raise EvaluationError(f"{_plain(url)!r} is no address: {error}.") from error
    with client:
        return _run(SERVER, items, RemoteAnswerer(client), judging)


def _run(name: str, items: Sequence[Item], answerer: Answerer, judging: Judging | None) -> Run:
    from civicbot.evaluation.report import Run
    from civicbot.evaluation.running import run
    from civicbot.judging import judge

    asked = []
    with _bar(f"Asking ({name})", len(items)) as advance:
        for each in run(items, answerer, judging or judge):
            asked.append(each)
            advance()
    return Run(name, tuple(asked))


@contextmanager
def _bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=total)
        yield lambda: progress.advance(task)


def _plain(url: str) -> str:
    """An address without user and password, as a report may tell it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _show(asked: Sequence[Asked], show: Shown, out: Console) -> None:
    """Prints answers to dev questions; those of the test split stay unread, so that nobody tunes on them."""
    from civicbot.judging import REFUSALS

    for each in asked:
        refused = show is Shown.REFUSED and each.answer.status in REFUSALS
        if each.item.split != "dev" or not (refused or each.verdict.value == show.value):
            continue
        told = f"{each.item.id} [{each.answer.status.value}] {' / '.join((*each.item.history, each.item.question))}"
        out.print(f"{told}\n  {each.answer.text}\n", markup=False, soft_wrap=True)


def _headline(figures: Sequence[Scores]) -> Table:
    from civicbot.evaluation.targets import TARGETS

    table = Table("", "target", *(f"{each.split}, {each.run}" for each in figures))
    for target in TARGETS:
        readings = [target.read(each) for each in figures]
        cells = ["—" if r is None else f"[{'green' if r.met else 'red'}]{r.text}[/]" for r in readings]
        table.add_row(target.title, target.wanted, *cells)
    return table


def _failures(run: Run, fail_under: float | None, wrong_over: float | None) -> list[str]:
    """What of the gates has not been met, by the first run over all its questions."""
    from civicbot.evaluation.targets import share_text
    from civicbot.judging import Verdict
    from civicbot.statistics import share

    right = share([each.verdict is Verdict.CORRECT for each in run.asked])
    wrong = share([each.verdict is Verdict.WRONG for each in run.asked])
    failures = []
    if fail_under is not None and right.value < fail_under:
        failures.append(f"Right ({run.name}): {share_text(right)}, less than {100 * fail_under:g} %.")
    if wrong_over is not None and wrong.value > wrong_over:
        failures.append(f"Wrong ({run.name}): {share_text(wrong)}, more than {100 * wrong_over:g} %.")
    return failures
