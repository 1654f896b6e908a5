"""Fourth stage: what the assistant does not answer, and what it must ask back."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Context, Outcome
from civicbot.answering.lexicon import lexicon
from civicbot.answering.texts import texts
from civicbot.model import AnswerStatus


class Scope:
    """Ends questions that no evidence may answer: unsafe, personal, opinion, another Gwangju; or asks which is meant."""

    name = "scope"

    def __call__(self, context: Context) -> Context:
        """Checks the question against the lexicon and the glossary's easily confused names."""
        words = lexicon(context.language, context.generation.tokenizer)
        refusals = (
            (words.unsafe, AnswerStatus.REFUSED, "refused_unsafe"),
            (words.personal, AnswerStatus.REFUSED, "refused_personal"),
            (words.opinion, AnswerStatus.REFUSED, "refused_opinion"),
            (words.elsewhere, AnswerStatus.OUT_OF_SCOPE, "out_of_scope_gyeonggi"),
        )
        for pattern, status, key in refusals:
            if pattern.search(context.text):
                return replace(context, outcome=Outcome(status, text_key=key, confidence=0.9), final=True)
        return self._clarified(context)

    def _clarified(self, context: Context) -> Context:
        glossary = context.generation.glossary
        group = glossary.ambiguous(context.standalone)
        if group is None or any(part.asked.entities for part in context.parts):
            return context
        names = tuple(glossary.entities[key].names(context.language).name for key in group.entities)
        text = texts(context.language).clarify_pair.format(names=", ".join(names))
        outcome = Outcome(AnswerStatus.CLARIFICATION, text=text, choices=names, confidence=0.6)
        return replace(context, outcome=outcome, final=True)
