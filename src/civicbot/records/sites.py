"""The register of municipal sites that may show the assistant, and how much is asked there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypedDict, Unpack

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicbot.errors import InvalidSiteError, SiteExistsError, UnknownSiteError
from civicbot.model import Language, Noun
from civicbot.records.database import Database
from civicbot.records.tables import ExchangeRow, SiteRow
from civicbot.site import Site

_PATTERNS = {
    "name": "write 1 to 64 small letters, digits and hyphens, a letter first and no hyphen last",
    "accent": "write a colour as #rrggbb",
}


class SiteChanges(TypedDict, total=False):
    """What may be changed of a site, by the fields of :class:`civicbot.model.Site`; its name stays."""

    origins: tuple[str, ...]
    allow_http: bool
    languages: tuple[Language, ...]
    accent: str | None
    titles: dict[Language, str]
    greetings: dict[Language, str]
    examples: dict[Language, tuple[str, ...]]
    per_minute: int
    enabled: bool


class SiteUse(Noun):
    """How much a site is used, as far as exchanges are kept.

    Attributes:
        added_at: when it was registered, aware, UTC.
        changed_at: when it was changed last, aware, UTC.
        questions: how many questions are kept.
        conversations: in how many conversations.
        last_asked_at: when the newest was asked, None for none.
    """

    added_at: datetime
    changed_at: datetime
    questions: int = 0
    conversations: int = 0
    last_asked_at: datetime | None = None


def make_site(name: str, **fields: Unpack[SiteChanges]) -> Site:
    """A site, checked and brought into its normal form.

    Raises:
        InvalidSiteError: saying which field cannot be used, and why.
    """
    try:
        return Site.model_validate({"name": name, **fields})
    except ValidationError as error:
        raise _invalid(error) from None


def list_sites(session: Session) -> tuple[Site, ...]:
    """All sites, by name."""
    return tuple(site_of(row) for row in session.scalars(select(SiteRow).order_by(SiteRow.name)))


def read_site(session: Session, name: str) -> Site:
    """The site with a name.

    Raises:
        UnknownSiteError: there is none.
    """
    return site_of(_row(session, name))


def add_site(session: Session, site: Site, now: datetime) -> Site:
    """Registers a site.

    Args:
        session: for writing.
        site: what is registered.
        now: the time, aware.

    Raises:
        SiteExistsError: there is one of this name.
    """
    if session.get(SiteRow, site.name) is not None:
        raise SiteExistsError(f"The site {site.name!r} is registered already.")
    session.add(SiteRow(**site.model_dump(mode="json"), added_at=now, changed_at=now))
    try:
        session.flush()
    except IntegrityError:
        # Another process was quicker.
        raise SiteExistsError(f"The site {site.name!r} is registered already.") from None
    return site


def edit_site(session: Session, name: str, changes: SiteChanges, now: datetime) -> Site:
    """Changes some fields of a site, on or off among them; the others stay.

    Args:
        session: for writing.
        name: of the site.
        changes: the new values.
        now: the time, aware.

    Raises:
        UnknownSiteError: there is none of this name.
        InvalidSiteError: the site cannot be like this.
    """
    row = _row(session, name, lock=True)
    site = make_site(name, **_fields(row) | changes)
    for field, value in site.model_dump(mode="json", exclude={"name"}).items():
        setattr(row, field, value)
    row.changed_at = now
    return site


def remove_site(session: Session, name: str) -> None:
    """Takes a site out of the register; what was asked there stays until its time is over.

    Raises:
        UnknownSiteError: there is none of this name.
    """
    session.delete(_row(session, name, lock=True))


def site_use(session: Session) -> dict[str, SiteUse]:
    """How much each registered site is used, by its name."""
    counted = (
        select(
            ExchangeRow.site,
            func.count(),
            func.count(ExchangeRow.conversation_id.distinct()),
            func.max(ExchangeRow.asked_at),
        )
        .where(ExchangeRow.site.is_not(None))
        .group_by(ExchangeRow.site)
    )
    counts = {site: tuple(numbers) for site, *numbers in session.execute(counted)}
    uses = {}
    for row in session.scalars(select(SiteRow)):
        questions, conversations, last = counts.get(row.name, (0, 0, None))
        uses[row.name] = SiteUse(
            added_at=row.added_at,
            changed_at=row.changed_at,
            questions=questions,
            conversations=conversations,
            last_asked_at=last,
        )
    return uses


def site_of(row: SiteRow) -> Site:
    """The site in a row.

    Raises:
        InvalidSiteError: somebody else wrote it, and it is none.
    """
    return make_site(row.name, **_fields(row))


class SiteBook:
    """The register as one thing, each method in a transaction of its own; thread-safe.

    Every method may raise SQLAlchemyError when the database cannot be used. Whoever must do something else in the same
    transaction takes the functions of this module.

    Args:
        database: where it is kept.
        now: the time, aware; the clock by default.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._now = now

    def list(self) -> tuple[Site, ...]:
        """All sites, by name."""
        with self._database.reading() as session:
            return list_sites(session)

    def named(self, name: str) -> Site:
        """The site with a name.

        Raises:
            UnknownSiteError: there is none.
        """
        with self._database.reading() as session:
            return read_site(session, name)

    def of_origin(self, origin: str) -> tuple[Site, ...]:
        """The sites, enabled or not, whose pages have an origin, by name.

        Args:
            origin: as browsers write it.
        """
        return tuple(site for site in self.list() if origin in site.origins)

    def add(self, name: str, **fields: Unpack[SiteChanges]) -> Site:
        """Registers a site and returns it in its normal form.

        Raises:
            InvalidSiteError: it cannot be like this.
            SiteExistsError: there is one of this name.
        """
        site = make_site(name, **fields)
        with self._database.writing() as session:
            return add_site(session, site, self._now())

    def edit(self, name: str, **changes: Unpack[SiteChanges]) -> Site:
        """Changes some fields of a site and returns it as it is now.

        Raises:
            UnknownSiteError: there is none of this name.
            InvalidSiteError: it cannot be like this.
        """
        with self._database.writing() as session:
            return edit_site(session, name, changes, self._now())

    def enable(self, name: str) -> Site:
        """Lets a site show the assistant again; an UnknownSiteError where there is none."""
        return self.edit(name, enabled=True)

    def disable(self, name: str) -> Site:
        """Lets a site show the assistant no more; every process knows within a second. As :meth:`enable` otherwise."""
        return self.edit(name, enabled=False)

    def remove(self, name: str) -> None:
        """Takes a site out of the register; what was asked there stays until its time is over.

        Raises:
            UnknownSiteError: there is none of this name.
        """
        with self._database.writing() as session:
            remove_site(session, name)

    def use(self) -> dict[str, SiteUse]:
        """How much each registered site is used, by its name."""
        with self._database.reading() as session:
            return site_use(session)


def _row(session: Session, name: str, *, lock: bool = False) -> SiteRow:
    # PostgreSQL takes no NUL, and no name has one.
    row = session.get(SiteRow, name, with_for_update=lock or None) if name.isprintable() else None
    if row is None:
        raise UnknownSiteError(f"There is no site {name!r}.")
    return row


def _fields(row: SiteRow) -> SiteChanges:
    fields: Any = {name: getattr(row, name) for name in SiteChanges.__optional_keys__}
    changes: SiteChanges = fields
    return changes


def _invalid(error: ValidationError) -> InvalidSiteError:
    first = error.errors()[0]
    rule = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    if first["type"] == "value_error":
        return InvalidSiteError(f"{rule[:1].upper()}{rule[1:]}.")  # our own words, which name the value
    field = " ".join(str(part) for part in first["loc"] if not isinstance(part, int))
    if first["type"] == "string_pattern_mismatch":
        rule = _PATTERNS.get(field, "it must be one line, without control characters")
    given = f" {first['input'][:100]!r}" if isinstance(first["input"], str) else ""
    return InvalidSiteError(f"The site's {field}{given} cannot be used: {rule}.")
