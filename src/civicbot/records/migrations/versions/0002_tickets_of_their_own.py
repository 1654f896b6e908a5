"""An answer may have several open tickets: whoever reads a shared answer must not be given another one's code."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Drops the rule that an answer has one open ticket at most."""
    op.drop_index("uq_tickets_open_answer", "tickets")
