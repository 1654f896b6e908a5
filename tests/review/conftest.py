"""The staff desk's services on both kinds of database."""

from __future__ import annotations

from tests.records.conftest import address, address_of, cluster, database, kind, opened
from tests.review.approvals import approvals, changing, shelf
from tests.review.desks import desk, library

__all__ = [
    "address",
    "address_of",
    "approvals",
    "changing",
    "cluster",
    "database",
    "desk",
    "kind",
    "library",
    "opened",
    "shelf",
]
