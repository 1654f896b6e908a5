"""The command `civicbot eval gate`: does the sentence gate catch what is wrong, and keep what is right?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.commands_eval import SplitChoice, evaluation_settings

if TYPE_CHECKING:
    from civicbot.evaluation.gate_set import GateScores


def evaluate_gate(
    split: Annotated[SplitChoice, typer.Option(help="Which sentences of the set.")] = SplitChoice.ALL,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the gate that checks every sentence of a chat model; fails below its targets."""
    from civicbot.answering.gate.decide import SentenceGate
    from civicbot.answering.gate.lexical import default_thesauri
    from civicbot.evaluation.gate_set import as_data, gate_scores, judge, read_gate_set
    from civicbot.language.glossary import Glossary
    from civicbot.language.tokens import Tokenizer

    settings = evaluation_settings()
    glossary = Glossary.load(settings.corpus / "glossary.yaml")
    tokenizer = Tokenizer(glossary.user_words)
    gate = SentenceGate(glossary, tokenizer, default_thesauri(glossary, tokenizer))
    items = [item for item in read_gate_set(settings.evals) if split in (item.split, SplitChoice.ALL)]
    scores = gate_scores(judge(gate, items))
    if as_json:
        typer.echo(json.dumps(as_data(scores), ensure_ascii=False))
    else:
        _show(scores)
    if not scores.met:
        raise typer.Exit(1)


def _show(scores: GateScores) -> None:
    from civicbot.evaluation.gate_set import LEAST_CAUGHT, MOST_DROPPED
    from civicbot.evaluation.targets import share_text

    out = Console(highlight=False)
    table = Table("", "target", "dropped by the gate")
    table.add_row("Corrupted sentences caught", f"≥ {100 * LEAST_CAUGHT:g} %", share_text(scores.caught))
    table.add_row("Faithful sentences dropped", f"≤ {100 * MOST_DROPPED:g} %", share_text(scores.dropped))
    table.add_section()
    for name, part in (*scores.kinds.items(), *scores.groups.items()):
        table.add_row(name, "", share_text(part))
    out.print(table)
    if scores.rules:
        told = ", ".join(f"{rule} {count}" for rule, count in scores.rules.items())
        out.print(f"Faithful sentences dropped, by rule: {told}", markup=False, soft_wrap=True)
