"""The tables of the records, for SQLite and PostgreSQL alike; migrations/ makes and changes them."""

from civicbot.records.tables.approved import ApprovedEventRow, ApprovedRow, ApprovedWordingRow
from civicbot.records.tables.base import ANY_JSON, Base, UtcDateTime
from civicbot.records.tables.briefs import BriefEditFileRow, BriefEditRow
from civicbot.records.tables.facts import CitationRow, FactRow, TopicRow
from civicbot.records.tables.residents import ConversationRow, ExchangeRow, FeedbackRow, TicketRow
from civicbot.records.tables.review import (
    CorrectionRow,
    CorrectionVersionRow,
    CorrectionWordingRow,
    CursorRow,
    ItemRow,
    MemberRow,
    SignalRow,
    VerdictNoteRow,
    VerdictRow,
)
from civicbot.records.tables.sites import SiteRow
from civicbot.records.tables.staff import AuditHeadRow, AuditRow, FlowRow, LockoutRow, SessionRow, UserRow
from civicbot.records.tables.switches import CannedRow, SwitchRow
from civicbot.records.tables.updates import LibraryUpdateCaseRow, LibraryUpdateRow
from civicbot.records.tables.verified import VerifiedFailureRow, VerifiedRunRow

__all__ = [
    "ANY_JSON",
    "ApprovedEventRow",
    "ApprovedRow",
    "ApprovedWordingRow",
    "AuditHeadRow",
    "AuditRow",
    "Base",
    "BriefEditFileRow",
    "BriefEditRow",
    "CannedRow",
    "CitationRow",
    "ConversationRow",
    "CorrectionRow",
    "CorrectionVersionRow",
    "CorrectionWordingRow",
    "CursorRow",
    "ExchangeRow",
    "FactRow",
    "FeedbackRow",
    "FlowRow",
    "ItemRow",
    "LibraryUpdateCaseRow",
    "LibraryUpdateRow",
    "LockoutRow",
    "MemberRow",
    "SessionRow",
    "SignalRow",
    "SiteRow",
    "SwitchRow",
    "TicketRow",
    "TopicRow",
    "UserRow",
    "UtcDateTime",
    "VerdictNoteRow",
    "VerdictRow",
    "VerifiedFailureRow",
    "VerifiedRunRow",
]
