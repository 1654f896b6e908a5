"""Staff's work: the queue, verdicts and corrections."""

from __future__ import annotations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables."""
