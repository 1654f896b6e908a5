"""Who is asked: the assistant in this process, or a running server."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Protocol

import httpx
from pydantic import ValidationError

from civicbot.answering.assistant import Assistant
from civicbot.answering.context import Context
from civicbot.errors import EvaluationError, UnknownDocumentError
from civicbot.model import LANGUAGES, Answer, Facet, Language, Noun, Question
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration

_TRIES = 10
"""How often a server is asked again that says when it will answer."""
_LONGEST_WAIT = 120.0
"""Seconds that one such wait may take."""


class Reply(Noun):
    """An answer, and the milliseconds that it took."""

    answer: Answer
    milliseconds: float


class Opened(Noun):
    """A cited document as it opens: what an expected source may call it, and its text."""

    names: frozenset[str]
    text: str


class Understood(Noun):
    """What the pipeline took a question to ask, over all its parts, the first part first.

    Attributes:
        entities: glossary keys of projects and the like, then of people and bodies.
        topics: for each of these the key of the brief that tells of it, or its own where none does. The labels of
            question sets are mostly such: a call bot's question is labelled with the services' brief.
        facets: what of them is asked.
    """

    entities: tuple[str, ...]
    topics: tuple[str, ...]
    facets: tuple[Facet, ...]


class Answerer(Protocol):
    """Answers the questions of a set."""

    def ask(self, text: str, conversation_id: str | None) -> Reply:
        """Asks one turn of a conversation."""

    def document(self, document_id: str, language: Language) -> Opened | None:
        """A cited document, or None when it does not open."""

    def understood(self, text: str, conversation_id: str | None) -> Understood | None:
        """What a question of a conversation is taken to ask, or None when that cannot be seen from here."""


class LocalAnswerer:
    """Asks the assistant of this process.

    Args:
        assistant: the assistant.
        index: the index that it answers from.
        today: its clock.
        switches: False where nothing counts as paused.
    """

    def __init__(self, assistant: Assistant, index: LiveIndex, today: date, *, switches: bool = True) -> None:
        self._assistant = assistant
        self._switches = switches
        self._index = index
        self._today = today

    def ask(self, text: str, conversation_id: str | None) -> Reply:
        """Asks one turn of a conversation."""
        started = time.perf_counter()
        question = Question(text=text, conversation_id=conversation_id)
        answer = self._assistant.answer(question, switches=self._switches)
        return Reply(answer=answer, milliseconds=(time.perf_counter() - started) * 1000)

    def document(self, document_id: str, language: Language) -> Opened | None:
        """A cited document, or None when the library does not hold it."""
        with self._index.reader() as generation:
            try:
                document = generation.document(document_id)
            except UnknownDocumentError:
                return None
        names = _names(document_id, language) | ({document.source_id} if document.source_id else set())
        return Opened(names=names, text=document.text)

    def understood(self, text: str, conversation_id: str | None) -> Understood:
        """What the pipeline's stages up to the context take a question to ask."""
        question = Question(text=text, conversation_id=conversation_id)
        with self._index.reader() as generation:
            context = Context(question=question, generation=generation, today=self._today)
            asked = [part.asked for part in self._assistant.pipeline.until("context", context).parts]
            named = [key for each in asked for key in each.entities] + [key for each in asked for key in each.people]
            entities = tuple(dict.fromkeys(named))
            facets = dict.fromkeys(facet for each in asked for facet in each.facets)
            topics = tuple(_topic(generation, key) for key in entities)
            return Understood(entities=entities, topics=topics, facets=tuple(facets))


class RemoteAnswerer:
    """Asks a running server by its API; waits where it is told to.

    Args:
        client: an HTTP client whose base is the server.
        wait: waits for some seconds.
    """

    def __init__(self, client: httpx.Client, wait: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._wait = wait

    def ask(self, text: str, conversation_id: str | None) -> Reply:
        """Asks one turn of a conversation.

        Raises:
            EvaluationError: the server cannot be reached or gives no answer object.
        """
        body = {"question": text, "conversation_id": conversation_id}
        response, seconds = self._request("POST", "/api/v1/answers", body)
        if response.status_code != 200:
            raise EvaluationError(f"The server answers {_said(response)}")
        try:
            answer = Answer.model_validate_json(response.content)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise EvaluationError(f"The server's answer cannot be read: {field}: {first['msg']}.") from error
        return Reply(answer=answer, milliseconds=seconds * 1000)

    def document(self, document_id: str, language: Language) -> Opened | None:
        """A cited document, or None when the server does not know it.

        Raises:
            EvaluationError: the server cannot be reached or gives something else.
        """
        response, _ = self._request("GET", f"/api/v1/documents/{document_id}")
        if response.status_code == 404:
            return None
        try:
            return Opened(names=_names(document_id, language), text=response.raise_for_status().json()["text"])
        except (httpx.HTTPStatusError, ValueError, KeyError, TypeError) as error:
            raise EvaluationError(f"The document {document_id!r} cannot be read: {error!r}.") from error

    def understood(self, text: str, conversation_id: str | None) -> None:
        """Always None: a server does not tell what it took a question to ask."""
        del text, conversation_id

    def _request(
        self, method: str, path: str, body: dict[str, str | None] | None = None
    ) -> tuple[httpx.Response, float]:
        """A response and the seconds that it took, without those spent waiting for the rate limit."""
        for _ in range(_TRIES):
            started = time.perf_counter()
            try:
                response = self._client.request(method, path, json=body)
            except httpx.HTTPError as error:
                raise EvaluationError(f"The server at {self._client.base_url} cannot be asked: {error}.") from error
            seconds = time.perf_counter() - started
            if response.status_code not in (429, 503) or "retry-after" not in response.headers:
                return response, seconds
            self._wait(_seconds(response.headers["retry-after"]))
        raise EvaluationError(f"The server has refused {_TRIES} times, last with {_said(response)}")


def _topic(generation: OpenGeneration, key: str) -> str:
    """The key of the brief that tells of an entity; its own where no brief does."""
    entity = generation.glossary.entities.get(key)
    if entity is None or entity.brief is None:
        return key
    for language in LANGUAGES:
        try:
            return generation.document(f"{entity.brief}-{language}").entity or key
        except UnknownDocumentError:
            continue
    return key


def _names(document_id: str, language: Language) -> frozenset[str]:
    """A digest is called ``S012`` in sets and ``S012-ko`` in the library; other documents by their id."""
    return frozenset({document_id, document_id.removesuffix(f"-{language}")})


def _said(response: httpx.Response) -> str:
    return f"{response.status_code}: {response.text[:300]}"


def _seconds(header: str) -> float:
    """The seconds of a Retry-After header, within bounds; one that gives a date asks for a minute."""
    try:
        return min(max(float(header), 0.1), _LONGEST_WAIT)
    except ValueError:
        return 60.0
