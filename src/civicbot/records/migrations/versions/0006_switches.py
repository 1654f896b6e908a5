"""Switches that pause the assistant, canned texts, and what is counted of exchanges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Makes the tables; the background work of the server fills those of the facts."""
    _switches()
    _canned_texts()
    _facts()


def _switches() -> None:
    op.create_table(
        "switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(16), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text_ko", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("until", _TIME),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", _TIME, nullable=False),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lifted_at", _TIME),
        sa.Column("lift_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_switches"),
    )
    op.create_index("ix_switches_lifted_at", "switches", ["lifted_at"])


def _canned_texts() -> None:
    op.create_table(
        "canned_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("answer_class", sa.String(32), nullable=False),
        sa.Column("entity", sa.Text()),
        sa.Column("facet", sa.String(16)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text_ko", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", _TIME, nullable=False),
        sa.Column("ended_by", sa.Text()),
        sa.Column("ended_at", _TIME),
        sa.Column("end_reason", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_canned_texts"),
    )
    op.create_index("ix_canned_texts_ended_at", "canned_texts", ["ended_at"])


def _facts() -> None:
    op.create_table(
        "exchange_facts",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("site", sa.Text()),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", name="pk_exchange_facts"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["exchanges.answer_id"], name="fk_exchange_facts_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_exchange_facts_day", "exchange_facts", ["day"])
    op.create_table(
        "exchange_topics",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "entity", name="pk_exchange_topics"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["exchange_facts.answer_id"], name="fk_exchange_topics_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "exchange_citations",
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "document_id", name="pk_exchange_citations"),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["exchange_facts.answer_id"], name="fk_exchange_citations_answer_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_exchange_citations_document_id", "exchange_citations", ["document_id", "asked_at"])
