"""The register of sites, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.records.samples import ASKED, Kind, exchange

from civicbot.errors import CivicbotError, InvalidSiteError, SiteExistsError, UnknownSiteError
from civicbot.model import Language
from civicbot.records.backup import backup, restore
from civicbot.records.database import Database
from civicbot.records.sites import SiteBook, SiteChanges, SiteUse, add_site, edit_site, make_site
from civicbot.records.store import Records
from civicbot.site import Site

FULL = Site(
    name="buk-gu",
    origins=("https://buk.city.example", "http://localhost:8100"),
    languages=("en", "ko"),
    accent="#0a5a3c",
    titles={"ko": "북구 도우미", "en": "Ask the district"},
    greetings={"ko": "안녕하세요?"},
    examples={"ko": ("하나?", "둘?"), "en": ("One?",)},
    per_minute=60,
    enabled=False,
)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def fields_of(site: Site) -> SiteChanges:
    fields: SiteChanges = {
        "origins": site.origins,
        "allow_http": site.allow_http,
        "languages": site.languages,
        "accent": site.accent,
        "titles": dict(site.titles),
        "greetings": dict(site.greetings),
        "examples": dict(site.examples),
        "per_minute": site.per_minute,
        "enabled": site.enabled,
    }
    return fields


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def book(records: Records) -> SiteBook:
    return SiteBook(records.database, now=Clock())


def test_what_is_registered_is_kept_in_its_normal_form(book: SiteBook) -> None:
    added = book.add("demo", origins=("HTTPS://광주.한국:443/",), accent="#ABCDEF", greetings={"en": "  Hello  "})
    assert added == Site(
        name="demo", origins=("https://xn--hc0bl34c.xn--3e0b707e",), accent="#abcdef", greetings={"en": "Hello"}
    )
    assert added.languages == ("ko", "en")
    assert added.per_minute == 300
    assert added.enabled
    assert book.named("demo") == added
    assert book.add("buk-gu", **fields_of(FULL)) == FULL
    assert book.list() == (FULL, added)
    assert SiteBook(book._database).list() == (FULL, added)


def test_a_change_leaves_the_rest(book: SiteBook) -> None:
    book.add("buk-gu", **fields_of(FULL))
    changed = book.edit("buk-gu", accent=None, examples={})
    assert changed == FULL.model_copy(update={"accent": None, "examples": {}})
    assert book.named("buk-gu") == changed
    assert book.enable("buk-gu").enabled
    assert book.named("buk-gu").enabled
    assert not book.disable("buk-gu").enabled
    assert book.named("buk-gu") == changed
    assert book.edit("buk-gu") == changed


def test_by_origin(book: SiteBook) -> None:
    book.add("one", origins=("https://a.example", "https://b.example"))
    book.add("two", origins=("https://b.example",), enabled=False)
    assert [site.name for site in book.of_origin("https://b.example")] == ["one", "two"]
    assert [site.name for site in book.of_origin("https://a.example")] == ["one"]
    for other in ("https://A.example", "https://a.example/", "http://a.example", "https://example", "null", "", "%"):
        assert book.of_origin(other) == ()


def test_what_is_not_there(book: SiteBook) -> None:
    book.add("one", origins=("https://a.example",))
    actions: list[Callable[[str], object]] = [book.named, book.edit, book.enable, book.disable, book.remove]
    for action in actions:
        for name in ("none", "ONE", "one ", "", "one\0"):
            with pytest.raises(UnknownSiteError, match="There is no site"):
                action(name)
    assert len(book.list()) == 1


def test_a_name_is_given_once(book: SiteBook) -> None:
    book.add("one", origins=("https://a.example",))
    with pytest.raises(SiteExistsError, match="'one' is registered already"):
        book.add("one", origins=("https://b.example",))
    assert book.named("one").origins == ("https://a.example",)
    book.remove("one")
    assert book.list() == ()
    assert book.add("one", origins=("https://b.example",)).origins == ("https://b.example",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"origins": ()}, "origins"),
        ({"origins": ("https://city.example/path",)}, "'https://city.example/path' is no web origin"),
        ({"origins": ("null",)}, "'null' is no web origin"),
        ({"origins": ("https://a.example", "https://A.example:443")}, "'https://a.example' is given twice"),
        ({"origins": ("http://city.example",)}, "'http://city.example' is without TLS"),
        ({"languages": ()}, "languages"),
        ({"languages": ("fr",)}, "languages 'fr'"),
        ({"languages": ("ko", "ko")}, "'ko' is given twice"),
        ({"accent": "red"}, "accent 'red' cannot be used: write a colour as #rrggbb"),
        ({"accent": "#12345"}, "accent"),
        ({"titles": {"ko": ""}}, "titles ko ''"),
        ({"titles": {"ko": "가" * 81}}, "at most 80 characters"),
        ({"titles": {"fr": "x"}}, "titles"),
        ({"greetings": {"en": "a\nb"}}, "one line"),
        ({"greetings": {"en": "a\0b"}}, "one line"),
        ({"greetings": {"en": "\ud800"}}, "greetings en"),
        ({"examples": {"ko": ()}}, "examples ko"),
        ({"examples": {"ko": ("?",) * 7}}, "at most 6"),
        ({"examples": {"ko": ("가" * 201,)}}, "at most 200 characters"),
        ({"per_minute": 0}, "per_minute"),
        ({"per_minute": 100_001}, "per_minute"),
    ],
)
def test_what_cannot_be_used_is_told_and_changes_nothing(book: SiteBook, changes: SiteChanges, message: str) -> None:
    first = book.add("one", origins=("https://a.example",))
    with pytest.raises(InvalidSiteError) as caught:
        book.edit("one", **changes)
    assert message in caught.value.message
    assert caught.value.message.endswith(".")
    new: SiteChanges = {"origins": ("https://b.example",), **changes}
    with pytest.raises(InvalidSiteError):
        book.add("two", **new)
    assert book.list() == (first,)


@pytest.mark.parametrize("name", ["", "A", "1a", "-a", "a-", "a b", "a_b", "가", "a" * 65, "a\n", "../a", "a.b"])
def test_names(book: SiteBook, name: str) -> None:
    with pytest.raises(InvalidSiteError, match="small letters, digits and hyphens"):
        book.add(name, origins=("https://a.example",))
    assert make_site("a" * 64, origins=("https://a.example",)).name == "a" * 64
    assert make_site("a", origins=("https://a.example",)).name == "a"


def test_pages_without_tls_are_allowed_on_demand(book: SiteBook) -> None:
    site = book.add("old", origins=("http://city.example",), allow_http=True)
    assert book.named("old") == site
    with pytest.raises(InvalidSiteError, match="without TLS"):
        book.edit("old", allow_http=False)
    assert book.edit("old", origins=("https://city.example",), allow_http=False).origins == ("https://city.example",)
    local = ("http://localhost:8100", "http://127.0.0.1:8100", "http://[::1]:8100")
    assert book.add("local", origins=local).origins == local


def test_how_much_is_asked(book: SiteBook, records: Records) -> None:
    book.add("one", origins=("https://a.example",))
    book.add("two", origins=("https://b.example",))
    conversation = records.start()
    for minutes in (0, 7):
        records.remember(exchange(conversation, site="one", asked_at=ASKED + timedelta(minutes=minutes)))
    records.remember(exchange(records.start(), site="one", asked_at=ASKED + timedelta(minutes=3)))
    records.remember(exchange(records.start(), site="gone"))
    records.remember(exchange(records.start()))
    book.disable("two")
    first, second, third = (NOW + timedelta(minutes=minutes) for minutes in (1, 2, 3))
    assert book.use() == {
        "one": SiteUse(
            added_at=first,
            changed_at=first,
            questions=3,
            conversations=2,
            last_asked_at=ASKED + timedelta(minutes=7),
        ),
        "two": SiteUse(added_at=second, changed_at=third),
    }
    # What was asked outlives the site's place in the register.
    book.remove("one")
    assert len(list(records.iter_exchanges(site="one"))) == 3


def test_in_somebody_elses_transaction(book: SiteBook, records: Records) -> None:
    """Staff's log entry is written together with the change, or neither is."""
    site = make_site("one", origins=("https://a.example",))

    def fail(database: Database) -> None:
        with database.writing() as session:
            add_site(session, site, NOW)
            edit_site(session, "one", {"accent": "#000000"}, NOW)
            raise UnknownSiteError("the log cannot be written")

    with pytest.raises(CivicbotError, match="log"):
        fail(records.database)
    assert book.list() == ()


