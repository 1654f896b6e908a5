"""The commands `civicbot sites …`: which municipal sites may show the assistant, and how it looks there."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from civicbot.errors import InvalidSiteError
from civicbot.model import LANGUAGES, Language
from civicbot.origins import normal_origin
from civicbot.settings import load_settings
from civicbot.site import SITE_QUESTIONS, Site

if TYPE_CHECKING:
    from civicbot.records.sites import SiteBook, SiteChanges, SiteUse

sites = typer.Typer(
    help="Which web sites may show the assistant: add, change, switch off, remove.", no_args_is_help=True
)

Texts = dict[Language, str | None]

Name = Annotated[str, typer.Argument(help="What the script tag calls the site, e.g. gwangju-buk.")]
Origins = Annotated[
    list[str] | None, typer.Option("--origin", help="Where its pages are, e.g. https://www.city.example; repeatable.")
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", help="ko or en, the preferred one first; repeatable. Both by default.")
]
Accent = Annotated[str | None, typer.Option(help="Colour of buttons and links, #rrggbb; 'none' for our own.")]
TitleKo = Annotated[str | None, typer.Option(help="What the assistant is called in Korean; '' for our own words.")]
TitleEn = Annotated[str | None, typer.Option(help="The same in English.")]
GreetingKo = Annotated[str | None, typer.Option(help="Its first words in Korean; '' for our own.")]
GreetingEn = Annotated[str | None, typer.Option(help="The same in English.")]
ExampleKo = Annotated[
    list[str] | None, typer.Option(help="A question to begin with, in Korean, up to six; repeatable. '' for ours.")
]
ExampleEn = Annotated[list[str] | None, typer.Option(help="The same in English.")]
PerMinute = Annotated[
    int | None,
    typer.Option(help=f"Questions a minute for all its visitors together; {SITE_QUESTIONS} by default."),
]
AllowHttp = Annotated[
    bool | None, typer.Option("--allow-http/--https-only", help="Whether pages without TLS may show it, too.")
]


@sites.command()
def add(
    name: Name,
    origin: Origins = None,
    language: Languages = None,
    accent: Accent = None,
    title_ko: TitleKo = None,
    title_en: TitleEn = None,
    greeting_ko: GreetingKo = None,
    greeting_en: GreetingEn = None,
    example_ko: ExampleKo = None,
    example_en: ExampleEn = None,
    per_minute: PerMinute = None,
    allow_http: AllowHttp = None,
) -> None:
    """Register a site; its pages may show the assistant from now on."""
    if not origin:
        raise InvalidSiteError("A site needs at least one --origin.", hint="Give --origin https://www.city.example.")
    changes = _changes(origin, language, accent, per_minute, allow_http)
    titles: Texts = {"ko": title_ko, "en": title_en}
    greetings: Texts = {"ko": greeting_ko, "en": greeting_en}
    _put_texts(changes, None, titles, greetings, {"ko": example_ko, "en": example_en})
    with _book() as book:
        site = book.add(name, **changes)
    _told(f"{site.name!r} is registered for {', '.join(site.origins)}.")
    _told("Put this into its pages, with the address of this service in place of https://HOST:")
    _told(
        f'<script src="https://HOST/widget.js" data-site="{site.name}" data-language="auto" '
        'data-position="right" async></script>'
    )


@sites.command()
def edit(
    name: Name,
    origin: Origins = None,
    language: Languages = None,
    accent: Accent = None,
    title_ko: TitleKo = None,
    title_en: TitleEn = None,
    greeting_ko: GreetingKo = None,
    greeting_en: GreetingEn = None,
    example_ko: ExampleKo = None,
    example_en: ExampleEn = None,
    per_minute: PerMinute = None,
    allow_http: AllowHttp = None,
) -> None:
    """Change what is given and leave the rest; given origins, languages and examples take the place of the old ones."""
    changes = _changes(origin, language, accent, per_minute, allow_http)
    titles: Texts = {"ko": title_ko, "en": title_en}
    greetings: Texts = {"ko": greeting_ko, "en": greeting_en}
    with _book() as book:
        _put_texts(changes, book.named(name), titles, greetings, {"ko": example_ko, "en": example_en})
        if not changes:
            raise InvalidSiteError(
                "Nothing to change was given.", hint="`civicbot sites edit --help` lists the options."
            )
        site, use = book.edit(name, **changes), book.use()
    _told(f"{site.name!r} is changed.")
    _show([site], use)


@sites.command(name="list")
def list_(
    as_json: Annotated[bool, typer.Option("--json", help="All that is registered, as JSON.")] = False,
) -> None:
    """Show all sites, whether they are on, and how much is asked there."""
    with _book() as book:
        found, use = book.list(), book.use()
    if as_json:
        rows = [site.model_dump(mode="json") | {"use": use[site.name].model_dump(mode="json")} for site in found]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif found:
        _show(found, use)
    else:
        _told("No site is registered; `civicbot sites add NAME --origin https://…` does it.")


@sites.command()
def disable(name: Name) -> None:
    """Switch the assistant off on a site; every server process knows within a second."""
    with _book() as book:
        book.disable(name)
    _told(f"{name!r} is off.")


@sites.command()
def enable(name: Name) -> None:
    """Switch the assistant on again on a site."""
    with _book() as book:
        book.enable(name)
    _told(f"{name!r} is on.")


@sites.command()
def remove(name: Name) -> None:
    """Take a site out of the register; what was asked there stays until its time is over."""
    with _book() as book:
        book.remove(name)
    _told(f"{name!r} is removed.")


@sites.command()
def snippet(
    name: Name,
    url: Annotated[
        str, typer.Option(help="Where visitors' browsers reach this service, e.g. https://ask.city.example.")
    ],
    integrity: Annotated[
        bool, typer.Option("--integrity", help="Pin the script as it is now; the tag changes with every upgrade.")
    ] = False,
) -> None:
    """Print the tag that puts the assistant into a site's pages."""
    from civicbot.web.embedding import snippet as tag

    try:
        base = normal_origin(url)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--url") from None
    with _book() as book:
        book.named(name)
    typer.echo(tag(base, name, integrity=integrity))


