"""What can go wrong with a language model; all of it is normal, and none of it reaches a resident."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from enum import StrEnum

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 600.0
"""Seconds for which a server may ask to be left alone; one that asks for more is tried again all the same."""
_STATUS_OF_LIMIT, _STATUS_OF_SERVER = 429, 500


class Failure(StrEnum):
    """Why an answer is not the language model's; docs/operations.md says what an operator does about each."""

    CONNECT = "connect"
    FIRST_TOKEN = "first_token"
    STALL = "stall"
    TOTAL = "total"
    RATE_LIMITED = "rate_limited"
    SERVER = "server"
    KEY = "key"
    REJECTED = "rejected"
    CUT = "cut"
    UNREADABLE = "unreadable"
    EMPTY = "empty"
    REFUSED = "refused"
    DECLINED = "declined"
    RUNAWAY = "runaway"
    NO_POINT = "no_point"
    BUSY = "busy"
    CIRCUIT = "circuit"
    QUESTION_BUDGET = "question_budget"
    DAY_BUDGET = "day_budget"
    UNEXPECTED = "unexpected"


OF_THE_SERVER = frozenset(
    {
        Failure.CONNECT,
        Failure.FIRST_TOKEN,
        Failure.STALL,
        Failure.TOTAL,
        Failure.RATE_LIMITED,
        Failure.SERVER,
        Failure.KEY,
        Failure.REJECTED,
        Failure.CUT,
        Failure.UNEXPECTED,
    }
)
"""Failures that say something about the server, and so count for the circuit breaker; the others are the model's."""


class ModelFailedError(Exception):
    """A call of the language model came to nothing; it never leaves :mod:`civicbot.answering.model`.

    Args:
        failure: what happened.
        status: of HTTP, where there was a response.
        retry_after: seconds for which the server wants to be left alone.
        detail: the type of what was raised, for the log.
    """

    def __init__(
        self, failure: Failure, *, status: int | None = None, retry_after: float | None = None, detail: str = ""
    ) -> None:
        super().__init__(failure.value)
        self.failure = failure
        self.status = status
        self.retry_after = retry_after
        self.detail = detail


def boundary(error: Exception) -> ModelFailedError:
    """What ends the work of the model for one question: nothing that happens there may keep it from being answered."""
    if isinstance(error, ModelFailedError):
        return error
    logger.error("model_broke", exc_info=error)
    return ModelFailedError(Failure.UNEXPECTED, detail=type(error).__name__)


def log_failure(error: ModelFailedError, *, told: int, seconds: float) -> None:
    """Writes the one line that a failure leaves in the log.

    Args:
        error: what happened.
        told: how many of the model's sentences had been shown.
        seconds: spent on the model.
    """
    fields = {
        "failure": error.failure.value,
        "status": error.status or "-",
        "detail": error.detail or "-",
        "told": told,
        "seconds": f"{seconds:.3f}",
    }
    logger.warning("model_failed", extra={"fields": fields})


def failure_of(error: Exception, *, begun: bool) -> ModelFailedError:
    """What an error of a provider's package means.

    Args:
        error: as LangChain lets it through: a :class:`langchain_core.exceptions.ModelError` for what providers
            report, or whatever breaks a stream.
        begun: whether words had come before it.
    """
    status = _status(error)
    detail = type(error).__name__
    if status is None:
        return ModelFailedError(_by_kind(error, begun=begun), detail=detail)
    retry_after = _retry_after(getattr(getattr(error, "response", None), "headers", {}))
    return ModelFailedError(_by_status(status), status=status, retry_after=retry_after, detail=detail)


def _by_kind(error: Exception, *, begun: bool) -> Failure:
    """What an error means that came without a status, by the names of what it is and of what led to it."""
    kinds, led = {each.__name__ for each in type(error).__mro__}, {each.__name__ for each in _causes(error)}
    if kinds & {"ModelTimeoutError", "TimeoutException"}:
        if led & {"ConnectTimeout", "PoolTimeout"}:
            return Failure.CONNECT
        return Failure.STALL if begun else Failure.FIRST_TOKEN
    if begun:
        return Failure.CUT
    if kinds & {"ModelConnectionError", "TransportError"}:
        return Failure.CUT if led & {"RemoteProtocolError", "ReadError"} else Failure.CONNECT
    if isinstance(error, ValueError) and str(error).startswith("No generation"):
        # LangChain's word for a response without a single event, such as a page of HTML.
        return Failure.EMPTY
    return Failure.SERVER if kinds & {"ModelError", "APIError", "JSONDecodeError"} else Failure.UNEXPECTED


def _by_status(status: int) -> Failure:
    if status == _STATUS_OF_LIMIT:
        return Failure.RATE_LIMITED
    if status >= _STATUS_OF_SERVER:
        return Failure.SERVER
    return Failure.KEY if status in (401, 403) else Failure.REJECTED


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _causes(error: BaseException) -> list[type[BaseException]]:
    """The types of an error and of those that led to it, with what these are kinds of."""
    types: list[type[BaseException]] = []
    seen: BaseException | None = error
    while seen is not None and len(types) < 60:
        types += [each for each in type(seen).__mro__ if issubclass(each, BaseException)]
        seen = seen.__cause__ or seen.__context__
    return types


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, bounded; None where there is none that can be read."""
    text = str(headers.get("retry-after", "")).strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
        from datetime import UTC, datetime

        seconds = (when - datetime.now(when.tzinfo or UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_WAIT)
