"""The colours of the chat page against WCAG 2.2: 4.5 to 1 for text, 3 to 1 for edges of what is operated."""

from __future__ import annotations

import re

import pytest

from civicbot.web.server import STATIC

TEXT, EDGE = 4.5, 3.0
PAIRS = [
    *((colour, ground, TEXT) for colour in ("text", "quiet", "link") for ground in ("ground", "paper", "soft")),
    *((colour, "paper", TEXT) for colour in ("bad", "good")),
    ("bad", "ground", TEXT),
    ("text", "note", TEXT),
    ("text", "mark", TEXT),
    ("text", "bad-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-deep", TEXT),
    ("edge", "paper", EDGE),
    ("edge", "ground", EDGE),
    ("accent", "paper", EDGE),
    ("accent", "ground", EDGE),
]


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each theme, by name; the dark one of the device and the dark one that is chosen."""
    css = (STATIC / "chat.css").read_text(encoding="utf-8").partition("@media print")[0]
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", css)
    found = {}
    for selector, body in blocks:
        colours = dict(re.findall(r"--cb-([\w-]+): (#[0-9a-f]{6})", body))
        if colours:
            found[selector.strip()] = colours
    return found


def contrast(first: str, second: str) -> float:
    """WCAG's contrast ratio of two colours as ``#rrggbb``."""
    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_there_are_four_palettes_of_the_same_colours() -> None:
    found = palettes()
    assert len(found) == 4
    assert len({frozenset(colours) for colours in found.values()}) == 1
    light, device_dark, dark, _ = found.values()
    assert device_dark == dark != light


@pytest.mark.parametrize("theme", palettes())
@pytest.mark.parametrize(("colour", "ground", "least"), PAIRS)
def test_colours_stand_out(theme: str, colour: str, ground: str, least: float) -> None:
    colours = palettes()[theme]
    assert contrast(colours[colour], colours[ground]) >= least
