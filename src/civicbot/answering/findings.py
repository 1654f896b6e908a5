"""What a search of the library gives: passages as citations."""

from __future__ import annotations

from pydantic import Field

from civicbot.model import Citation, DocumentKind, Language, Noun


class Finding(Citation):
    """A passage of the library that was searched for; ``number`` is its rank, ``quote`` its sentence that fits best."""

    kind: DocumentKind
    heading: str = Field(description="The nearest heading above; empty when there is none")
    text: str = Field(description="The whole passage")
    supports: tuple[Citation, ...] = Field(
        (), description="What the sentence of a brief rests on; empty where the document is itself the source"
    )


class Findings(Noun):
    """What a search of the library found, best first."""

    language: Language = Field(description="Language of the passages")
    passages: tuple[Finding, ...] = ()
