"""What ``/transparency`` tells, as data: the JSON beside the page, and what the page is written from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from civicbot.errors import CivicbotError
from civicbot.model import Document, DocumentKind, Versions
from civicbot.review.public_nouns import Asked, Corrections, Judged, Pause, VerifiedRun
from civicbot.web.information import Measured
from civicbot.web.ports import ServicePort


class LibraryBody(BaseModel):
    """What answers are given from; all null while it is loading."""

    newest: date | None = Field(description="Date of the newest source")
    sources: int | None = Field(description="Public sources, each counted once")
    documents: int | None = Field(description="Our summaries and overviews of them, in both languages")
    indexed_at: datetime | None = Field(description="When the index was made")


class PagesBody(BaseModel):
    """Pages of this server that tell more."""

    page: str = "/transparency"
    privacy: str = "/privacy"
    how: str = "/how-it-works"


class TransparencyBody(BaseModel):
    """The service's work as everybody may read it; docs/transparency.md says what each figure means."""

    records: Literal["told", "old", "lost", "none"] = Field(
        description="`told`: counted within the last minute or so; `old`: the records cannot be read, so these are the "
        "figures of `counted_at`; `lost`: they cannot be read, and there are no figures; `none`: none are kept"
    )
    counted_at: datetime | None = Field(description="When the figures of the records were counted")
    judged: Judged | None = Field(description="What staff said about answers")
    asked: Asked | None = Field(description="What became of residents' questions")
    pauses: tuple[Pause, ...] | None = Field(description="When questions were not answered, of the last year")
    corrections: Corrections | None = Field(description="What staff have corrected")
    library: LibraryBody
    versions: Versions | None = Field(description="What answers now; null while the library is loading")
    evaluation: Measured | None = Field(description="What an evaluation on unseen questions found")
    verified: VerifiedRun | None = Field(description="The newest run of the cases made from staff's verdicts")
    contact: str | None = Field(description="Where to complain; null where the operator has named nothing")
    pages: PagesBody = PagesBody()


def body_of(service: ServicePort, measured: Measured | None) -> TransparencyBody:
    """Puts together what can be told now.

    Args:
        service: the service behind the web.
        measured: the evaluation's figures.
    """
    reading = service.public_figures()
    figures = reading.figures
    return TransparencyBody(
        records=reading.state,
        counted_at=figures.at if figures else None,
        judged=figures.judged if figures else None,
        asked=figures.asked if figures else None,
        pauses=figures.pauses if figures else None,
        corrections=figures.corrections if figures else None,
        library=_library(service),
        versions=service.versions(),
        evaluation=measured,
        verified=figures.verified if figures else None,
        contact=service.settings.contact,
    )


def _library(service: ServicePort) -> LibraryBody:
    documents: Sequence[Document] | None = None
    try:
        documents = service.documents()
    except CivicbotError:
        return LibraryBody(newest=None, sources=None, documents=None, indexed_at=None)
    # A source is summed up once in each language.
    sources = {one.source_id or one.id for one in documents if one.kind is DocumentKind.SOURCE}
    return LibraryBody(
        newest=service.newest_date(),
        sources=len(sources),
        documents=len(documents),
        indexed_at=service.index_created(),
    )
