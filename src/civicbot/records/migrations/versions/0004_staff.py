"""Staff: users, sessions, and the log of what they do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TIME = sa.DateTime(timezone=True)

_SQLITE_GUARDS = (
    "CREATE TRIGGER staff_audit_unchanged BEFORE UPDATE ON staff_audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    "CREATE TRIGGER staff_audit_undeleted BEFORE DELETE ON staff_audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
    # INSERT OR REPLACE deletes without asking the trigger above.
    "CREATE TRIGGER staff_audit_unreplaced BEFORE INSERT ON staff_audit "
    "WHEN EXISTS (SELECT 1 FROM staff_audit WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END",
)
_POSTGRESQL_GUARDS = (
    "CREATE FUNCTION staff_audit_guard() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$",
    "CREATE TRIGGER staff_audit_unchanged BEFORE UPDATE OR DELETE ON staff_audit "
    "FOR EACH ROW EXECUTE FUNCTION staff_audit_guard()",
    "CREATE TRIGGER staff_audit_untruncated BEFORE TRUNCATE ON staff_audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION staff_audit_guard()",
)


def upgrade() -> None:
    """Makes the tables, and the triggers that keep the log as it is."""
    _users()
    _sessions()
    _waiting()
    _audit()
    for guard in _SQLITE_GUARDS if op.get_context().dialect.name == "sqlite" else _POSTGRESQL_GUARDS:
        op.execute(guard)


def _users() -> None:
    op.create_table(
        "staff_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.String(255)),
        sa.Column("issuer", sa.Text()),
        sa.Column("subject", sa.String(255)),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_login_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_staff_users"),
        sa.UniqueConstraint("name", name="uq_staff_users_name"),
        sa.UniqueConstraint("issuer", "subject", name="uq_staff_users_issuer"),
    )


def _sessions() -> None:
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["staff_users.id"], name="fk_staff_sessions_user_id", ondelete="CASCADE"),
        sa.UniqueConstraint("token", name="uq_staff_sessions_token"),
    )
    op.create_index("ix_staff_sessions_user_id", "staff_sessions", ["user_id"])
    op.create_index("ix_staff_sessions_created_at", "staff_sessions", ["created_at"])


def _waiting() -> None:
    op.create_table(
        "staff_lockouts",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("until", _TIME),
        sa.PrimaryKeyConstraint("key", name="pk_staff_lockouts"),
    )
    op.create_index("ix_staff_lockouts_last_at", "staff_lockouts", ["last_at"])
    op.create_table(
        "staff_flows",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_staff_flows"),
    )
    op.create_index("ix_staff_flows_created_at", "staff_flows", ["created_at"])


def _audit() -> None:
    op.create_table(
        "staff_audit",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("role", sa.String(16)),
        sa.Column("session", sa.String(32)),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_audit"),
    )
    for column in ("at", "actor", "action"):
        op.create_index(f"ix_staff_audit_{column}", "staff_audit", [column])
    op.create_table(
        "staff_audit_head",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_audit_head"),
    )
