"""The tools: what each takes and gives, and what they do over the same service as the pages and the JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from civicbot.answering.findings import Findings
from civicbot.errors import CivicbotError
from civicbot.model import Answer, Question
from civicbot.site import Site
from civicbot.web.asking import Desk
from civicbot.web.errors import ErrorDetail, RateLimitedError, error_body, field_error, unexpected
from civicbot.web.limits import Limits, counting
from civicbot.web.mcp.bodies import DocumentPart, DocumentRequest, SearchBody
from civicbot.web.mcp.texts import ToolName
from civicbot.web.metrics import Metrics
from civicbot.web.ports import ServicePort
from civicbot.web.schemas import QuestionBody

NAMES: tuple[ToolName, ...] = get_args(ToolName)
TAKES: dict[ToolName, type[BaseModel]] = {
    "ask": QuestionBody,
    "search_library": SearchBody,
    "get_document": DocumentRequest,
}
GIVES: dict[ToolName, type[BaseModel]] = {"ask": Answer, "search_library": Findings, "get_document": DocumentPart}

_Body = TypeVar("_Body", bound=BaseModel)


@dataclass(frozen=True)
class ToolCaller:
    """Who calls a tool.

    Attributes:
        client: the address that is limited; one and the same for everybody who has a process of their own.
        site: the registered site that the call is made for.
    """

    client: str = "local"
    site: Site | None = None


class Refusal(Exception):  # noqa: N818 - it carries an error, and is none of its own
    """A call came to nothing; the caller is told why, and what to do next."""

    def __init__(self, detail: ErrorDetail) -> None:
        super().__init__(detail.code)
        self.detail = detail


class Tools:
    """Runs the tools; blocking and thread-safe.

    Args:
        service: what answers.
        desk: takes questions to the assistant.
        limits: how often a client may call.
        metrics: counts the calls.
    """

    def __init__(self, service: ServicePort, desk: Desk, limits: Limits, metrics: Metrics) -> None:
        self._service = service
        self._desk = desk
        self._limits = limits
        self._metrics = metrics
        self._runs = {"ask": self._ask, "search_library": self._search, "get_document": self._document}

    def run(self, name: ToolName, arguments: Mapping[str, Any], caller: ToolCaller) -> BaseModel:
        """Runs a tool; what it gives is of the type that :data:`GIVES` names.

        Raises:
            Refusal: it comes to nothing; the text may be shown.
        """
        try:
            given = self._runs[name](arguments, caller)
        except CivicbotError as error:
            raise self._refused(name, _told(error)) from error
        except Refusal as refusal:
            raise self._refused(name, refusal.detail) from refusal
        except Exception as error:  # the outermost boundary: a tool's caller is told an id, and nothing of the inside
            raise self._refused(name, unexpected(error, "mcp").error) from error
        self._metrics.tool_called(name, "ok")
        return given

    def _refused(self, name: ToolName, detail: ErrorDetail) -> Refusal:
        self._metrics.tool_called(name, detail.code)
        return Refusal(detail)

    def _ask(self, arguments: Mapping[str, Any], caller: ToolCaller) -> Answer:
        body = _read(QuestionBody, arguments)
        self._limits.asked(caller.client, caller.site, self._metrics)
        return self._desk.answer(
            Question(
                text=body.question,
                language=body.language,
                conversation_id=body.conversation_id,
                channel="mcp",
                site=caller.site.name if caller.site else None,
            )
        )

    def _search(self, arguments: Mapping[str, Any], caller: ToolCaller) -> Findings:
        body = _read(SearchBody, arguments)
        # A search is nearly as much work as an answer, and leads to the same passages.
        self._limits.asked(caller.client, caller.site, self._metrics)
        site = caller.site.name if caller.site else None
        question = Question(text=body.query, language=body.language, channel="mcp", site=site)
        return self._service.search(question, body.limit)

    def _document(self, arguments: Mapping[str, Any], caller: ToolCaller) -> DocumentPart:
        body = _read(DocumentRequest, arguments)
        with counting("rate", self._metrics):
            self._limits.moving.hit(caller.client)
        return DocumentPart.part_of(self._service.document(body.document_id), body.offset, body.length)


def _read(body: type[_Body], arguments: Mapping[str, Any]) -> _Body:
    try:
        return body.model_validate(arguments)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        raise Refusal(field_error(first, first["loc"], "the tool's input schema")) from None


def _told(error: CivicbotError) -> ErrorDetail:
    detail = error_body(error).error
    if isinstance(error, RateLimitedError):
        # There is no header here to read the seconds in.
        return detail.model_copy(update={"hint": f"Wait {error.retry_after} seconds, then try again."})
    return detail
