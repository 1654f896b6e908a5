"""The register of sites at the desk: guarded and in the log."""

from __future__ import annotations

import pytest
from tests.records.conftest import mask
from tests.records.samples import ASKED, exchange
from tests.review.staff import ADMIN, PUBLISHER, REVIEWER, glossary

from civicbot.errors import InvalidSiteError, SiteExistsError, UnknownSiteError
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.review.access import Action, NotAllowedError
from civicbot.review.audit import AuditLog
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.sites_desk import SitesDesk
from civicbot.review.switches import Switches
from civicbot.review.view_nouns import NewSwitch, SwitchScope

ORIGIN = "https://demo.example"


@pytest.fixture
def sites(database: Database) -> SitesDesk:
    database.upgrade()
    return SitesDesk(database)


def test_a_site_from_its_registration_to_its_end(sites: SitesDesk, database: Database) -> None:
    added = sites.add(ADMIN, "demo", origins=(ORIGIN,))
    assert [seen.site for seen in sites.list(REVIEWER)] == [added]
    edited = sites.edit(ADMIN, "demo", per_minute=50, origins=(ORIGIN,))
    assert edited.per_minute == 50
    assert sites.disable(ADMIN, "demo").enabled is False
    assert sites.enable(ADMIN, "demo").enabled is True
    assert sites.get(REVIEWER, "demo").site == edited
    sites.remove(ADMIN, "demo")
    assert sites.list(REVIEWER) == ()
    entries = list(reversed(AuditLog(database).entries(ADMIN, action=Action.MANAGE_SITES)))
    assert {entry.subject for entry in entries} == {"site:demo"}
    assert [entry.details["change"] for entry in entries] == ["add", "edit", "disable", "enable", "remove"]
    assert entries[0].details["origins"] == [ORIGIN]
    assert entries[1].details["fields"] == ["per_minute"]


def test_how_much_is_asked_there(sites: SitesDesk, database: Database) -> None:
    sites.add(ADMIN, "demo", origins=(ORIGIN,))
    records = Records(database, mask=mask)
    for conversation in (records.start(), records.start()):
        records.remember_all([exchange(conversation, site="demo"), exchange(conversation, site="demo")])
    (seen,) = sites.list(REVIEWER)
    assert (seen.questions, seen.conversations, seen.last_asked_at, seen.paused) == (4, 2, ASKED, False)
    new = NewSwitch(scope=SwitchScope.SITE, value="demo", reason="왜", text_ko="멈춤", text_en="Paused")
    Switches(database, LiveRulings(database), glossary).set(ADMIN, new)
    assert sites.get(REVIEWER, "demo").paused is True


def test_what_is_refused_leaves_no_trace(sites: SitesDesk, database: Database) -> None:
    sites.add(ADMIN, "demo", origins=(ORIGIN,))
    with pytest.raises(SiteExistsError):
        sites.add(ADMIN, "demo", origins=(ORIGIN,))
    with pytest.raises(InvalidSiteError):
        sites.edit(ADMIN, "demo", origins=("null",))
    for act in (sites.get, sites.edit, sites.enable, sites.disable, sites.remove):
        with pytest.raises(UnknownSiteError):
            act(ADMIN, "other")
    assert len(AuditLog(database).entries(ADMIN, action=Action.MANAGE_SITES)) == 1


def test_only_an_admin_may(sites: SitesDesk) -> None:
    sites.add(ADMIN, "demo", origins=(ORIGIN,))
    for actor in (REVIEWER, PUBLISHER):
        with pytest.raises(NotAllowedError):
            sites.add(actor, "other", origins=(ORIGIN,))
        for act in (sites.edit, sites.enable, sites.disable, sites.remove):
            with pytest.raises(NotAllowedError):
                act(actor, "demo")
    assert len(sites.list(REVIEWER)) == 1
