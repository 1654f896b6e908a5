"""Who is told how the language model fares."""

from __future__ import annotations

from typing import Literal, Protocol

Purpose = Literal["answer", "rewrite"]


class ModelWatch(Protocol):
    """Is told of every question that went to the language model; operators see it in the metrics."""

    def model_asked(self, purpose: str, outcome: str, seconds: float) -> None:
        """A question is done with the model: ``written``, ``cached``, ``used``, ``unchanged`` or a failure."""

    def model_tokens(self, sent: int, received: int) -> None:
        """So many tokens were used."""

    def model_sentences(self, passed: int, dropped: int) -> None:
        """So many sentences of the model were told, and so many were not supported."""


class Unwatched:
    """Nobody is told."""

    def model_asked(self, purpose: str, outcome: str, seconds: float) -> None:
        """Does nothing."""

    def model_tokens(self, sent: int, received: int) -> None:
        """Does nothing."""

    def model_sentences(self, passed: int, dropped: int) -> None:
        """Does nothing."""
