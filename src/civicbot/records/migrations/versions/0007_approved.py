"""Approved answers, and which of them an exchange was answered with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

_TIME = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Makes the tables, and the column that older exchanges leave empty."""
    op.add_column("exchanges", sa.Column("approved", sa.Integer()))
    op.create_index("ix_exchanges_approved", "exchanges", ["approved"])
    _answers()
    _wordings()
    _events()


def _answers() -> None:
    op.create_table(
        "approved_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("proposed_version", sa.Integer()),
        sa.Column("proposed_wordings", _JSON, nullable=False),
        sa.Column("proposed_by", sa.String(128)),
        sa.Column("proposed_at", _TIME),
        sa.Column("published_by", sa.String(128)),
        sa.Column("published_at", _TIME),
        sa.Column("checked_on", sa.Date()),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("suspended", sa.String(32)),
        sa.Column("changes", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approved_answers"),
        sa.ForeignKeyConstraint(["correction_id"], ["review_corrections.id"], name="fk_approved_answers_correction_id"),
        sa.UniqueConstraint("correction_id", name="uq_approved_answers_correction_id"),
    )
    op.create_index("ix_approved_answers_state", "approved_answers", ["state"])


def _wordings() -> None:
    op.create_table(
        "approved_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approved_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_approved_wordings"),
        sa.ForeignKeyConstraint(
            ["approved_id"], ["approved_answers.id"], name="fk_approved_wordings_approved_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("language", "key", name="uq_approved_wordings_language"),
    )
    op.create_index("ix_approved_wordings_approved_id", "approved_wordings", ["approved_id"])


def _events() -> None:
    op.create_table(
        "approved_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approved_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(128)),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("changes", _JSON, nullable=False),
        sa.Column("wordings", _JSON, nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_approved_events"),
        sa.ForeignKeyConstraint(
            ["approved_id"], ["approved_answers.id"], name="fk_approved_events_approved_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_approved_events_approved_id", "approved_events", ["approved_id"])
