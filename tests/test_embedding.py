"""docs/embedding.md and its Korean version tell webmasters what the program really needs and does."""

from __future__ import annotations

import gzip
import html
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command
from typer.testing import CliRunner

from civicbot.cli import application
from civicbot.model import LANGUAGES, Language
from civicbot.web.demo.site import Demonstration
from civicbot.web.demo.variants import frame_policy, script_policy
from civicbot.web.embedding import SCRIPT, snippet
from civicbot.web.phrases import FOLDER

ROOT = Path(__file__).resolve().parents[1]
TEXTS: dict[Language, str] = {
    "ko": (ROOT / "docs" / "embedding.ko.md").read_text(encoding="utf-8"),
    "en": (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8"),
}
WIDGET = SCRIPT.read_text(encoding="utf-8")
BOT = "https://assistant.example"
INTERNAL = {"mode"}
"""Attributes that only our own page for frames uses."""

both = pytest.mark.parametrize("language", LANGUAGES)


def blocks(language: Language, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", TEXTS[language], re.DOTALL | re.MULTILINE)


def rows(language: Language, first: str) -> list[list[str]]:
    """The rows of the tables whose first cell looks like ``first``, cell by cell."""
    found = re.findall(rf"^\| (`{first}` \|.*) \|$", TEXTS[language], re.MULTILINE)
    return [row.split(" | ") for row in found]


@both
def test_the_attributes_are_those_that_the_widget_reads(language: Language) -> None:
    read = re.search(r"const \{([^}]+)\} = script\.dataset;", WIDGET)
    assert read is not None
    names = {part.split("=")[0].strip() for part in read[1].split(",")}
    assert {row[0] for row in rows(language, r"data-\w+")} == {f"`data-{name}`" for name in names - INTERNAL}
    used = set(re.findall(r"\bdata-([a-z]+)", TEXTS[language]))
    assert used <= names - INTERNAL


@both
def test_the_policies_are_those_of_the_demonstration_site(language: Language) -> None:
    written = [
        dict(line.split(" ", 1) for line in block.replace(";", "").splitlines()) for block in blocks(language, "csp")
    ]
    assert written == [script_policy(BOT), frame_policy(BOT)]


@both
def test_the_directives_that_are_needed_are_those_of_the_policies(language: Language) -> None:
    needed = [row[0].strip("`") for row in rows(language, r"[a-z]+-src") if row[1] == f"`{BOT}`"]
    policies = (script_policy(BOT), frame_policy(BOT))
    assert needed == [name for policy in policies for name, value in policy.items() if value == BOT]


@both
def test_the_tags_are_those_that_the_program_makes(language: Language) -> None:
    plain, pinned, frame, corner = blocks(language, "html")
    assert plain.strip() == snippet(BOT, "garam", integrity=False)
    digits = r'widget-\w{16}\.js" integrity="sha384-[^"]+"'
    assert re.sub(digits, "PIN", " ".join(pinned.split())) == re.sub(digits, "PIN", snippet(BOT, "garam"))
    shown: set[Language] = {"ko"} if language == "ko" else {"ko", "en"}
    addresses = {Demonstration(assistant=BOT, site="garam", command="").frame(each) for each in shown}
    assert set(re.findall(r'src="([^"]+)"', html.unescape(frame + corner))) == addresses


@both
def test_the_commands_and_their_options_exist(language: Language) -> None:
    sites = get_command(application).commands["sites"].commands  # type: ignore[attr-defined]
    demo = get_command(application).commands["demo-site"]  # type: ignore[attr-defined]
    used = re.findall(r"civicbot sites (\w+)", TEXTS[language])
    assert set(used) == {"add", "edit", "list", "snippet", "disable", "remove"}
    known = {option for command in (*sites.values(), demo) for one in command.params for option in one.opts}
    for command in re.findall(r"civicbot [a-z -]+(?:[^\n`]|\\\n)*", TEXTS[language]):
        assert set(re.findall(r"(?<= )--[a-z-]+", command)) <= known | {"--help"}
    assert set(re.findall(r"`(--[a-z-]+)", TEXTS[language])) <= known


def test_the_command_prints_the_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path))
    monkeypatch.delenv("CIVICBOT_DATABASE_URL", raising=False)

    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(application, ["sites", *arguments])
        return result.exit_code, result.stdout.strip()

    assert run("add", "garam", "--origin", "https://www.garam.example")[0] == 0
    assert run("snippet", "garam", "--url", f"{BOT}/") == (0, snippet(BOT, "garam", integrity=False))
    assert run("snippet", "garam", "--url", BOT, "--integrity") == (0, snippet(BOT, "garam"))
    assert run("snippet", "garam", "--url", "assistant.example")[0] == 2
    assert run("snippet", "other", "--url", BOT)[0] == 1


@both
def test_what_the_console_says_is_quoted_as_it_is(language: Language) -> None:
    for said in re.findall(r"^\| `Civicbot: ([^`]+)`", TEXTS[language], re.MULTILINE):
        for part in re.split(r", since |\"garam\" |https://[\w.-]+|, or |\(\w+\)", said):
            assert part.strip() in WIDGET, part
    problems = yaml.safe_load((FOLDER / f"widget.{language}.yaml").read_text(encoding="utf-8"))["problems"]
    quoted = re.search(r'^\| "([^"]+)" ?\([^)]*429', TEXTS[language], re.MULTILINE)
    assert quoted is not None
    assert problems["rate_limited"].startswith(quoted[1])


@both
def test_the_entry_in_the_storage_is_called_as_told(language: Language) -> None:
    assert "`civicbot:${settings.bot}:${settings.site}`" in WIDGET
    assert f"`civicbot:{BOT}:garam`" in TEXTS[language]
    assert not re.search(r"localStorage|document\.cookie|indexedDB", WIDGET)


def test_the_file_is_as_small_as_told() -> None:
    assert all("30 KB" in text or "30KB" in text for text in TEXTS.values())
    assert len(gzip.compress(WIDGET.encode())) < 30_000


def test_both_languages_tell_the_same() -> None:
    korean, english = TEXTS["ko"], TEXTS["en"]
    for pattern in (r"^#+ ", r"^\| ", r"^- ", r"^```\w+$"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (korean, english)]
        assert counts[0] == counts[1], pattern
    for kind in ("csp", "css"):
        assert blocks("ko", kind) == blocks("en", kind)
    for kind in ("php", "jsp", "sh"):
        for one, other in zip(blocks("ko", kind), blocks("en", kind), strict=True):
            assert _code(one) == _code(other)


def _code(block: str) -> str:
    """A block without its comments, which are in the language of the text."""
    return re.sub(r"\s*(?:<%--.*?--%>|//(?! )?[^\n/]*$|# .*$)", "", block, flags=re.MULTILINE)


def test_links_to_headings_lead_somewhere() -> None:
    for text in TEXTS.values():
        anchors = {_anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
