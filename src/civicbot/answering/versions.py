"""What produces answers now."""

from __future__ import annotations

from civicbot import __version__
from civicbot.model import ModelWork, Versions
from civicbot.retrieval.opened import OpenGeneration


def versions_of(generation: OpenGeneration, work: ModelWork | None = None) -> Versions:
    """The versions of what answers from a generation.

    Args:
        generation: the library.
        work: what the language model did; without it sentences are chosen, so that there is no prompt and no model.
    """
    if work is None or not (work.used or work.rewritten):
        return Versions(app=__version__, index=generation.name)
    return Versions(app=__version__, index=generation.name, prompt=work.prompt, model=work.model)
