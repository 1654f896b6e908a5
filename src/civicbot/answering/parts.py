"""Cutting a question into the things that it asks: clauses, lists, and the sides of a comparison."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from civicbot.answering.context import Context, Part
from civicbot.answering.lexicon import Lexicon, lexicon
from civicbot.answering.understanding import Understanding, split_clauses, understand
from civicbot.model import Facet

# What stands between the items of a list. A name that holds such a word is masked before.
_LIST = re.compile(r"(?<=[가-힣\d)\ue000])(?:이랑|랑|하고|와|과)\s+|,\s+(?:and\s+)?|\s및\s|\s+and\s+")
_MASK = "\ue000"
MOST_PARTS = 4


def understood(context: Context, text: str) -> Understanding:
    """What a text asks, in the context's language, library and time."""
    generation = context.generation
    return understand(
        text,
        context.language,
        generation.glossary,
        generation.tokenizer,
        context.today.year,
        generation.thesaurus(context.language),
    )


def split_parts(context: Context, standalone: str) -> tuple[Part, ...]:
    """The parts of a question, at least one and at most :data:`MOST_PARTS`.

    Only what asks is cut, and only where every piece asks for a value by itself; what stands beside it goes with the
    question as a whole. A part inherits the entity and the years of the whole question where it names none.
    """
    whole = understood(context, standalone)
    words = lexicon(context.language, context.generation.tokenizer)
    asking = split_clauses(standalone, words).asking
    items = [item for piece in _pieces(context, words, asking) for item in _listed(context, piece)]
    telling = [(text, asked) for text, asked in items if asked.kinds or asked.facets or asked.what]
    if len({(asked.entities, asked.kinds, asked.facets, asked.terms) for _, asked in telling}) > 1:
        told = split_clauses(standalone, words)
        before = f"{told.preface} {told.beside}".strip()
        parts = [part for text, asked in telling for part in _inheriting(context, before, text, asked, whole)]
        return tuple(parts[:MOST_PARTS])
    if whole.compare and len(whole.entities) > 1:
        return tuple(_side(standalone, whole, key) for key in whole.entities[:MOST_PARTS])
    return (Part(standalone, whole),)


def _pieces(context: Context, words: Lexicon, asking: str) -> list[str]:
    """The clauses that ask for something; one that does not by itself stays with the next, or the last with it."""
    cuts = [0, *(match.end() for match in words.connector.finditer(asking)), len(asking)]
    pieces: list[str] = []
    kept = ""
    for start, end in pairwise(cuts):
        text = kept + asking[start:end]
        asked = understood(context, text.strip(" ,.?!"))
        if asked.kinds or asked.what or asked.announced:
            pieces.append(text.strip(" ,.?!"))
            kept = ""
        else:
            kept = text
    if kept.strip(" ,.?!"):
        pieces[-1:] = [" ".join((*pieces[-1:], kept.strip(" ,.?!")))]
    return pieces


def _listed(context: Context, piece: str) -> list[tuple[str, Understanding]]:
    """The items of a list, where every item asks for something by itself; else the piece as it is."""
    whole = understood(context, piece)
    masked = list(piece)
    for mention in whole.mentions:
        masked[mention.start : mention.end] = _MASK * (mention.end - mention.start)
    cuts = [(0, 0), *((m.start(), m.end()) for m in _LIST.finditer("".join(masked))), (len(piece), len(piece))]
    texts = [piece[end:start] for (_, end), (start, _) in pairwise(cuts)]
    items = [(text, understood(context, text)) for text in texts if text.strip()]
    if len(items) > 1 and all(_is_item(asked) for _, asked in items):
        return items
    return [(piece, whole)]


def _is_item(asked: Understanding) -> bool:
    """Whether an item of a list names a kind of value, or a facet and little else."""
    demanded = [term for term in asked.terms if term.weight >= 1.0]
    return bool(asked.kinds) or (bool(set(asked.facets) - {Facet.WHAT}) and len(demanded) <= 1)


def _inheriting(context: Context, before: str, text: str, asked: Understanding, whole: Understanding) -> list[Part]:
    """The part with the years and the project of the whole question; one for each project where it asks of all.

    One that says nothing of what it is about ("what is it called?") keeps ``before``, what was told beside it.
    """
    years = asked.years or whole.years
    if before and not (asked.entities or whole.entities or asked.terms):
        text = f"{before} {text}"
        return [Part(text, replace(understood(context, text), years=years))]
    if asked.entities or not whole.entities:
        return [Part(text, replace(asked, years=years))]
    words = lexicon(context.language, context.generation.tokenizer)
    keys = whole.entities if words.all_of_them.search(text) else whole.entities[:1]
    names = ((key, context.generation.glossary.entities[key].names(context.language).name) for key in keys)
    return [Part(f"{name} {text}", replace(asked, entities=(key,), years=years)) for key, name in names]


def _side(standalone: str, whole: Understanding, key: str) -> Part:
    """One side of a comparison: the same question about one of the entities."""
    text = standalone
    for mention in reversed(whole.mentions):
        if mention.key in whole.entities and mention.key != key:
            text = text[: mention.start] + " " + text[mention.end :]
    asked = replace(whole, entities=(key,))
    if not whole.kinds and set(whole.facets) <= {Facet.DISPUTES, Facet.WHAT}:
        # "What is the difference?" asks what each of them is, not what is disputed about it.
        asked = replace(asked, facets=(Facet.WHAT,), what=True)
    return Part(" ".join(text.split()), asked)
