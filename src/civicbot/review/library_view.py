"""The library as staff see it: documents and how old they are, who cites them, search, and the last ingests."""

from __future__ import annotations

from sqlalchemy import func, select

from civicbot.answering.retrieve import Retrieve
from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.generation import Manifest, current_name, generation_folder, index_folder, read_manifest
from civicbot.language.cleanup import clean_question
from civicbot.language.detect import detect_language
from civicbot.library.checks.stale import age, stale_sources
from civicbot.model import Document, DocumentKind, Language
from civicbot.records.database import Database
from civicbot.records.tables import CitationRow, ExchangeRow
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.retriever import Hit
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.view_nouns import CitingAnswer, DocumentSeen, FoundPassage, Ingest
from civicbot.settings import Settings

_KINDS = tuple(DocumentKind)


class LibraryView:
    """Reads the live index and what the records say of its documents; thread-safe.

    Methods that read the records may raise SQLAlchemyError when the database cannot be used.

    Args:
        database: of the records.
        index: the live index.
        settings: where the index is, how it is searched, and from when on a source is stale.
    """

    def __init__(self, database: Database, index: LiveIndex, settings: Settings) -> None:
        self._database = database
        self._index = index
        self._settings = settings
        self._retrieve = Retrieve(settings.dense_languages, asked_as=settings.asked_as)

    @guarded(Action.READ_LIBRARY)
    def documents(
        self,
        actor: Actor,
        *,
        text: str = "",
        kind: DocumentKind | None = None,
        language: Language | None = None,
        stale: bool = False,
    ) -> tuple[DocumentSeen, ...]:
        """The documents: stale ones first, then by kind, the newest first, undated ones last.

        Args:
            actor: who reads.
            text: only those with this in id, title, publisher or address.
            kind: only these.
            language: only in this.
            stale: only the stale ones.

        Raises:
            CivicbotError: the index is not open.
        """
        del actor
        sought = " ".join(text.split()).casefold()
        found = [
            one
            for one in self._documents()
            if (kind is None or one.kind is kind)
            and (language is None or one.language == language)
            and (one.stale or not stale)
            and sought in " ".join((one.id, one.title, one.publisher or "", one.url or "")).casefold()
        ]
        return tuple(sorted(found, key=_place))

    @guarded(Action.READ_LIBRARY)
    def document(self, actor: Actor, document_id: str) -> tuple[DocumentSeen, Document]:
        """A document as it is listed, and with its text.

        Raises:
            UnknownDocumentError: the live library has none with this id.
            CivicbotError: the index is not open.
        """
        del actor
        with self._index.reader() as generation:
            document = generation.document(document_id)
        return next(one for one in self._documents() if one.id == document_id), document

    @guarded(Action.READ_ITEM)
    def citing(self, actor: Actor, document_id: str, *, limit: int = 50) -> tuple[CitingAnswer, ...]:
        """The newest answers that cite a document, whether the library still holds it or not; the log notes it."""
        newest = (
            select(CitationRow.answer_id)
            .where(CitationRow.document_id == document_id)
            .order_by(CitationRow.asked_at.desc())
            .limit(limit)
        )
        with self._database.writing() as session:
            ids = session.scalars(newest).all()
            rows = session.scalars(
                select(ExchangeRow).where(ExchangeRow.answer_id.in_(ids)).order_by(ExchangeRow.asked_at.desc())
            ).all()
            found = tuple(_citing(row, document_id) for row in rows)
            note(session, actor, Action.READ_ITEM, f"document:{document_id}", answers=len(found))
        return found

    @guarded(Action.READ_LIBRARY)
    def search(
        self, actor: Actor, text: str, *, language: Language | None = None, limit: int = 20
    ) -> tuple[FoundPassage, ...]:
        """The passages that our own retriever finds, best first.

        Args:
            actor: who searches.
            text: a question or some words.
            language: of the passages; that of the text by default.
            limit: how many at most.

        Raises:
            InvalidQuestionError: the text cannot be searched with.
            CivicbotError: the index is not open.
        """
        del actor
        sought = clean_question(text)
        with self._index.reader() as generation:
            retriever = self._retrieve.retriever(generation).model_copy(update={"k": limit})
            found = retriever.search(sought, language or detect_language(sought))
        return tuple(_found(hit) for hit in found.hits)

    @guarded(Action.READ_LIBRARY)
    def ingests(self, actor: Actor) -> tuple[Ingest, ...]:
        """The index generations that are there, the newest first: the live one and the one before it, as a rule."""
        del actor
        index = index_folder(self._settings.data)
        live = current_name(index)
        held: list[Manifest] = []
        for folder in generation_folder(index, "").glob("*"):
            try:
                held.append(read_manifest(folder))
            except (IndexMissingError, IndexDamagedError):
                continue  # being written, or being deleted
        held.sort(key=lambda manifest: manifest.name, reverse=True)
        return tuple(_ingest(one, older, live) for one, older in zip(held, [*held[1:], None], strict=True))

    def _documents(self) -> list[DocumentSeen]:
        with self._index.reader() as generation:
            documents, manifest = generation.documents, generation.manifest
        passages = {record.id: len(record.passage_ids) for record in manifest.documents}
        counted = select(CitationRow.document_id, func.count(), func.max(CitationRow.asked_at))
        with self._database.reading() as session:
            cited = {
                key: (count, last)
                for key, count, last in session.execute(counted.group_by(CitationRow.document_id)).all()
            }
        today = self._settings.current_date()
        stale = {one.id for one in stale_sources(documents, today, self._settings.stale_days)}
        seen = []
        for one in documents:
            count, last = cited.get(one.id, (0, None))
            fields = {name: getattr(one, name) for name in DocumentSeen.model_fields if name in Document.model_fields}
            seen.append(
                DocumentSeen(
                    **fields,
                    told=one.told,
                    age=age(one, today),
                    stale=one.id in stale,
                    passages=passages.get(one.id, 0),
                    cited=count,
                    cited_at=last,
                )
            )
        return seen


