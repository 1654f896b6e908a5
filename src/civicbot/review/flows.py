"""Log-ins that have been sent to the OpenID provider: each may come back once, within ten minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from civicbot.model import Noun
from civicbot.records.database import Database
from civicbot.records.tables import FlowRow
from civicbot.review.people import Clock, now_utc

LASTS = timedelta(minutes=10)
"""How long somebody has at the provider."""

_STATE_BYTES = 24
_VERIFIER_BYTES = 48


class Flow(Noun):
    """A log-in that has been sent away.

    Attributes:
        state: comes back with it, and stands in the browser's cookie as well.
        nonce: must stand in the provider's token.
        verifier: PKCE's secret, 64 characters.
        goal: where the log-in leads to, below /staff.
    """

    state: str
    nonce: str
    verifier: str
    goal: str


class Flows:
    """Keeps them in the database, since another process may get the answer.

    Args:
        database: the database of the records.
        clock: tells the time.
    """

    def __init__(self, database: Database, clock: Clock = now_utc) -> None:
        self._database = database
        self._clock = clock

    def begin(self, goal: str) -> Flow:
        """A new one."""
        flow = Flow(
            state=secrets.token_urlsafe(_STATE_BYTES),
            nonce=secrets.token_urlsafe(_STATE_BYTES),
            verifier=secrets.token_urlsafe(_VERIFIER_BYTES),
            goal=goal,
        )
        now = self._clock()
        with self._database.writing() as session:
            session.execute(delete(FlowRow).where(FlowRow.created_at < now - LASTS))
            session.add(
                FlowRow(key=_key(flow.state), nonce=flow.nonce, verifier=flow.verifier, goal=goal, created_at=now)
            )
        return flow

    def take(self, state: str) -> Flow | None:
        """The one with a state, which it is the only time for; None when there is none, or it is too old."""
        with self._database.writing() as session:
            row = session.scalars(select(FlowRow).where(FlowRow.key == _key(state)).with_for_update()).first()
            if row is None:
                return None
            session.delete(row)
            if row.created_at < self._clock() - LASTS:
                return None
            return Flow(state=state, nonce=row.nonce, verifier=row.verifier, goal=row.goal)


def _key(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()
