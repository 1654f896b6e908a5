"""What the chat page's script sends, read once and checked; what cannot be read is None."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civicbot.model import Language

_Id = Annotated[str, Field(min_length=1, max_length=100)]


class Act(BaseModel):
    """Something that a resident did on the page.

    Attributes:
        language: of the page.
        conversation: the conversation that the page shows; None before its first answer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    language: Language
    conversation: _Id | None = None


class Asking(Act):
    """A question; whether it can be asked is decided later."""

    question: str = Field(max_length=20_000)


class Rating(Act):
    """Whether an answer helped."""

    answer: _Id
    helpful: bool
    reasons: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field((), max_length=20)
    comment: str | None = Field(None, max_length=2000)


class Leaving(Act):
    """A question to be left for staff."""

    answer: _Id
    message: str | None = Field(None, max_length=2000)


_A = TypeVar("_A", bound=Act)


def read_act(data: object, kind: type[_A]) -> _A | None:
    """Reads what came in; None when it is not what our script sends."""
    try:
        return kind.model_validate(data)
    except ValidationError:
        return None
