"""The register of sites as staff keep it: the same as `civicbot sites`, guarded and in the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Unpack

from sqlalchemy import select

from civicbot.records.database import Database
from civicbot.records.sites import (
    SiteChanges,
    SiteUse,
    add_site,
    edit_site,
    list_sites,
    make_site,
    read_site,
    remove_site,
    site_use,
)
from civicbot.records.tables import SwitchRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.ruling_rows import switch_of
from civicbot.review.view_nouns import SiteSeen, SwitchScope
from civicbot.site import Site


class SitesDesk:
    """Registers, edits, disables and removes sites; thread-safe.

    Every method may raise SQLAlchemyError when the database cannot be used.

    Args:
        database: where they are kept.
        now: the time, aware; the clock by default.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    @guarded(Action.READ_SITES)
    def list(self, actor: Actor) -> tuple[SiteSeen, ...]:
        """All sites by name, with how much they are used."""
        del actor
        with self._database.reading() as session:
            sites, uses = list_sites(session), site_use(session)
        paused = self._paused()
        return tuple(_seen(site, uses[site.name], site.name in paused) for site in sites)

    @guarded(Action.READ_SITES)
    def get(self, actor: Actor, name: str) -> SiteSeen:
        """A site, with how much it is used.

        Raises:
            UnknownSiteError: there is none of this name.
        """
        del actor
        with self._database.reading() as session:
            site, uses = read_site(session, name), site_use(session)
        return _seen(site, uses[name], name in self._paused())

    @guarded(Action.MANAGE_SITES)
    def add(self, actor: Actor, name: str, **fields: Unpack[SiteChanges]) -> Site:
        """Registers a site and returns it in its normal form.

        Raises:
            InvalidSiteError: it cannot be like this.
            SiteExistsError: there is one of this name.
        """
        site = make_site(name, **fields)
        with self._database.writing() as session:
            add_site(session, site, self._now())
            note(session, actor, Action.MANAGE_SITES, f"site:{name}", change="add", origins=[*site.origins])
        return site

    @guarded(Action.MANAGE_SITES)
    def edit(self, actor: Actor, name: str, **changes: Unpack[SiteChanges]) -> Site:
        """Changes some fields of a site and returns it as it is now.

        Raises:
            UnknownSiteError: there is none of this name.
            InvalidSiteError: it cannot be like this.
        """
        return self._edit(actor, name, changes, "edit")

    @guarded(Action.MANAGE_SITES)
    def enable(self, actor: Actor, name: str) -> Site:
        """Lets a site show the assistant again; an UnknownSiteError where there is none."""
        return self._edit(actor, name, {"enabled": True}, "enable")

    @guarded(Action.MANAGE_SITES)
    def disable(self, actor: Actor, name: str) -> Site:
        """Lets a site show the assistant no more, within a second; an UnknownSiteError where there is none."""
        return self._edit(actor, name, {"enabled": False}, "disable")

    @guarded(Action.MANAGE_SITES)
    def remove(self, actor: Actor, name: str) -> None:
        """Takes a site out of the register; what was asked there stays until its time is over.

        Raises:
            UnknownSiteError: there is none of this name.
        """
        with self._database.writing() as session:
            remove_site(session, name)
            note(session, actor, Action.MANAGE_SITES, f"site:{name}", change="remove")

    def _edit(self, actor: Actor, name: str, changes: SiteChanges, change: str) -> Site:
        with self._database.writing() as session:
            before = read_site(session, name)
            site = edit_site(session, name, changes, self._now())
            # The audit log tells which origins may show the assistant; of the rest which fields are others now.
            fields = sorted(field for field in changes if getattr(before, field) != getattr(site, field))
            note(
                session,
                actor,
                Action.MANAGE_SITES,
                f"site:{name}",
                change=change,
                fields=fields,
                origins=[*site.origins],
            )
        return site

    def _paused(self) -> frozenset[str]:
        now = self._now()
        wanted = select(SwitchRow).where(SwitchRow.lifted_at.is_(None), SwitchRow.scope == SwitchScope.SITE.value)
        with self._database.reading() as session:
            switches = [switch_of(row) for row in session.scalars(wanted)]
        return frozenset(switch.value or "" for switch in switches if switch.active(now))


def _seen(site: Site, use: SiteUse, paused: bool) -> SiteSeen:
    return SiteSeen(site=site, paused=paused, **use.model_dump())
