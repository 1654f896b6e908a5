"""The register of municipal sites that may show the assistant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicbot.model import LANGUAGES, Language
from civicbot.records.sites import SiteChanges
from civicbot.review.access import Action
from civicbot.review.sites_desk import SitesDesk
from civicbot.site import SITE_QUESTIONS
from civicbot.web.staff.addresses import Address
from civicbot.web.staff.forms import Form
from civicbot.web.staff.painting import Painter
from civicbot.web.staff.screens.base import Done, Operation, Shown, Sight, operation

NEW = "+"
"""Stands in the address for a site that is to be registered."""


class _Name(Form):
    """Which site it is about."""

    site: str


class _Site(_Name):
    """A site as the form has it; lists are one a line."""

    origins: str = ""
    allow_http: bool = False
    languages: tuple[Language, ...] = ()
    accent: str | None = None
    title_ko: str = ""
    title_en: str = ""
    greeting_ko: str = ""
    greeting_en: str = ""
    examples_ko: str = ""
    examples_en: str = ""
    per_minute: int = SITE_QUESTIONS

    def changes(self) -> SiteChanges:
        """All fields as the register takes them."""
        return {
            "origins": _lines(self.origins),
            "allow_http": self.allow_http,
            "languages": self.languages,
            "accent": self.accent,
            "titles": _told(ko=self.title_ko, en=self.title_en),
            "greetings": _told(ko=self.greeting_ko, en=self.greeting_en),
            "examples": {
                language: lines
                for language, lines in zip(LANGUAGES, (_lines(self.examples_ko), _lines(self.examples_en)), strict=True)
                if lines
            },
            "per_minute": self.per_minute,
        }


class SitesScreen:
    """Shows the register, and a form for one site.

    Args:
        painter: renders it.
        sites: keeps the register.
        snippet: the code that a site puts on its pages, from this server's address and the site's name.
    """

    name = "sites"
    action = Action.READ_SITES

    def __init__(self, painter: Painter, sites: SitesDesk, snippet: Callable[[str, str], str]) -> None:
        self._painter = painter
        self._snippet = snippet
        self._sites = sites

    @property
    def operations(self) -> Sequence[Operation]:
        """What can be done on it."""
        return (
            operation("add_site", _Site, self._add, Action.MANAGE_SITES),
            operation("edit_site", _Site, self._edit, Action.MANAGE_SITES),
            operation("enable_site", _Name, self._enable, Action.MANAGE_SITES),
            operation("disable_site", _Name, self._disable, Action.MANAGE_SITES),
            operation("remove_site", _Name, self._remove, Action.MANAGE_SITES),
        )

    def show(self, sight: Sight) -> Shown:
        """All sites, or the one of the address."""
        name = sight.address.values.get("site")
        seen = self._sites.get(sight.actor, name) if name and name != NEW else None
        main = self._painter.paint(
            "sites",
            sight,
            seen=seen,
            snippet=self._snippet(sight.server, seen.site.name) if seen else "",
            new=name == NEW,
            sites=() if name else self._sites.list(sight.actor),
            link=lambda site: Address("sites", {"site": site}),
            adding=Address("sites", {"site": NEW}),
            back=Address("sites"),
            languages=LANGUAGES,
            per_minute=SITE_QUESTIONS,
        )
        return Shown(sight.texts.frame.tabs["sites"], main)

    def _add(self, sight: Sight, form: _Site) -> Done:
        site = self._sites.add(sight.actor, form.site, **form.changes())
        return Done(sight.texts.sites.added.format(site=site.name), go=Address("sites", {"site": site.name}))

    def _edit(self, sight: Sight, form: _Site) -> Done:
        self._sites.edit(sight.actor, form.site, **form.changes())
        return Done(sight.texts.sites.edited.format(site=form.site))

    def _enable(self, sight: Sight, form: _Name) -> Done:
        self._sites.enable(sight.actor, form.site)
        return Done(sight.texts.sites.enabled.format(site=form.site))

    def _disable(self, sight: Sight, form: _Name) -> Done:
        self._sites.disable(sight.actor, form.site)
        return Done(sight.texts.sites.disabled.format(site=form.site))

    def _remove(self, sight: Sight, form: _Name) -> Done:
        self._sites.remove(sight.actor, form.site)
        return Done(sight.texts.sites.removed.format(site=form.site), go=Address("sites"))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _told(**texts: str) -> dict[Language, str]:
    return {language: texts[language] for language in LANGUAGES if texts[language]}
