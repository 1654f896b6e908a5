"""From the nouns to the rows of the tables, and back."""

from __future__ import annotations

from typing import Any

from civicbot.model import Exchange, Feedback, Noun, Ticket
from civicbot.records.tables import ExchangeRow, FeedbackRow, TicketRow


class EarlierTurn(Noun):
    """What a follow-up needs to know of an earlier exchange."""

    question: str
    standalone: str


def conversation_values(exchange: Exchange) -> dict[str, Any]:
    """The columns of a conversation that begins with an exchange."""
    return {
        "id": exchange.answer.conversation_id,
        "created_at": exchange.asked_at,
        "last_at": exchange.asked_at,
        "language": exchange.answer.language,
        "channel": exchange.channel,
        "site": exchange.site,
        "turns": 1,
    }


def exchange_values(exchange: Exchange) -> dict[str, Any]:
    """The columns of an exchange but its ordinal."""
    answer = exchange.answer
    return {
        "answer_id": answer.id,
        "conversation_id": answer.conversation_id,
        "question": exchange.question,
        "standalone": exchange.standalone,
        "language": answer.language,
        "status": answer.status.value,
        "confidence": answer.confidence,
        "answer": answer.model_dump(mode="json"),
        "considered": [each.model_dump(mode="json") for each in exchange.considered],
        "versions": answer.versions.model_dump(mode="json"),
        "masked": list(exchange.masked),
        "channel": exchange.channel,
        "site": exchange.site,
        "seconds": exchange.seconds,
        "asked_at": exchange.asked_at,
        "approved": exchange.approved,
        "work": exchange.work.model_dump(mode="json") if exchange.work is not None else None,
    }


def exchange_of(row: ExchangeRow) -> Exchange:
    """The exchange in a row."""
    return Exchange.model_validate(
        {
            "question": row.question,
            "standalone": row.standalone,
            "answer": row.answer,
            "considered": row.considered,
            "asked_at": row.asked_at,
            "seconds": row.seconds,
            "channel": row.channel,
            "site": row.site,
            "masked": row.masked,
            "approved": row.approved,
            "work": row.work,
        }
    )


def feedback_of(row: FeedbackRow) -> Feedback:
    """The feedback in a row."""
    return Feedback(helpful=row.helpful, reasons=tuple(row.reasons), comment=row.comment)


def ticket_of(row: TicketRow, exchange: ExchangeRow) -> Ticket:
    """The ticket in a row, with the question of its exchange."""
    return Ticket.model_validate(
        {
            "code": row.code,
            "state": row.state,
            "language": exchange.language,
            "question": exchange.question,
            "message": row.message,
            "reply": row.reply,
            "answer_id": row.answer_id,
            "opened_at": row.opened_at,
            "updated_at": row.updated_at,
        }
    )


def storable(text: str) -> str:
    """A text without what PostgreSQL or UTF-8 cannot hold: the character NUL and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
