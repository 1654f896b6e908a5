"""The chat model behind ``CIVICBOT_LLM``: one call at a time as a stream of text, within its time limits."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from civicbot.answering.model.failures import Failure, ModelFailedError, failure_of
from civicbot.answering.model.http import LimitedClient
from civicbot.errors import SettingsError
from civicbot.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

SEED = 20261122
_OPENAI = "https://api.openai.com/v1"
_OPTIONAL = ("seed", "temperature")
"""What some servers refuse to be told; the call is made again without it."""
_CHARACTERS_PER_TOKEN = 8
"""More characters than this for each token that was allowed come from a server that knows no limit."""


@dataclass(frozen=True)
class Message:
    """One message of a prompt; ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    text: str


@dataclass
class Usage:
    """Tokens of one call; estimated where the server does not tell.

    Attributes:
        told: whether the server told.
        finished: why the model stopped, as the server puts it; empty when it did not say.
    """

    sent: int = 0
    received: int = 0
    told: bool = False
    finished: str = ""


@dataclass(frozen=True)
class Limits:
    """How long one call may take: seconds to the first words and between words, and a moment at which it is over.

    Attributes:
        until: on :func:`time.monotonic`'s clock.
        tokens: that may be received.
    """

    first: float
    until: float
    tokens: int


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, rather too many: a Korean syllable is one, and so are three Latin letters."""
    return -(-len(text.encode("utf-8", "replace")) // 3)


class ChatClient:
    """Talks to the language model; thread-safe.

    At most ``CIVICBOT_LLM_CONCURRENCY`` calls are open at a time, those included whose reader has gone.

    Args:
        settings: the settings, with a language model.

    Raises:
        SettingsError: no such provider, or its package is not installed.
    """

    def __init__(self, settings: Settings) -> None:
        if settings.llm is None:
            raise SettingsError("CIVICBOT_LLM is not set.")
        self.name = settings.llm.partition(":")[2]
        self._settings = settings
        self._slots = threading.BoundedSemaphore(settings.llm_concurrency)
        self._lock = threading.Lock()
        self._refused: frozenset[str] = frozenset()
        self._models: dict[tuple[int, frozenset[str]], BaseChatModel] = {}
        self._http = LimitedClient(settings.llm_connect_seconds, settings.llm_first_token_seconds)
        self._model(tokens=1)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def stream(self, messages: Sequence[Message], limits: Limits, usage: Usage) -> Generator[str, None, None]:
        """The text of an answer as it comes.

        Args:
            messages: the prompt.
            limits: of this call.
            usage: filled with the tokens used, also when the call fails or is given up.

        Raises:
            ModelFailedError: while it is iterated; no place is free, or the call came to nothing.
        """
        usage.sent = sum(estimated_tokens(message.text) for message in messages)
        try:
            yield from self._attempt(messages, limits, usage)
        except ModelFailedError as error:
            refused = self._refused_by(error)
            if refused is None:
                raise
            with self._lock:
                self._refused |= {refused}
            yield from self._attempt(messages, limits, usage)

    def _attempt(self, messages: Sequence[Message], limits: Limits, usage: Usage) -> Iterator[str]:
        if not self._slots.acquire(timeout=max(0.0, min(limits.first, limits.until - time.monotonic()))):
            raise ModelFailedError(Failure.BUSY)
        call = _Call(self._model(limits.tokens), messages, limits, self._slots.release)
        with closing(call):
            yield from call.pieces(usage)

    def _refused_by(self, error: ModelFailedError) -> str | None:
        """The setting that a server will not be told, where that is why it refused the call."""
        told = str(error.__cause__).lower() if error.failure is Failure.REJECTED else ""
        return next((name for name in _OPTIONAL if name in told and name not in self._refused), None)

    def _model(self, tokens: int) -> BaseChatModel:
        with self._lock:
            key = (tokens, self._refused)
            if key not in self._models:
                # Few token limits are ever asked for; still nothing may grow without end.
                if len(self._models) > 16:
                    self._models.clear()
                self._models[key] = _chat_model(self._settings, tokens, self._refused, self._http)
            return self._models[key]


def _chat_model(settings: Settings, tokens: int, refused: frozenset[str], http: LimitedClient) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    name = settings.llm or ""
    # Retries would outlast the time limits, and the breaker knows better when to ask again.
    options: dict[str, Any] = {"max_retries": 0, "temperature": 0, "timeout": settings.llm_total_seconds}
    if settings.llm_api_key is not None:
        options["api_key"] = settings.llm_api_key.get_secret_value()
    if settings.llm_base_url is not None:
        options["base_url"] = settings.llm_base_url
    if name.startswith("openai:"):
        options |= _openai_options(settings, tokens, http)
    else:
        options["max_tokens"] = tokens
    for each in refused:
        options.pop(each, None)
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError:
        provider = name.partition(":")[0]
        raise SettingsError(
            f"CIVICBOT_LLM={name!r} needs a package of LangChain that is not installed.",
            hint=f"Install the package for the provider {provider!r}, or use openai:NAME with CIVICBOT_LLM_BASE_URL.",
        ) from None
    except ValueError as error:
        # The error may repeat every option that it was given, and the key is one of them.
        raise SettingsError(
            f"CIVICBOT_LLM={name!r} cannot be used ({type(error).__name__}).",
            hint="Write provider:name with a provider of LangChain's init_chat_model; openai:NAME fits most servers.",
        ) from None
    return model


def _openai_options(settings: Settings, tokens: int, http: LimitedClient) -> dict[str, Any]:
    """What OpenAI's interface takes; everything is said outright, so that nothing is read from OPENAI_* variables."""
    own = settings.llm_base_url is not None
    options: dict[str, Any] = {
        "base_url": settings.llm_base_url or _OPENAI,
        # A server of one's own mostly wants no key, and must not be sent one that was meant for somebody else.
        "api_key": settings.llm_api_key.get_secret_value() if settings.llm_api_key is not None else "none",
        "seed": SEED,
        "use_responses_api": False,
        "stream_usage": not own,
        "http_client": http.client,
        "timeout": http.timeout,
    }
    # LangChain says max_completion_tokens, which only OpenAI's own server is sure to know.
    return options | ({"extra_body": {"max_tokens": tokens}} if own else {"max_tokens": tokens})


