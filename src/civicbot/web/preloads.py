"""Which of Gradio's scripts the chat page will need, so that browsers fetch them at once and not one after another.

Gradio's page asks for its main script; that imports the application, which imports a component's script, which imports
others: each step is a round trip. The names carry hashes, so they are read from what is installed. What is not found is
left out: the page works without, only later.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

OURS = ("chat.js", "connection.js", "preferences.js", "sharing.js", "sources.js")
"""The scripts of the chat page; the first imports the others."""

_IMPORTED = re.compile(r'(?:from|import)"\./([\w-]+\.js)"')
_LATER = re.compile(r"import\(`\./(Index-[\w-]+\.js)`\)")
_STYLES = re.compile(r'"\./([\w-]+\.css)"')
_COMPONENT = "HTML-*.js"
"""What every part of the page is made of."""


def gradio_files(assets: Path) -> tuple[str, ...]:
    """The names of the scripts and style sheets that are fetched early.

    Args:
        assets: the folder of Gradio's built files.
    """
    main = [one.read_text(encoding="utf-8") for one in sorted(assets.glob("index-*.js"))]
    first = {name for text in main for name in _LATER.findall(text)}
    component = {one.name for one in assets.glob(_COMPONENT)}
    around = {one.name for one in assets.glob("Index-*.js") if component & set(_imported(one))}
    scripts = _with_imports(assets, first | component | around | {one.name for one in assets.glob("Blocks-*.js")})
    styles = {name for text in main for name in _STYLES.findall(text.split("\n", 1)[0])}
    styles |= {one.name for pattern in ("Blocks-*.css", "HTML-*.css") for one in assets.glob(pattern)}
    return (*sorted(scripts), *sorted(styles))


def early_files() -> tuple[str, ...]:
    """The addresses of what the chat page fetches early: our scripts, and Gradio's as they are installed."""
    found = find_spec("gradio")
    folder = Path(found.origin).parent if found and found.origin else Path()
    gradio = gradio_files(folder / "templates" / "frontend" / "assets")
    return (*(f"/ui/{name}" for name in OURS), *(f"/assets/{name}" for name in gradio))


def early_link(address: str) -> str:
    """The element that has a script or a style sheet fetched early."""
    kind = 'rel="modulepreload"' if address.endswith(".js") else 'rel="preload" as="style"'
    return f'<link {kind} crossorigin href="{address}" />'


def _imported(script: Path) -> list[str]:
    return _IMPORTED.findall(script.read_text(encoding="utf-8")) if script.is_file() else []


def _with_imports(assets: Path, names: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and (assets / name).is_file():
            found.add(name)
            waiting += _imported(assets / name)
    return found
