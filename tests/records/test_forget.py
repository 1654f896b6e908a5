"""A resident's wish to be forgotten, on both kinds of database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.records.samples import exchange
from typer.testing import CliRunner

from civicbot.cli import application
from civicbot.errors import UnknownConversationError, UnknownTicketError
from civicbot.model import Feedback
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.store import Records

SECRET = "모르는 사람의 이야기"


def talk(records: Records, turns: int = 2) -> tuple[str, list[str]]:
    """A conversation with feedback on every answer; returns its id and its answers'."""
    conversation = records.start()
    answers = []
    for number in range(turns):
        given = exchange(conversation, f"{SECRET} {number}")
        records.remember(given)
        records.add_feedback(given.answer.id, Feedback(helpful=False, comment=SECRET))
        answers.append(given.answer.id)
    return conversation, answers


@pytest.mark.parametrize("key", ["conversation", "answer", "code", "typed code"])
def test_a_conversation_is_deleted_with_all_that_was_said(records: Records, database: Database, key: str) -> None:
    kept, _ = talk(records)
    conversation, answers = talk(records)
    code = records.open_ticket(answers[1], SECRET).code
    given = {"conversation": conversation, "answer": answers[0], "code": code, "typed code": f" {code.lower()}\n"}[key]
    gone = forget(database, given)
    assert (gone.conversations, gone.exchanges, gone.feedback, gone.tickets) == (1, 2, 2, 1)
    assert {one.answer.conversation_id for one in records.iter_exchanges()} == {kept}
    assert records.feedback_on(answers) == {}
    with pytest.raises(UnknownTicketError):
        records.ticket(code)
    with pytest.raises(UnknownConversationError):
        forget(database, given)


@pytest.mark.parametrize("key", ["", "nobody", "0000-0000-0000", "%", "' OR 1=1"])
def test_what_is_not_there_is_said_without_the_key(records: Records, database: Database, key: str) -> None:
    talk(records)
    with pytest.raises(UnknownConversationError) as caught:
        forget(database, key)
    assert not key or key not in str(caught.value)
    assert len(list(records.iter_exchanges())) == 2


def test_nothing_of_it_is_left_in_the_files(
    tmp_path: Path, opened: Callable[[str], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened(f"sqlite:///{tmp_path}/records.sqlite3")
    records = Records(database, mask=lambda text, _: text)
    records.open()
    conversation, _ = talk(records)
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path))
    result = CliRunner().invoke(application, ["records", "forget", conversation])
    assert (result.exit_code, result.output) == (0, "Deleted 2 exchanges, 2 feedback and 0 tickets.\n")
    files = list(tmp_path.glob("records.sqlite3*"))
    assert files
    assert not any(SECRET.encode() in file.read_bytes() for file in files)
