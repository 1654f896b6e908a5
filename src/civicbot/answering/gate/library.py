"""The gate of a library: it knows the names and the words of the index generation that it belongs to."""

from __future__ import annotations

from civicbot.answering.gate.decide import SentenceGate
from civicbot.model import LANGUAGES
from civicbot.retrieval.opened import OpenGeneration


def gate_of(generation: OpenGeneration) -> SentenceGate:
    """The sentence gate with the names of a library, made when it is first wanted and kept with it."""
    held = generation.worked_out.get(SentenceGate)
    if not isinstance(held, SentenceGate):
        thesauri = {language: generation.thesaurus(language) for language in LANGUAGES}
        # Two threads may both make it; the second one only does it in vain.
        held = generation.worked_out[SentenceGate] = SentenceGate(generation.glossary, generation.tokenizer, thesauri)
    return held
