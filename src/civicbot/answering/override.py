"""Second stage: what staff have laid down comes before any answering."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context, Outcome
from civicbot.answering.protocols import Rulings


class Override:
    """Ends the question with a ruling of staff, when one applies.

    Args:
        rulings: switches and the like.
    """

    name = "override"

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings

    def __call__(self, context: Context) -> Context:
        """Looks for a ruling on the question."""
        ruling = self._rulings.find(context.text, context.language)
        if ruling is None:
            return context
        outcome = Outcome(ruling.status, text_key=ruling.status.value, text=ruling.text, confidence=1.0)
        return replace(context, outcome=outcome, final=True)
