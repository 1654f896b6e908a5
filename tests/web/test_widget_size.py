"""What the widget's script weighs, and what may not stand in it."""

from __future__ import annotations

import gzip
import re

import pytest

from civicbot.web.embedding import SCRIPT

LARGEST = 30 * 1024
FORBIDDEN = [
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "srcdoc",
    "document.cookie", "localStorage", "indexedDB", "eval(", "Function(", "javascript:'", "importScripts",
    "XMLHttpRequest", "sendBeacon", "WebSocket", "postMessage", "debugger", "console.log",
]  # fmt: skip


def source() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def test_it_is_small() -> None:
    assert len(gzip.compress(SCRIPT.read_bytes(), 9)) < LARGEST


@pytest.mark.parametrize("word", FORBIDDEN)
def test_it_makes_no_markup_keeps_nothing_and_calls_nobody_else(word: str) -> None:
    assert word not in source()


def test_it_names_no_other_address() -> None:
    addresses = set(re.findall(r"\b(?:https?:)?//[\w.-]+", re.sub(r"^\s*//.*", "", source(), flags=re.MULTILINE)))
    assert addresses == {"http://www.w3.org"}  # the namespace of SVG, which is a name


def test_it_leaves_no_global_name() -> None:
    code = re.sub(r"^//.*\n", "", source(), flags=re.MULTILINE).strip()
    assert code.startswith("(() => {\n  'use strict';")
    assert code.endswith("})();")
    assert re.findall(r"\b(?:window|globalThis|self)(?:\.\w+|\[[^\]]*\])\s*=[^=>]", code) == []


def test_sizes_are_those_of_the_browser_and_not_of_the_page() -> None:
    style = source().partition("const STYLE = `")[2].partition("`;")[0]
    assert len(style) > 5000
    assert re.findall(r"\d(?:rem|pt)\b", style) == []
