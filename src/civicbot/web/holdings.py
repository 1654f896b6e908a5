"""What the library holds, put together for readers: documents by topic, and who published the sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from civicbot.model import Document, DocumentKind, Language


@dataclass(frozen=True)
class Topic:
    """A topic and its documents: overviews first, then the newest."""

    name: str
    documents: tuple[Document, ...]

    @property
    def newest(self) -> date | None:
        """The newest publication date among the documents."""
        return _newest(self.documents)


@dataclass(frozen=True)
class Publisher:
    """A publisher, how many of its sources are summed up, and the newest date among them."""

    name: str
    count: int
    newest: date | None


@dataclass(frozen=True)
class Holdings:
    """The library in one language.

    Attributes:
        topics: the largest first, those without a name of their own last, in one.
        publishers: those with most sources first.
        documents: how many documents there are; one may stand under several topics.
        summaries: how many of them are our summaries of one source.
        overviews: how many are our overviews.
        newest: the newest publication date.
    """

    topics: tuple[Topic, ...]
    publishers: tuple[Publisher, ...]
    documents: int
    summaries: int
    overviews: int
    newest: date | None


def holdings_of(documents: Sequence[Document], language: Language, names: Mapping[str, str], others: str) -> Holdings:
    """Puts the documents of one language together.

    A topic is called like the overview whose entity it is; where there is none, as ``names`` says.

    Args:
        documents: the whole library.
        language: of the documents to be listed.
        names: names of topics that no overview is about.
        others: the name of the group of all documents under no named topic.
    """
    own = [document for document in documents if document.language == language]
    known = dict(names) | {
        document.entity: document.title
        for document in own
        if document.kind is DocumentKind.BRIEF and document.entity is not None
    }
    groups: dict[str, list[Document]] = defaultdict(list)
    rest: list[Document] = []
    for document in own:
        topics = _topics(document, known)
        for topic in topics:
            groups[topic].append(document)
        if not topics:
            rest.append(document)
    named = [Topic(known[key], _in_order(found)) for key, found in groups.items()]
    named.sort(key=lambda topic: (-len(topic.documents), topic.name))
    topics_and_rest = (*named, Topic(others, _in_order(rest))) if rest else tuple(named)
    return Holdings(
        topics=topics_and_rest,
        publishers=_publishers(own),
        documents=len(own),
        summaries=sum(document.kind is DocumentKind.SOURCE for document in own),
        overviews=sum(document.kind is DocumentKind.BRIEF for document in own),
        newest=_newest(own),
    )


def _topics(document: Document, known: Mapping[str, str]) -> tuple[str, ...]:
    """The topics under which a document is listed; an overview stands under its own only."""
    if document.kind is DocumentKind.BRIEF and document.entity is not None:
        return (document.entity,)
    return tuple(dict.fromkeys(topic for topic in document.topics if topic in known))


def _in_order(documents: Sequence[Document]) -> tuple[Document, ...]:
    newest_first = sorted(documents, key=lambda document: (document.published or date.min, document.id), reverse=True)
    return tuple(sorted(newest_first, key=lambda document: document.kind is not DocumentKind.BRIEF))


def _publishers(documents: Sequence[Document]) -> tuple[Publisher, ...]:
    groups: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if document.publisher:
            groups[document.publisher].append(document)
    found = [Publisher(name, len(published), _newest(published)) for name, published in groups.items()]
    return tuple(sorted(found, key=lambda publisher: (-publisher.count, publisher.name)))


def _newest(documents: Sequence[Document]) -> date | None:
    return max((document.published for document in documents if document.published is not None), default=None)