def test_two_processes_register_at_once(book: SiteBook, address: str, opened: Callable[[str], Database]) -> None:
    other = SiteBook(opened(address))
    book.add("one", origins=("https://a.example",))
    with pytest.raises(SiteExistsError):
        other.add("one", origins=("https://b.example",))
    assert other.edit("one", per_minute=5).per_minute == 5
    assert book.named("one").per_minute == 5


@pytest.mark.parametrize("target", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def test_a_backup_holds_the_register(
    book: SiteBook,
    records: Records,
    target: Kind,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    tmp_path: Path,
) -> None:
    book.add("buk-gu", **fields_of(FULL))
    backup(records.database, tmp_path / "backup.zip")
    other = opened(address_of(target))
    restore(other, tmp_path / "backup.zip", keep=tmp_path)
    assert SiteBook(other).list() == (FULL,)
    assert SiteBook(other).use() == book.use()


def test_texts_are_kept_as_they_are(book: SiteBook) -> None:
    nasty = "<script>alert(1)</script> ' \" \\ {{ x }} %s 🏙️"
    texts: dict[Language, str] = {"ko": nasty, "en": nasty}
    site = book.add("one", origins=("https://a.example",), titles=texts, greetings=texts, examples={"ko": (nasty,)})
    assert book.named("one") == site
    assert book.named("one").titles["ko"] == nasty