def _place(one: DocumentSeen) -> tuple[bool, int, bool, int, str]:
    return not one.stale, _KINDS.index(one.kind), one.age is None, one.age or 0, one.id


def _citing(row: ExchangeRow, document_id: str) -> CitingAnswer:
    language: Language = "ko" if row.language == "ko" else "en"
    return CitingAnswer(
        answer_id=row.answer_id,
        asked_at=row.asked_at,
        question=row.question,
        status=row.status,
        language=language,
        quotes=tuple(one["quote"] for one in row.answer["citations"] if one["document_id"] == document_id),
    )


def _found(hit: Hit) -> FoundPassage:
    passage = hit.passage
    return FoundPassage(
        passage_id=passage.id,
        document_id=passage.document_id,
        kind=passage.kind,
        language=passage.language,
        title=passage.title,
        heading=passage.heading,
        text=passage.text,
        sentences=tuple(statement.text for statement in passage.statements),
        published=passage.published,
        score=hit.score,
        lexical=hit.lexical,
        wording=hit.wording,
        dense=hit.dense,
    )


def _ingest(manifest: Manifest, older: Manifest | None, live: str | None) -> Ingest:
    now = {record.id: record.content_hash for record in manifest.documents}
    before = {record.id: record.content_hash for record in older.documents} if older is not None else now
    return Ingest(
        name=manifest.name,
        created=manifest.created,
        app=manifest.app_version,
        embedder=manifest.embedder.name,
        live=manifest.name == live,
        documents=len(manifest.documents),
        passages=len(manifest.passage_ids),
        wordings=manifest.wordings,
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(key for key in now.keys() & before.keys() if now[key] != before[key])),
        removed=tuple(sorted(before.keys() - now.keys())),
        compared=older is not None,
        problems=manifest.problems,
    )
