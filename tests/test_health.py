import socket
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.library.corpora import CORPUS, HashingEmbedder, hashing_models, write_corpus
from tests.library.corpora import settings as small_settings

from civicbot.errors import EmbedderError
from civicbot.generation import MANIFEST, generation_folder, index_folder, publish
from civicbot.health import Check, doctor_checks, index_check, standing_checks
from civicbot.language.embedding import Embedder, fingerprint
from civicbot.library.ingest import ingest
from civicbot.records.database import open_database
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.live import LiveIndex
from civicbot.settings import Settings


def no_model() -> Embedder:
    raise EmbedderError("There is none.")


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a small library that is indexed."""
    folder = tmp_path_factory.mktemp("small")
    write_corpus(folder / "corpus")
    settings = small_settings(folder)
    ingest(settings, models=hashing_models(HashingEmbedder()))
    return settings


def live(settings: Settings) -> LiveIndex:
    return LiveIndex(index_folder(settings.data), EmbedderLoader(no_model, patient=False))


def by_name(checks: list[Check]) -> dict[str, Check]:
    assert len({check.name for check in checks}) == len(checks)
    return {check.name: check for check in checks}


def free_port(family: socket.AddressFamily, host: str) -> int:
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def test_a_contact_must_be_set() -> None:
    (unset,) = standing_checks(Settings())
    assert (unset.name, unset.state) == ("contact", "warning")
    assert "CIVICBOT_CONTACT" in unset.hint
    (found,) = standing_checks(Settings(contact="062-120"))
    assert (found.name, found.state, found.hint) == ("contact", "ok", "")


def test_the_index_waits_until_it_is_opened(indexed: Settings) -> None:
    index = live(indexed)
    assert index_check(index).state == "waiting"
    index.refresh()
    try:
        check = index_check(index)
        assert check.state == "ok"
        assert check.message.endswith("passages.")
    finally:
        index.close()


def test_without_an_index_nothing_can_be_answered(tmp_path: Path) -> None:
    index = live(Settings(data=tmp_path))
    with pytest.raises(Exception, match="not been indexed"):
        index.refresh()
    check = index_check(index)
    assert check.state == "failed"
    assert "civicbot ingest" in check.hint


def test_a_refused_newer_index_is_a_warning(tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    settings = small_settings(tmp_path)
    ingest(settings, models=hashing_models(HashingEmbedder()))
    index = live(settings)
    index.refresh()
    try:
        generation_folder(index_folder(settings.data), "g9").mkdir()
        publish(index_folder(settings.data), "g9")
        with pytest.raises(Exception, match="never finished"):
            index.refresh()
        check = index_check(index)
        assert check.state == "warning"
        assert "never finished" in check.message
    finally:
        index.close()


@pytest.mark.slow
def test_the_doctor_finds_a_healthy_service(indexed: Settings) -> None:
    port = free_port(socket.AF_INET, "127.0.0.1")
    checks = by_name(doctor_checks(indexed.model_copy(update={"embedder": "bundled", "port": port})))
    assert set(checks) == {"python", "packages", "model", "index", "records", "port", "contact"}
    states = {name: check.state for name, check in checks.items()}
    # The small library was indexed with another embedder, and nobody set a contact.
    assert states == dict.fromkeys(("python", "packages", "model", "records", "port"), "ok") | {
        "index": "warning",
        "contact": "warning",
    }
    assert "384 dimensions" in checks["model"].message
    assert "another embedding model" in checks["index"].message


@pytest.mark.slow
def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "model").mkdir()
        checks = by_name(doctor_checks(Settings(data=tmp_path, embedder=str(tmp_path / "model"), port=port)))
    assert (checks["model"].state, checks["index"].state, checks["port"].state) == ("failed", "failed", "warning")
    assert "CIVICBOT_EMBEDDER" in checks["model"].hint
    assert f"127.0.0.1:{port}" in checks["port"].message
    assert "CIVICBOT_PORT" in checks["port"].hint


def test_the_doctor_sees_a_damaged_index(indexed: Settings, tmp_path: Path) -> None:
    folder = generation_folder(index_folder(tmp_path), "g1")
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text("{}", encoding="utf-8")
    publish(index_folder(tmp_path), "g1")
    settings = Settings(data=tmp_path, embedder=str(tmp_path), host="no.such.host.invalid")
    checks = by_name(doctor_checks(settings))
    assert checks["index"].state == "failed"
    assert "--rebuild" in checks["index"].hint
    assert checks["port"].state == "warning"
    assert indexed.corpus.exists()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_the_port_of_an_ipv6_address_is_looked_at(tmp_path: Path) -> None:
    try:
        port = free_port(socket.AF_INET6, "::1")
    except OSError:
        pytest.skip("no IPv6 address here")
    (tmp_path / "model").mkdir()
    settings = Settings(data=tmp_path, embedder=str(tmp_path / "model"), host="::1", port=port)
    assert by_name(doctor_checks(settings))["port"].state == "ok"


def test_problems_of_the_library_are_told(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    brief = CORPUS["ko/briefs/ai-city.md"].replace("40억 원이 담겼습니다.[^S001]", "41억 원이 담겼습니다.[^S001]")
    write_corpus(tmp_path / "corpus", {**CORPUS, "ko/briefs/ai-city.md": brief})
    settings = small_settings(tmp_path)
    summary = ingest(settings, models=hashing_models(HashingEmbedder(), fingerprint(str(model))))
    assert summary.problems
    check = by_name(doctor_checks(settings.model_copy(update={"embedder": str(model)})))["index"]
    assert check.state == "warning"
    assert f"{len(summary.problems)} problems" in check.message


def test_the_doctor_tries_the_records(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    settings = Settings(data=tmp_path, embedder=str(tmp_path / "model"))

    def found(settings: Settings) -> Check:
        return by_name(doctor_checks(settings))["records"]

    assert found(settings).state == "ok"
    assert not (tmp_path / "records.sqlite3").exists()
    database = open_database(settings)
    database.upgrade()
    database.close()
    assert "read and written" in found(settings).message
    (tmp_path / "records.sqlite3").write_bytes(b"no database" * 1000)
    assert (found(settings).state, found(settings).message) == (
        "warning",
        "The records cannot be used (DatabaseError SQLITE_NOTADB).",
    )
    wrong = found(settings.model_copy(update={"database_url": SecretStr("mysql://me:s3cret@db.example/x")}))
    assert wrong.state == "failed"
    assert "s3cret" not in wrong.message
