"""The tables of the records, for SQLite and PostgreSQL alike; migrations/ makes and changes them."""

from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime
from civicbot.records.tables.residents import ConversationRow, ExchangeRow, FeedbackRow, TicketRow

__all__ = ["ANY_JSON", "Base", "ConversationRow", "ExchangeRow", "FeedbackRow", "TicketRow", "UtcDateTime"]
