"""Conversations, exchanges, feedback and tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the first tables."""
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_last_at", "conversations", ["last_at"])
    _exchanges()
    _feedback()
    _tickets()


def _exchanges() -> None:
    op.create_table(
        "exchanges",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("conversation_id", sa.String(64), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("standalone", sa.Text(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("answer", _JSON, nullable=False),
        sa.Column("considered", _JSON, nullable=False),
        sa.Column("versions", _JSON, nullable=False),
        sa.Column("masked", _JSON, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name="pk_exchanges"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_exchanges_conversation_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation_id", "ordinal", name="uq_exchanges_conversation_id"),
    )
    for column in ("language", "status", "confidence", "site", "asked_at"):
        op.create_index(f"ix_exchanges_{column}", "exchanges", [column])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reasons", _JSON, nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["exchanges.answer_id"], name="fk_feedback_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("reply", sa.Text()),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("updated_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_tickets"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["exchanges.answer_id"], name="fk_tickets_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_tickets_answer_id", "tickets", ["answer_id"])
    op.create_index("ix_tickets_state", "tickets", ["state"])
    still_open = sa.text("state = 'open'")
    op.create_index(
        "uq_tickets_open_answer",
        "tickets",
        ["answer_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
