"""Leaving out sentences that say again what another one has said."""

from __future__ import annotations

from collections.abc import Iterable

from civicbot.answering.context import Candidate, Context

SAME = 0.7
"""Above this share of common tokens a sentence says the same again."""


def says_again(context: Context, candidate: Candidate, told: Iterable[Candidate], same: float = SAME) -> bool:
    """Whether a sentence says what one of those told has said, by the share of its own tokens that it has too."""
    tokens = context.generation.tokenizer.tokens
    own = frozenset(tokens(candidate.statement.text))
    return any(len(own & frozenset(tokens(other.statement.text))) > same * len(own) for other in told) or not own


def distinct(context: Context, candidates: Iterable[Candidate], most: int) -> tuple[Candidate, ...]:
    """The first ``most`` candidates without those that say again what one before them has said."""
    kept: list[Candidate] = []
    for candidate in candidates:
        if len(kept) == most:
            break
        if not says_again(context, candidate, kept):
            kept.append(candidate)
    return tuple(kept)
