"""The command `civicbot demo-site`: a municipal-looking site on a port of its own, to see the widget on."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from civicbot.errors import UnknownSiteError
from civicbot.origins import normal_origin
from civicbot.settings import Settings, load_settings

if TYPE_CHECKING:
    from civicbot.records.sites import SiteBook

LOOK_SECONDS = 3.0


def demo_site(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The site's port.")] = 8100,
    assistant: Annotated[str, typer.Option(help="The assistant's server.")] = "http://127.0.0.1:8000",
    site: Annotated[str, typer.Option(help="The name under which the site is registered.")] = "demo",
    register: Annotated[
        bool, typer.Option("--register", help="Register the site in the records of the settings.")
    ] = False,
) -> None:
    """Serve a district office's site that does not exist, with the widget on it in five variants."""
    from civicbot.records.sites import make_site
    from civicbot.web.demo.serving import listening, serve
    from civicbot.web.demo.site import Demonstration, create_demo_site

    try:
        server = normal_origin(assistant)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--assistant") from None
    # People write either address, and to a browser they are two origins.
    origins = (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    site = make_site(site, origins=origins).name
    command = shlex.join(["civicbot", "sites", "add", site, *(part for each in origins for part in ("--origin", each))])
    with listening(port) as listener:
        if register:
            _told(_register(load_settings(), site, origins))
        else:
            _told(f"Unless it is registered already, do it with --register, or by\n  {command}")
        if (problem := _looked_at(server)) is not None:
            _told(problem)
        serve(
            create_demo_site(Demonstration(assistant=server, site=site, command=command)),
            listener,
            lambda: _told(f"The demonstration site is at http://127.0.0.1:{port}/  (Ctrl+C stops it)"),
        )


def _register(settings: Settings, name: str, origins: tuple[str, ...]) -> str:
    """Registers the site in the records of the settings, and tells what was done."""
    from civicbot.records.opening import opened
    from civicbot.records.sites import SiteBook

    with opened(settings) as database:
        database.upgrade()
        return _registered(SiteBook(database), name, origins)


def _registered(book: SiteBook, name: str, origins: tuple[str, ...]) -> str:
    """Registers the site or adds its addresses to the one that is there; never switches one on."""
    try:
        known = book.named(name)
    except UnknownSiteError:
        book.add(name, origins=origins)
        return f"The site {name!r} is registered now; `civicbot sites remove {name}` takes it out again."
    missing = tuple(each for each in origins if each not in known.origins)
    if missing:
        book.edit(name, origins=(*known.origins, *missing))
    off = "" if known.enabled else f" It is switched off: `civicbot sites enable {name}` shows it again."
    return f"The site {name!r} is registered{' with these addresses too now' if missing else ' already'}.{off}"


def _looked_at(server: str) -> str | None:
    """What hinders the assistant's server from answering, None when nothing does."""
    import httpx

    try:
        ready = httpx.get(f"{server}/readyz", timeout=LOOK_SECONDS).status_code
    except httpx.HTTPError as error:
        return f"The assistant at {server} cannot be reached ({type(error).__name__}); start it with `python app.py`."
    return None if ready == httpx.codes.OK else f"The assistant at {server} is not ready yet (status {ready})."


def _told(text: str) -> None:
    Console(highlight=False).print(text, markup=False, soft_wrap=True)