class _Call:
    """One call in a thread of its own, so that whoever waits for it waits no longer than they want to."""

    def __init__(
        self, model: BaseChatModel, messages: Sequence[Message], limits: Limits, done: Callable[[], None]
    ) -> None:
        self._model = model
        self._messages = [(message.role, message.text) for message in messages]
        self._limits = limits
        self._done = done
        self._given_up = threading.Event()
        self._pieces: queue.SimpleQueue[AIMessageChunk | Exception | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="language-model", daemon=True).start()

    def close(self) -> None:
        """Gives the call up; its thread ends with the next bytes, or with the limit on their coming."""
        self._given_up.set()

    def pieces(self, usage: Usage) -> Iterator[str]:
        """The pieces of text.

        Raises:
            ModelFailedError: it failed, or did not keep its limits.
        """
        characters, most = 0, self._limits.tokens * _CHARACTERS_PER_TOKEN
        begun = False
        for chunk in self._chunks():
            text = _text(chunk)
            _note(chunk, usage)
            if not text:
                continue
            begun = True
            characters += len(text)
            usage.received += 0 if usage.told else estimated_tokens(text)
            if characters > most:
                raise ModelFailedError(Failure.RUNAWAY)
            yield text
        if not begun and usage.finished in ("content_filter", "refusal"):
            raise ModelFailedError(Failure.REFUSED)

    def _chunks(self) -> Iterator[AIMessageChunk]:
        begun = False
        while True:
            left = self._limits.until - time.monotonic()
            try:
                piece = self._pieces.get(timeout=max(0.0, min(left, self._limits.first)))
            except queue.Empty:
                late = Failure.TOTAL if left <= self._limits.first else None
                raise ModelFailedError(late or (Failure.STALL if begun else Failure.FIRST_TOKEN)) from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise failure_of(piece, begun=begun) from piece
            begun = begun or bool(_text(piece))
            yield piece
            if self._limits.until <= time.monotonic():
                raise ModelFailedError(Failure.TOTAL)

    def _run(self) -> None:
        from langsmith.run_helpers import tracing_context

        from civicbot.answering.model.http import limited

        try:
            # Whatever LANGSMITH_* says: questions go to no third party.
            with tracing_context(enabled=False), limited(self._given_up, self._limits.until):
                for chunk in self._model.stream(self._messages):
                    if self._given_up.is_set():
                        break
                    self._pieces.put(chunk)
            self._pieces.put(None)
        except Exception as error:  # noqa: BLE001 - the thread's outermost boundary: whoever waits is told
            self._pieces.put(error)
        finally:
            self._done()


def _text(chunk: AIMessageChunk) -> str:
    return chunk.text if isinstance(chunk.content, str | list) else ""


def _note(chunk: AIMessageChunk, usage: Usage) -> None:
    reason = chunk.response_metadata.get("finish_reason") or chunk.response_metadata.get("stop_reason")
    usage.finished = str(reason) if reason else usage.finished
    if chunk.additional_kwargs.get("refusal"):
        usage.finished = "refusal"
    told = chunk.usage_metadata
    if told is not None and told["input_tokens"] + told["output_tokens"] > 0:
        usage.sent, usage.received, usage.told = told["input_tokens"], told["output_tokens"], True
