"""Library updates from the command line, with a small corpus of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.corpora import HashingEmbedder, hashing_models, write_corpus
from tests.records.conftest import mask
from tests.review.desks import exchange
from tests.review.update_desks import BRIEF_PATH, BUDGET, PATH
from typer.testing import CliRunner, Result

from civicbot.cli import application
from civicbot.commands_updates import BLOCKED
from civicbot.errors import CivicbotError
from civicbot.generation import current_name, index_folder
from civicbot.library.ingest import prepare
from civicbot.library.progress import Progress
from civicbot.records.database import open_database
from civicbot.records.store import Records
from civicbot.review.access import Action, Actor, Role
from civicbot.review.audit import AuditLog
from civicbot.settings import Settings

ADMIN = Actor(name="kim", role=Role.ADMIN)


class Site:
    """A corpus, an index of it, and a question that a resident asked."""

    def __init__(self, folder: Path) -> None:
        self.corpus = write_corpus(folder / "corpus")
        self.settings = Settings(corpus=self.corpus, data=folder / "var", embedder_languages="none")
        self.index = index_folder(self.settings.data)

    @property
    def live(self) -> str | None:
        return current_name(self.index)

    def asked(self) -> None:
        database = open_database(self.settings)
        records = Records(database, mask=mask)
        records.open()
        records.remember(exchange(BUDGET, asked_at=records._now()))
        database.close()

    def raise_budget(self) -> None:
        for path in (PATH, BRIEF_PATH):
            file = self.corpus / path
            text = file.read_text(encoding="utf-8").replace("40억", "50억").replace("4.0e9", "5.0e9")
            file.write_text(text, encoding="utf-8")

    def logged(self) -> list[tuple[str, str]]:
        database = open_database(self.settings)
        entries = AuditLog(database).entries(ADMIN)
        database.close()
        return [(entry.action, entry.actor) for entry in reversed(entries)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    site = Site(tmp_path)
    values = {"DATA": site.settings.data, "CORPUS": site.corpus, "EMBEDDER_LANGUAGES": "none", "DATABASE_URL": ""}
    for name, value in values.items():
        monkeypatch.setenv(f"CIVICBOT_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "200")

    def here(self: object, progress: Progress) -> object:
        # Without a process of its own, and without a model: tests/library/test_child.py has both.
        del self
        return prepare(site.settings, progress=progress, models=hashing_models(HashingEmbedder()))

    monkeypatch.setattr("civicbot.library.child.ChildIngest.__call__", here)
    monkeypatch.setattr("civicbot.library.ingest.installed_models", lambda: hashing_models(HashingEmbedder()))
    told("ingest")
    site.asked()
    return site


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, list(arguments))


def told(*arguments: str, status: int = 0) -> str:
    result = run(*arguments)
    assert result.exit_code == status, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, CivicbotError), result.output
    return str(result.exception)


def test_prepared_shown_published_and_taken_back(site: Site) -> None:
    base = site.live
    assert "No update was ever prepared" in told("updates", "list")
    assert "Nothing changed" in told("ingest", "--check-impact")
    site.raise_budget()
    output = told("ingest", "--check-impact")
    assert "prepared, not live; publish with `civicbot updates publish 2`" in output
    assert "Documents: 0 added, 2 changed, 0 removed" in output
    assert "[changed_figures] recent, asked 1" in output
    assert "«40억»" in output
    assert "«50억»" in output
    assert site.live == base
    assert "[changed_figures]" in told("updates", "show", "2")
    published = told("updates", "publish", "2")
    assert f"`civicbot rollback` brings {base} back" in published
    new = site.live
    assert new != base
    assert "published" in told("updates", "list")
    assert f"Generation {base} is live again, instead of {new}." in told("rollback", "--reason", "틀린 금액")
    assert site.live == base
    listed = told("updates", "list")
    assert "put in place by a roll-back" in listed
    assert "rollback" in listed
    assert "was rolled back" in told("ingest")
    assert "Reason: 틀린 금액" in told("updates", "show", "3")
    told("rollback")
    assert site.live == new
    actions = [action for action, _ in site.logged()]
    assert actions == ["prepare_update", "prepare_update", "publish_update", "roll_back", "roll_back"]
    assert all(actor.startswith("cli:") for _, actor in site.logged())
    assert Action.ROLL_BACK.value in actions


def test_what_blocks_takes_a_reason(site: Site) -> None:
    (site.corpus / BRIEF_PATH).write_text("---\nid: [\n---\n", encoding="utf-8")
    output = told("ingest", "--check-impact", status=BLOCKED)
    assert "BLOCKS: 1 new problems in documents" in output
    assert "civicbot updates publish 1 --reason" in output
    assert "Rules keep the library update 1" in refused("updates", "publish", "1")
    told("updates", "publish", "1", "--reason", "급합니다")


def test_discarded(site: Site) -> None:
    base = site.live
    site.raise_budget()
    told("ingest", "--check-impact")
    assert "discarded" in told("updates", "discard", "1")
    assert "'discarded'" in refused("updates", "publish", "1")
    assert site.live == base
    assert len(list((site.index / "generations").iterdir())) == 1


def test_a_plain_ingest_publishes_it(site: Site) -> None:
    site.raise_budget()
    told("ingest", "--check-impact")
    assert "is live" in told("ingest")
    assert "civicbot ingest" in told("updates", "list")
    assert "'published'" in refused("updates", "discard", "1")


def test_what_cannot_be_prepared(site: Site) -> None:
    for path in site.corpus.rglob("*.md"):
        path.unlink()
    assert "holds no document" in told("ingest", "--check-impact", status=1)


@pytest.mark.usefixtures("site")
def test_what_is_refused() -> None:
    assert "no earlier library" in refused("rollback")
    assert "no library update 9" in refused("updates", "show", "9")
    assert run("ingest", "--check-impact", "--rebuild").exit_code == 2
    assert run("ingest", "--check-impact", "somewhere").exit_code == 2
