"""The municipal sites that may show the assistant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"

_JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the table of sites."""
    op.create_table(
        "sites",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("origins", _JSON, nullable=False),
        sa.Column("allow_http", sa.Boolean(), nullable=False),
        sa.Column("languages", _JSON, nullable=False),
        sa.Column("accent", sa.String(7)),
        sa.Column("titles", _JSON, nullable=False),
        sa.Column("greetings", _JSON, nullable=False),
        sa.Column("examples", _JSON, nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
        sa.Column("changed_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_sites"),
    )
