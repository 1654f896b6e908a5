"""Staff's work: the queue, verdicts and corrections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables."""
    _items()
    _members()
    _verdicts()
    _corrections()


def _items() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("representative", sa.String(64)),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("first_asked", _TIME, nullable=False),
        sa.Column("last_asked", _TIME, nullable=False),
        sa.Column("opened_at", _TIME),
        sa.Column("decided_at", _TIME),
        sa.Column("claimed_by", sa.String(128)),
        sa.Column("claimed_at", _TIME),
        sa.Column("claimed_until", _TIME),
        sa.Column("verdict_id", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_review_items"),
        sa.UniqueConstraint("key", name="uq_review_items_key"),
    )
    op.create_index("ix_review_items_order", "review_items", ["state", "priority", "residents"])
    op.create_table(
        "review_cursor",
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("fed_at", _TIME, nullable=False),
        sa.Column("asked_at", _TIME),
        sa.PrimaryKeyConstraint("name", name="pk_review_cursor"),
    )


def _members() -> None:
    op.create_table(
        "review_members",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("feedback_seen", sa.Integer(), nullable=False),
        sa.Column("tickets_seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name="pk_review_members"),
        _gone("review_members", "answer_id", "exchanges.answer_id", "CASCADE"),
        _gone("review_members", "item_id", "review_items.id", "CASCADE"),
    )
    op.create_index("ix_review_members_first", "review_members", ["item_id", "risk", "asked_at"])
    op.create_index("ix_review_members_residents", "review_members", ["item_id", "conversation_id"])
    op.create_table(
        "review_signals",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "reason", name="pk_review_signals"),
        _gone("review_signals", "answer_id", "review_members.answer_id", "CASCADE"),
        _gone("review_signals", "item_id", "review_items.id", "CASCADE"),
    )
    op.create_index("ix_review_signals_item", "review_signals", ["item_id", "reason"])


def _verdicts() -> None:
    op.create_table(
        "review_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer()),
        sa.Column("answer_id", sa.String(64)),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("residents", sa.Integer(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_verdicts"),
        _gone("review_verdicts", "item_id", "review_items.id", "SET NULL"),
        _gone("review_verdicts", "answer_id", "exchanges.answer_id", "SET NULL"),
    )
    for column in ("item_id", "answer_id", "verdict", "at"):
        op.create_index(f"ix_review_verdicts_{column}", "review_verdicts", [column])
    op.create_table(
        "review_verdict_notes",
        sa.Column("verdict_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_review_verdict_notes"),
        _gone("review_verdict_notes", "verdict_id", "review_verdicts.id", "CASCADE"),
        _gone("review_verdict_notes", "answer_id", "exchanges.answer_id", "CASCADE"),
    )
    op.create_index("ix_review_verdict_notes_answer_id", "review_verdict_notes", ["answer_id"])


def _corrections() -> None:
    op.create_table(
        "review_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer()),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(128), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_review_corrections"),
        _gone("review_corrections", "item_id", "review_items.id", "SET NULL"),
    )
    op.create_index("ix_review_corrections_item_id", "review_corrections", ["item_id"])
    op.create_table(
        "review_correction_versions",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("sentences", _JSON, nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("correction_id", "version", name="pk_review_correction_versions"),
        _gone("review_correction_versions", "correction_id", "review_corrections.id", "CASCADE"),
    )
    op.create_table(
        "review_correction_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_review_correction_wordings"),
        _gone("review_correction_wordings", "correction_id", "review_corrections.id", "CASCADE"),
        _gone("review_correction_wordings", "answer_id", "exchanges.answer_id", "CASCADE"),
    )
    for column in ("correction_id", "answer_id"):
        op.create_index(f"ix_review_correction_wordings_{column}", "review_correction_wordings", [column])


def _gone(table: str, column: str, target: str, then: str) -> sa.ForeignKeyConstraint:
    """A foreign key, and what becomes of the row when what it refers to is deleted."""
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete=then)
