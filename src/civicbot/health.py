"""What an operator must know: one list of checks, read by `civicbot doctor` and by `/readyz`."""

from __future__ import annotations

import socket
import sys
from importlib import metadata
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from civicbot.answering.model.failures import Failure, ModelFailedError
from civicbot.answering.model.opening import LanguageModel, open_model
from civicbot.errors import CivicbotError
from civicbot.generation import index_folder, live_generation
from civicbot.language.embedding import fingerprint, load_embedder
from civicbot.model import Noun
from civicbot.records.database import error_name, open_database
from civicbot.records.resilient import ResilientRecords
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings

_ADVICE = {
    Failure.CONNECT: "Check CIVICBOT_LLM_BASE_URL, and that the server runs and can be reached from here.",
    Failure.KEY: "Check CIVICBOT_LLM_API_KEY.",
    Failure.REJECTED: "Check the name in CIVICBOT_LLM, and how CIVICBOT_LLM_BASE_URL ends (mostly /v1).",
    Failure.FIRST_TOKEN: "Try again, since models load at first use; or raise CIVICBOT_LLM_FIRST_TOKEN_SECONDS.",
    Failure.RATE_LIMITED: "The provider's limit is reached; wait, or raise it there.",
    Failure.DAY_BUDGET: "CIVICBOT_LLM_TOKENS_PER_DAY is used up; it begins anew at midnight.",
}

PACKAGES = (
    "langchain",
    "langchain-chroma",
    "langchain-openai",
    "chromadb",
    "sentence-transformers",
    "torch",
    "gradio",
    "fastapi",
    "kiwipiepy",
    "bm25s",
)


class Check(Noun):
    """The outcome of one check.

    Attributes:
        name: short, stable (``index``, ``contact``, …).
        state: ``ok``; ``warning`` (works, but somebody should look); ``waiting`` (not yet); ``failed`` (cannot answer).
        message: what was found.
        hint: what to do, empty when nothing is to be done.
    """

    name: str
    state: Literal["ok", "warning", "waiting", "failed"]
    message: str
    hint: str = ""


def standing_checks(settings: Settings) -> list[Check]:
    """Checks that need nothing opened."""
    if settings.contact:
        return [Check(name="contact", state="ok", message="Non-answers name a human contact.")]
    return [
        Check(
            name="contact",
            state="warning",
            message="No human contact is set; non-answers name none.",
            hint="Set CIVICBOT_CONTACT to a phone number or address that answers.",
        )
    ]


def index_check(index: LiveIndex) -> Check:
    """Whether the live index is open, and whether a newer generation was refused."""
    problem = index.problem
    try:
        with index.reader() as generation:
            name, passages = generation.name, len(generation.passages)
    except CivicbotError as error:
        if problem is None:
            return Check(name="index", state="waiting", message="The library is being opened.")
        return Check(name="index", state="failed", message=error.message, hint=error.hint)
    if problem is not None:
        return Check(
            name="index",
            state="warning",
            message=f"{name} serves; a newer one was refused: {problem.message}",
            hint=problem.hint,
        )
    return Check(name="index", state="ok", message=f"{name} serves {passages:,} passages.")


def records_check(records: ResilientRecords) -> Check:
    """Whether exchanges are stored."""
    problem = records.problem
    if problem is None:
        return Check(name="records", state="ok", message=f"Exchanges are stored in {records.kind}.")
    return Check(
        name="records",
        state="warning",
        message=f"Exchanges are not stored ({problem}); answers go on, and {records.waiting:,} wait to be written.",
        hint="Run `civicbot records status` beside the server; it says what is wrong.",
    )


def language_model_check(model: LanguageModel) -> Check:
    """Whether the language model writes, or is left alone for a while."""
    problem = model.problem
    if problem is None:
        return Check(name="llm", state="ok", message=f"The language model {model.name!r} writes answers.")
    return Check(
        name="llm",
        state="warning",
        message=f"The language model {model.name!r} is left alone for a while ({problem.value}); sentences of the "
        "library answer.",
        hint="Run `civicbot doctor`; docs/language-models.md tells what each failure means.",
    )


