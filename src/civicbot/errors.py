"""Errors that are safe to show to a person: each says what is wrong and what to do next."""

from __future__ import annotations


class CivicbotError(Exception):
    """Base of all errors whose text may be shown to residents, staff and operators.

    Args:
        message: what is wrong, one sentence, values shown with ``!r``.
        hint: what to do next, one sentence; empty when nothing can be done.
        code: a stable snake_case word for programs; it becomes ``error.code`` in the API.
    """

    code = "error"
    hint = ""

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if hint is not None:
            self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(CivicbotError):
    """A CIVICBOT_* setting has a value that cannot be used."""

    code = "settings"
    hint = "Correct the setting; README.md lists all of them."


class InvalidQuestionError(CivicbotError):
    """A question that cannot be asked as it is (empty, too long, not text)."""

    code = "invalid_question"
    hint = "Ask one question of 1 to 1,000 characters."


class PausedError(CivicbotError):
    """A switch of staff holds back what is asked for; the message is what they tell the public."""

    code = "paused"
    hint = "Try again later; documents can still be read by their id."


class UnknownConversationError(CivicbotError):
    """A follow-up names a conversation that the service does not know (any more)."""

    code = "unknown_conversation"
    hint = "Leave out conversation_id to start a new conversation."


class UnknownAnswerError(CivicbotError):
    """Feedback names an answer that the service does not know (any more)."""

    code = "unknown_answer"
    hint = "Send the id of an answer that this server gave."


class UnknownTicketError(CivicbotError):
    """No ticket has this code; messages never repeat the code, since it opens the ticket."""

    code = "unknown_ticket"
    hint = "Check the code letter by letter; tickets are deleted with the exchange they are about."


class TooManyTicketsError(CivicbotError):
    """An answer has as many open tickets as it may have."""

    code = "too_many_tickets"
    hint = "Wait until staff have answered one of them, or ask the question again and leave that one."


class UnknownSiteError(CivicbotError):
    """No enabled site of this name is registered, or not for the origin that asks."""

    code = "unknown_site"
    hint = "Check the name; `civicbot sites list` shows what is registered."


class SiteExistsError(CivicbotError):
    """A site of this name is registered already."""

    code = "site_exists"
    hint = "Choose another name, or change the site that is there."


class InvalidSiteError(CivicbotError):
    """A site cannot be registered or changed like this."""

    code = "invalid_site"
    hint = "docs/embedding.md describes what a site needs."


class RecordsUnavailableError(CivicbotError):
    """The records cannot be read or written just now; answering goes on without them."""

    code = "records_unavailable"
    hint = "Try again in a minute."


class RecordsVersionError(CivicbotError):
    """The database holds tables of a version that this program does not know."""

    code = "records_version"
    hint = "Start the newer program that wrote them, or restore a backup into another database."


class BackupError(CivicbotError):
    """A backup of the records cannot be written, read or restored."""

    code = "backup"
    hint = "Name a file that `civicbot records backup` has written."


class UnknownDocumentError(CivicbotError):
    """No document of the library has this id."""

    code = "unknown_document"
    hint = "Use a document_id from a citation of a recent answer."


class IndexMissingError(CivicbotError):
    """There is no index generation to answer from."""

    code = "index_missing"
    hint = "Run `civicbot ingest` to index the library."


class IndexDamagedError(CivicbotError):
    """An index generation does not hold what its manifest says."""

    code = "index_damaged"
    hint = "Run `civicbot ingest --rebuild` to make a new generation."


class IngestError(CivicbotError):
    """The library cannot be indexed at all (single bad files are reported as problems instead)."""

    code = "ingest"


class EmbedderError(CivicbotError):
    """The embedding model cannot be loaded or is not the one that was pinned."""

    code = "embedder"
    hint = "Check CIVICBOT_EMBEDDER, or run `make run` again to repair the installed packages."


class QuestionSetError(CivicbotError):
    """A question set is not there, or has a line that cannot be used."""

    code = "question_set"
    hint = "evals/README.md describes the format."


class EvaluationError(CivicbotError):
    """A question set cannot be asked, or its report cannot be written."""

    code = "evaluation"
    hint = "Check the address and that the server is running."


class BenchmarkError(CivicbotError):
    """A benchmark's file is not there, or has a line that cannot be used."""

    code = "benchmark"
    hint = "docs/evaluation.md describes the files; they are JSON lines, plain or gzip'd."
