"""The commands `civicbot bench ...`: public benchmarks, run through the product itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.settings import load_settings

bench = typer.Typer(help="Run public benchmarks; docs/evaluation.md names the sets.", no_args_is_help=True)


@bench.command()
def retrieval(
    corpus: Annotated[Path | None, typer.Option(help="Documents: JSON lines {id, text}.")] = None,
    queries: Annotated[Path | None, typer.Option(help="Questions: JSON lines {id, question, relevant}.")] = None,
    paragraphs: Annotated[
        Path | None, typer.Option(help="Instead of both: JSON lines {title, context, questions}.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many questions.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count how often the right document is found first, among five and among ten."""
    from civicbot.evaluation.benchmarks.files import (
        paragraph_retrieval_set,
        read_paragraphs,
        read_retrieval_set,
    )
    from civicbot.evaluation.benchmarks.retrieval import measure_retrieval

    if paragraphs is not None and corpus is None and queries is None:
        data = paragraph_retrieval_set(read_paragraphs(paragraphs))
    elif corpus is not None and queries is not None and paragraphs is None:
        data = read_retrieval_set(corpus, queries)
    else:
        raise typer.BadParameter("name --corpus and --queries, or --paragraphs alone")
    with Console(stderr=True).status(f"Indexing {len(data.documents)} documents, then asking"):
        scores = measure_retrieval(data, load_settings(), limit=limit)
    if as_json:
        typer.echo(scores.model_dump_json(by_alias=True, indent=2))
        return
    table = Table("score", "value", "95 % interval")
    values = scores.model_dump(by_alias=True)
    for name, (low, high) in scores.intervals.items():
        table.add_row(name, f"{values[name]:.3f}", f"{low:.3f} to {high:.3f}")
    out = Console(highlight=False)
    out.print(table)
    out.print(f"{scores.queries} questions, {scores.documents} documents, {scores.ms_per_query:.1f} ms a search.")


@bench.command()
def reading(
    paragraphs: Annotated[Path, typer.Option(help="Paragraphs: JSON lines {title, context, questions}.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many questions.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count how often the best sentence, or one of the best two, holds the answer."""
    from civicbot.evaluation.benchmarks.files import read_paragraphs
    from civicbot.evaluation.benchmarks.reading import measure_reading

    rows = read_paragraphs(paragraphs)
    with Console(stderr=True).status(f"Indexing {len(rows)} paragraphs, then asking"):
        scores = measure_reading(rows, load_settings(), limit=limit)
    if as_json:
        typer.echo(scores.model_dump_json(indent=2))
        return
    table = Table("score", "value", "95 % interval")
    values = scores.model_dump()
    for name, (low, high) in scores.intervals.items():
        table.add_row(name, f"{values[name]:.3f}", f"{low:.3f} to {high:.3f}")
    out = Console(highlight=False)
    out.print(table)
    out.print(
        f"{scores.questions} questions, {scores.paragraphs} paragraphs; the best sentence has {scores.characters:.0f} "
        f"characters on average; {scores.ms_per_question:.1f} ms a question."
    )