def _changes(
    origin: list[str] | None,
    language: list[str] | None,
    accent: str | None,
    per_minute: int | None,
    allow_http: bool | None,
) -> SiteChanges:
    """What was given, but for the texts."""
    changes: SiteChanges = {}
    if origin:
        changes["origins"] = tuple(origin)
    if language:
        unknown = next((each for each in language if each not in LANGUAGES), None)
        if unknown is not None:
            raise InvalidSiteError(
                f"{unknown!r} is neither ko nor en.", hint="Give --language ko, --language en or both."
            )
        changes["languages"] = tuple(known for each in language for known in LANGUAGES if known == each)
    if accent is not None:
        changes["accent"] = None if accent == "none" else accent
    if per_minute is not None:
        changes["per_minute"] = per_minute
    if allow_http is not None:
        changes["allow_http"] = allow_http
    return changes


def _put_texts(
    changes: SiteChanges,
    site: Site | None,
    titles: Texts,
    greetings: Texts,
    examples: dict[Language, list[str] | None],
) -> None:
    """Adds the texts that were given to those that are there; an empty one takes ours back."""
    if any(text is not None for text in titles.values()):
        changes["titles"] = _merged(site.titles if site else {}, titles)
    if any(text is not None for text in greetings.values()):
        changes["greetings"] = _merged(site.greetings if site else {}, greetings)
    if any(examples.values()):
        kept = dict(site.examples) if site else {}
        for language, given in examples.items():
            if given:
                kept[language] = tuple(text for text in given if text)
        changes["examples"] = {language: texts for language, texts in kept.items() if texts}


def _merged(before: dict[Language, str], given: Texts) -> dict[Language, str]:
    merged = before | {language: text for language, text in given.items() if text is not None}
    return {language: text for language, text in merged.items() if text}


def _show(found: Sequence[Site], use: Mapping[str, SiteUse]) -> None:
    table = Table("site", "on", "origins", "languages", "accent", "a minute", "questions", "last asked")
    for site in found:
        used = use[site.name]
        table.add_row(
            site.name,
            "yes" if site.enabled else "no",
            "\n".join(site.origins),
            ", ".join(site.languages),
            site.accent or "—",
            f"{site.per_minute:,}",
            f"{used.questions:,}",
            _time(used.last_asked_at),
        )
    Console(highlight=False).print(table)


def _time(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when is not None else "—"


@contextlib.contextmanager
def _book() -> Iterator[SiteBook]:
    """The register, in tables that are up to date."""
    from civicbot.records.opening import opened
    from civicbot.records.sites import SiteBook

    settings = load_settings()
    logging.basicConfig(level=max(settings.log_level_number, logging.WARNING), format="%(levelname)s %(message)s")
    with opened(settings) as database:
        database.upgrade()
        yield SiteBook(database)


def _told(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
