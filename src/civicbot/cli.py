"""The command line: `civicbot ingest | ask | eval | corpus | records | sites | users | audit | pause | doctor | …`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from civicbot import __version__
from civicbot.commands_approved import approved
from civicbot.commands_audit import audit
from civicbot.commands_bench import bench
from civicbot.commands_demo import demo_site
from civicbot.commands_eval import evaluate
from civicbot.commands_eval_approved import evaluate_approved
from civicbot.commands_eval_gate import evaluate_gate
from civicbot.commands_mcp import mcp
from civicbot.commands_pause import pause, resume, switches
from civicbot.commands_records import records
from civicbot.commands_sites import sites
from civicbot.commands_updates import check_impact, rollback, updates
from civicbot.commands_users import users
from civicbot.commands_verified import verified
from civicbot.errors import CivicbotError
from civicbot.model import Answer, Language, Question
from civicbot.settings import Settings, load_settings

application = typer.Typer(
    help="Cited answers about Gwangju's AI projects.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
_STAGES = {
    "read": "Reading documents",
    "link": "Linking briefs to digests",
    "tokens": "Cutting words",
    "embed": "Embedding passages",
    "store": "Storing vectors",
}
_STYLES = {"ok": "green", "warning": "yellow", "waiting": "yellow", "failed": "red"}


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line; errors that are safe to show are printed without a traceback, exit code 1."""
    try:
        application(args=list(arguments) if arguments is not None else None)
    except CivicbotError as error:
        Console(stderr=True, highlight=False).print(f"civicbot: {error}", markup=False, soft_wrap=True)
        sys.exit(1)


@application.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
) -> None:
    if version:
        typer.echo(f"civicbot {__version__}")
        raise typer.Exit


@application.command()
def ingest(
    path: Annotated[Path | None, typer.Argument(help="Corpus folder; CIVICBOT_CORPUS by default.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make a new generation from scratch.")] = False,
    impact: Annotated[
        bool, typer.Option("--check-impact", help="Prepare it and show what it changes; nothing goes live.")
    ] = False,
) -> None:
    """Index the library's documents; quick when nothing has changed."""
    if impact:
        if path is not None or rebuild:
            raise typer.BadParameter("goes neither with a folder nor with --rebuild", param_hint="--check-impact")
        check_impact()
        return
    from civicbot.library.ingest import Summary
    from civicbot.library.ingest import ingest as run

    settings = _settings()
    out = Console(highlight=False)
    with _RichProgress(Console(stderr=True)) as progress:
        summary: Summary = run(settings, path=path, rebuild=rebuild, progress=progress)
    if summary.new:
        table = Table("added", "changed", "removed", "unchanged", "passages", "embedded")
        counts = (summary.added, summary.changed, summary.removed, summary.unchanged)
        table.add_row(*(str(len(ids)) for ids in counts), str(summary.passages), str(summary.embedded))
        out.print(table)
        out.print(f"Generation {summary.generation} is live.")
    elif summary.rolled_back:
        out.print(f"Generation {summary.generation} is live: what this corpus makes was rolled back.")
        out.print("Change the corpus, or run `civicbot rollback` to bring it back.")
    else:
        out.print(f"Nothing changed; generation {summary.generation} is live ({summary.passages} passages).")
    if summary.skipped:
        out.print(f"{len(summary.skipped)} files of unknown format were skipped.")
    for problem in summary.problems:
        out.print(str(problem), style="yellow", markup=False, soft_wrap=True)
    if summary.problems:
        out.print(
            f"{len(summary.problems)} problems; what they concern is left out until they are mended.", style="red"
        )
        raise typer.Exit(1)


@application.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in Korean or English.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer object.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="ko or en; detected by default.")] = None,
) -> None:
    """Ask one question."""
    from civicbot.wiring import Service

    if language not in (None, "ko", "en"):
        raise typer.BadParameter(f"{language!r} is neither ko nor en", param_hint="--language")
    chosen: Language | None = "ko" if language == "ko" else "en" if language == "en" else None
    service = Service(_settings(), patient=True, switches=True)
    service.open()
    try:
        answer = service.assistant.answer(Question(text=question, language=chosen))
    finally:
        service.close()
    if as_json:
        typer.echo(answer.model_dump_json(indent=2))
    else:
        _show(answer)


