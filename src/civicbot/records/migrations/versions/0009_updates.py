"""Library updates and what they would change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "library_updates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("slot", sa.String(16)),
        sa.Column("base", sa.Text()),
        sa.Column("generation", sa.Text()),
        sa.Column("runner", sa.String(64)),
        sa.Column("beat_at", _TIME, nullable=False),
        sa.Column("stage", sa.String(16)),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", _JSON),
        sa.Column("started_by", sa.String(128), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME),
        sa.Column("decided_by", sa.String(128)),
        sa.Column("decided_at", _TIME),
        sa.Column("reason", sa.Text()),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_library_updates"),
        sa.UniqueConstraint("slot", name="uq_library_updates_slot"),
    )
    op.create_index("ix_library_updates_state", "library_updates", ["state"])
    op.create_table(
        "library_update_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("impact", sa.String(16), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(32)),
        sa.Column("answer_id", sa.String(64)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("before", _JSON, nullable=False),
        sa.Column("after", _JSON, nullable=False),
        sa.Column("sources", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_library_update_cases"),
        _gone("library_update_cases", "update_id", "library_updates.id"),
        _gone("library_update_cases", "answer_id", "exchanges.answer_id"),
    )
    op.create_index("ix_library_update_cases_order", "library_update_cases", ["update_id", "rank", "asked"])
    op.create_index("ix_library_update_cases_answer_id", "library_update_cases", ["answer_id"])


def _gone(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    """A row goes with what it refers to."""
    return sa.ForeignKeyConstraint([column], [of], name=f"fk_{table}_{column}", ondelete="CASCADE")
