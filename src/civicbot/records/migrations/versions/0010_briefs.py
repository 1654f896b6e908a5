"""Edits of briefs by staff."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "brief_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("gap", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(128), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("undone_by", sa.String(128)),
        sa.Column("undone_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_brief_edits"),
    )
    op.create_index("ix_brief_edits_slug", "brief_edits", ["slug", "id"])
    op.create_index("ix_brief_edits_gap", "brief_edits", ["gap"])
    op.create_index("ix_brief_edits_state", "brief_edits", ["state"])
    op.create_table(
        "brief_edit_files",
        sa.Column("edit_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("before", sa.Text()),
        sa.Column("before_hash", sa.String(64), nullable=False),
        sa.Column("after_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("edit_id", "path", name="pk_brief_edit_files"),
        sa.ForeignKeyConstraint(
            ["edit_id"], ["brief_edits.id"], name="fk_brief_edit_files_edit_id", ondelete="CASCADE"
        ),
    )