def doctor_checks(settings: Settings) -> list[Check]:
    """Everything that must be right before the service starts, each tried for real; takes seconds."""
    return [
        _python(),
        _packages(),
        _model(settings),
        *_language_model(settings),
        _index(settings),
        _records(settings),
        _port(settings),
        *standing_checks(settings),
    ]


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] == (3, 11):
        return Check(name="python", state="ok", message=f"Python {version}.")
    return Check(name="python", state="failed", message=f"Python {version} is not 3.11.", hint="Use Python 3.11.")


def _packages() -> Check:
    absent = []
    for package in PACKAGES:
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            absent.append(package)
    if absent:
        return Check(
            name="packages", state="failed", message=f"Not installed: {', '.join(absent)}.", hint="Run `make run`."
        )
    return Check(name="packages", state="ok", message=f"{len(PACKAGES)} main packages are installed.")


def _model(settings: Settings) -> Check:
    try:
        embedder = load_embedder(settings.embedder)
    except CivicbotError as error:
        return Check(name="model", state="failed", message=error.message, hint=error.hint)
    return Check(
        name="model",
        state="ok",
        message=f"The embedding model {embedder.name!r} gives {embedder.dimensions} dimensions.",
    )


def _language_model(settings: Settings) -> list[Check]:
    """Asks the language model for one word, where there is one: nothing less shows that key and name are right."""
    if settings.llm is None:
        return []
    try:
        model = open_model(settings)
    except CivicbotError as error:
        return [Check(name="llm", state="failed", message=error.message, hint=error.hint)]
    if model is None:
        return []
    try:
        model.ask()
    except ModelFailedError as error:
        told = f"{error.failure.value}, status {error.status}" if error.status else error.failure.value
        return [
            Check(
                name="llm",
                state="warning",
                message=f"The language model {settings.llm!r} does not answer ({told}); sentences of the library do.",
                hint=_ADVICE.get(error.failure, "docs/language-models.md tells what each failure means."),
            )
        ]
    finally:
        model.close()
    return [Check(name="llm", state="ok", message=f"The language model {settings.llm!r} answers.")]


def _index(settings: Settings) -> Check:
    folder = index_folder(settings.data)
    loader = EmbedderLoader(lambda: load_embedder(settings.embedder), patient=True)
    try:
        _, manifest = live_generation(folder)
        with OpenGeneration(folder, manifest.name, loader) as generation:
            passages = len(generation.passages)
    except CivicbotError as error:
        return Check(name="index", state="failed", message=error.message, hint=error.hint)
    if manifest.embedder.fingerprint != fingerprint(settings.embedder):
        return Check(
            name="index",
            state="warning",
            message=f"{manifest.name} was made with another embedding model.",
            hint="Run `civicbot ingest`.",
        )
    if manifest.problems:
        return Check(
            name="index",
            state="warning",
            message=f"{manifest.name} is whole; {len(manifest.problems)} problems in the library's files.",
            hint="Run `civicbot ingest` to see them.",
        )
    return Check(name="index", state="ok", message=f"{manifest.name} is whole: {passages:,} passages.")


def _records(settings: Settings) -> Check:
    hint = "Answers go on without records. Check CIVICBOT_DATABASE_URL, or the data folder and its free space."
    try:
        database = open_database(settings)
    except CivicbotError as error:
        return Check(name="records", state="failed", message=error.message, hint=error.hint)
    if database.absent:
        return Check(name="records", state="ok", message="No records yet; the server's first start makes them.")
    try:
        database.check()
    except CivicbotError as error:
        return Check(name="records", state="warning", message=error.message, hint=error.hint)
    except SQLAlchemyError as error:
        found = f"The records cannot be used ({error_name(error)})."
        return Check(name="records", state="warning", message=found, hint=hint)
    finally:
        database.close()
    return Check(name="records", state="ok", message=f"The records can be read and written ({database.where}).")


def _port(settings: Settings) -> Check:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return Check(
            name="port",
            state="warning",
            message=f"{settings.host}:{settings.port} cannot be used: {error.strerror}.",
            hint="The service may be running already; or set CIVICBOT_HOST and CIVICBOT_PORT to a free address.",
        )
    return Check(name="port", state="ok", message=f"{settings.host}:{settings.port} is free.")
