"""Every name of a brief's sentence stands in the digest sentence that carries it, and its first footnote carries it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from civicbot.language.glossary import Glossary
from civicbot.library.checks.papers import Paper, Written, shown
from civicbot.library.problems import Problem
from civicbot.library.shelf import Shelf
from civicbot.model import Document, DocumentKind, Language, Support

# What a citation would be wrong about if it spoke of another one. Laws and events are told in too many ways.
NAMED = frozenset({"person", "body", "company", "place", "project", "programme", "facility", "school"})


def check_support(papers: Iterable[Paper], shelf: Shelf, glossary: Glossary) -> Iterator[Problem]:
    """Checks the links that ingest made from brief sentences to digest sentences.

    That a link holds all figures and dates is ingest's own rule, which reports a sentence without any link.

    Args:
        papers: all digests and briefs.
        shelf: the documents with their links.
        glossary: the names to look for.
    """
    names = _Names(glossary, {document.id: document for document, _ in shelf.documents})
    links = _links(shelf)
    for paper in papers:
        if paper.document.kind is DocumentKind.BRIEF:
            for sentence in paper.sentences:
                # What ingest left out it has reported.
                supports = links.get((paper.document.id, sentence.text), ())
                if supports:
                    yield from _sentence(paper, sentence, supports, names)


def _links(shelf: Shelf) -> Mapping[tuple[str, str], tuple[Support, ...]]:
    return {
        (document.id, statement.text): statement.supports
        for document, passages in shelf.documents
        if document.kind is DocumentKind.BRIEF
        for passage in passages
        for statement in passage.statements
    }


def _sentence(paper: Paper, sentence: Written, supports: tuple[Support, ...], names: _Names) -> Iterator[Problem]:
    language = paper.document.language
    carried = {support.document_id.removesuffix(f"-{language}") for support in supports}
    if sentence.references[0] not in carried:
        message = (
            f"The digest named first, {sentence.references[0]}, has no single sentence with all figures and enough "
            f"words of {shown(sentence.text)}; {', '.join(sorted(carried))} has."
        )
        yield paper.problem(message, field="footnote", line=sentence.line)
    missing = names.missing(sentence.text, supports, language, paper.document.entity)
    if missing:
        message = (
            f"Not named in what {', '.join(sorted(carried))} says: {', '.join(missing)}. The sentence is "
            f"{shown(sentence.text)}, the quote {shown(supports[0].quote)}."
        )
        yield paper.problem(message, field="footnote", line=sentence.line)


class _Names:
    """Which names of a sentence a quote lacks."""

    def __init__(self, glossary: Glossary, documents: Mapping[str, Document]) -> None:
        self._glossary = glossary
        self._documents = documents

    def missing(
        self, sentence: str, supports: tuple[Support, ...], language: Language, entity: str | None
    ) -> list[str]:
        """The names of the sentence that no quote behind it, no quoted digest's title and no publisher's name holds.

        Args:
            sentence: the brief's sentence.
            supports: the quotes.
            language: the language of all of them.
            entity: the brief's own entity, which a digest may call by a shorter name.
        """
        wanted = self._named(sentence) - {entity}
        if not wanted:
            return []
        documents = [self._documents[support.document_id] for support in supports]
        shown = "\n".join(
            [
                *(support.quote for support in supports),
                *(document.title for document in documents),
                *(document.publisher or "" for document in documents),
            ]
        )
        missing = (self._glossary.entities[key].names(language) for key in wanted - self._named(shown))
        # A name inside a longer one ("Gwangju" in "mayor of Gwangju") is no mention of its own, but it is there.
        return sorted(names.name for names in missing if not any(_stands(name, shown) for name in names.all))

    def _named(self, text: str) -> set[str]:
        keys = {mention.key for mention in self._glossary.mentions(text)}
        return {key for key in keys if self._glossary.entities[key].kind in NAMED}


def _stands(name: str, text: str) -> bool:
    """Whether a name occurs in a text, written with or without its blanks; a Latin one as whole words."""
    letters = r"[\s\-–·]*".join(map(re.escape, re.sub(r"[\s\-–·]+", "", name)))
    return re.search(rf"(?<![A-Za-z0-9]){letters}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None
