"""What the tools take and give, where it is not what the JSON API takes and gives.

``ask`` takes :class:`civicbot.web.schemas.QuestionBody` and gives :class:`civicbot.model.Answer`; ``search_library``
gives :class:`civicbot.answering.findings.Findings`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from civicbot.answering.searching import MOST_FOUND
from civicbot.model import Document, Language
from civicbot.web.schemas import DocumentBody, Request, not_blank

USUAL_PART, LONGEST_PART = 10_000, 20_000
"""How many characters of a document come at once, if nothing is said, and at most."""


class SearchBody(Request):
    """A look into the library."""

    query: Annotated[str, AfterValidator(not_blank)] = Field(
        min_length=1, max_length=1000, description="Words or a question, in Korean or English"
    )
    language: Language | None = Field(None, description="Language of the passages; null: that of the query")
    limit: int = Field(5, ge=1, le=MOST_FOUND, description="How many passages at most")


class DocumentRequest(Request):
    """A part of a document."""

    document_id: str = Field(min_length=1, max_length=200, description="From a citation or a passage, e.g. `S012-ko`")
    offset: int = Field(0, ge=0, le=100_000_000, description="Where the part begins, in characters")
    length: int = Field(USUAL_PART, ge=1, le=LONGEST_PART, description="How many characters at most")


class DocumentPart(DocumentBody):
    """A document as the JSON API gives it; ``text`` is a part of its text."""

    offset: int = Field(description="Where this part begins in the whole text, in characters")
    total: int = Field(description="Length of the whole text, in characters")
    next_offset: int | None = Field(description="Where the next part begins; null at the end")

    @classmethod
    def part_of(cls, document: Document, offset: int, length: int) -> DocumentPart:
        """Cuts a part out; an offset behind the end gives an empty one."""
        total = len(document.text)
        end = min(offset + length, total)
        whole = DocumentBody.of(document).model_dump()
        return cls.model_validate(
            whole
            | {
                "text": document.text[offset:end],
                "offset": offset,
                "total": total,
                "next_offset": end if end < total else None,
            }
        )