evaluation = typer.Typer(invoke_without_command=True)
evaluation.callback()(evaluate)
evaluation.command("approved")(evaluate_approved)
evaluation.command("gate")(evaluate_gate)
application.add_typer(evaluation, name="eval")
for command in (pause, resume, switches, rollback, mcp):
    application.command()(command)
application.command(name="demo-site")(demo_site)

corpus = typer.Typer(help="Check and count the library's documents.", no_args_is_help=True)
application.add_typer(corpus, name="corpus")
application.add_typer(bench, name="bench")
application.add_typer(records, name="records")
application.add_typer(sites, name="sites")
application.add_typer(users, name="users")
application.add_typer(audit, name="audit")
application.add_typer(approved, name="approved")
application.add_typer(verified, name="verified")
application.add_typer(updates, name="updates")


@corpus.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="Corpus folder; CIVICBOT_CORPUS by default.")] = None,
    article: Annotated[Path | None, typer.Option(help="A text whose wording must not be taken over.")] = None,
) -> None:
    """Check the documents against the editorial rules of corpus/README.md."""
    from civicbot.library.checks.corpus import check_corpus

    settings = _settings()
    out = Console(highlight=False)
    with _RichProgress(Console(stderr=True)) as progress:
        report = check_corpus(
            path or settings.corpus,
            today=settings.current_date(),
            stale_days=settings.stale_days,
            article=article,
            progress=progress,
        )
    for note in report.notes:
        out.print(note, markup=False, style="dim", soft_wrap=True)
    for warning in report.warnings:
        out.print(f"warning: {warning}", markup=False, style="yellow", soft_wrap=True)
    for problem in report.problems:
        out.print(str(problem), markup=False, style="red", soft_wrap=True)
    out.print(f"{report.files} files, {len(report.problems)} problems, {len(report.warnings)} warnings.")
    if report.problems:
        raise typer.Exit(1)


@corpus.command()
def stats(
    path: Annotated[Path | None, typer.Argument(help="Corpus folder; CIVICBOT_CORPUS by default.")] = None,
) -> None:
    """Count documents, sentences and topics, by language and kind."""
    from civicbot.library.checks.stats import corpus_stats

    table = Table("language", "kind", "documents", "sentences", "topics", "newest")
    for row in corpus_stats(path or _settings().corpus):
        counts = (row.documents, row.sentences, row.topics)
        table.add_row(row.language, row.kind.value, *(str(count) for count in counts), str(row.newest or "—"))
    Console(highlight=False).print(table)


@application.command()
def doctor() -> None:
    """Check Python, packages, model, index, port and contact, and say what to do."""
    from civicbot.health import doctor_checks

    checks = doctor_checks(_settings())
    out = Console(highlight=False)
    for check in checks:
        out.print(
            f"{check.state:<8} {check.name}: {check.message}", markup=False, style=_STYLES[check.state], soft_wrap=True
        )
        if check.hint:
            out.print(f"         {check.hint}", markup=False, soft_wrap=True)
    if any(check.state == "failed" for check in checks):
        raise typer.Exit(1)


def _settings() -> Settings:
    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    return settings


def _show(answer: Answer) -> None:
    out = Console(highlight=False)
    out.print(answer.text, markup=False, soft_wrap=True)
    if answer.choices:
        out.print("\n".join(f"  - {choice}" for choice in answer.choices), markup=False, soft_wrap=True)
    for notice in answer.notices:
        out.print(f"! {notice.text}", markup=False, style="yellow", soft_wrap=True)
    for citation in answer.citations:
        source = ", ".join(str(part) for part in (citation.publisher, citation.published, citation.title) if part)
        out.print(f"[{citation.number}] {source}", markup=False, style="cyan", soft_wrap=True)
        out.print(f"    “{citation.quote}”", markup=False, soft_wrap=True)
        if citation.url:
            out.print(f"    {citation.url}", markup=False, style="dim", soft_wrap=True)
    as_of = f", as of {answer.as_of}" if answer.as_of else ""
    out.print(f"({answer.status.value}{as_of}, confidence {answer.confidence:.2f})", markup=False, style="dim")


class _RichProgress:
    """A bar for each stage of an ingest; nothing is drawn until the first stage."""

    def __init__(self, console: Console) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task: TaskID | None = None

    def stage(self, name: str, total: int) -> None:
        """Starts the bar of a stage."""
        self._bars.start()
        self._task = self._bars.add_task(_STAGES.get(name, name), total=total)

    def advance(self, steps: int) -> None:
        """Moves the bar of the running stage."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def __enter__(self) -> _RichProgress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()
