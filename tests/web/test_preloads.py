from __future__ import annotations

import re
from pathlib import Path

from tests.web.conftest import Running

from civicbot.web.preloads import early_files, early_link, gradio_files


def test_what_is_imported_by_what_is_needed_is_found(tmp_path: Path) -> None:
    files = {
        "index-main.js": 'm=["./Index-app.js","./app.css"];\nimport(`./Index-app.js`);import(`./browser-x.js`)',
        "Index-app.js": 'import{a}from"./core-1.js";',
        "core-1.js": 'import"./deep-2.js";import"./gone.js"',
        "deep-2.js": "",
        "HTML-3.js": 'import"./core-1.js"',
        "Index-html.js": 'import{b}from"./HTML-3.js"',
        "Index-other.js": 'import"./core-1.js"',
        "HTML-3.css": "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert gradio_files(tmp_path) == (
        "HTML-3.js", "Index-app.js", "Index-html.js", "core-1.js", "deep-2.js", "HTML-3.css", "app.css",
    )  # fmt: skip
    assert gradio_files(tmp_path / "gone") == ()


def test_the_page_asks_early_for_files_that_are_there(site: Running) -> None:
    page = site.client.get("/").text
    named = re.findall(r'<link rel="(?:modulepreload|preload" as="style)" crossorigin href="([^"]+)" />', page)
    assert tuple(named) == early_files()
    assert {"/ui/chat.js", "/ui/sources.js"} < set(named)
    assert [one for one in named if re.match(r"/assets/(?:HTML|Blocks|Index)-.+\.js", one)]
    for address in named:
        assert site.client.get(address).status_code == 200, address
        assert early_link(address) in page
