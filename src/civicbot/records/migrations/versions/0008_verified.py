"""Runs of the verified cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "verified_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("slot", sa.String(16)),
        sa.Column("runner", sa.String(64), nullable=False),
        sa.Column("beat_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("app_version", sa.Text(), nullable=False),
        sa.Column("index_name", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", _JSON, nullable=False),
        sa.Column("open_counts", _JSON, nullable=False),
        sa.Column("languages", _JSON, nullable=False),
        sa.Column("verdicts", _JSON, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("problem", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_verified_runs"),
        sa.UniqueConstraint("slot", name="uq_verified_runs_slot"),
    )
    op.create_table(
        "verified_failures",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(64)),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("answer", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "case_id", name="pk_verified_failures"),
        _gone("run_id", "verified_runs.id"),
        _gone("answer_id", "exchanges.answer_id"),
    )
    op.create_index("ix_verified_failures_answer_id", "verified_failures", ["answer_id"])


def _gone(column: str, of: str) -> sa.ForeignKeyConstraint:
    """A row goes with what it refers to."""
    return sa.ForeignKeyConstraint([column], [of], name=f"fk_verified_failures_{column}", ondelete="CASCADE")
