"""What questions go by: quick to change, there in an outage, the widest switch first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, text
from tests.review.staff import ADMIN, NOW, Clock, glossary

from civicbot.answering.protocols import Asked, Ended
from civicbot.model import Facet
from civicbot.records.database import Database
from civicbot.records.tables import SwitchRow
from civicbot.review.canned import CannedTexts
from civicbot.review.live_rulings import FRESH_SECONDS, REST_SECONDS, LiveRulings, RuleBook
from civicbot.review.switches import Switches
from civicbot.review.view_nouns import AnswerClass, Canned, NewCanned, NewSwitch, Switch, SwitchScope

KOREAN = Asked(language="ko")


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def pause(scope: SwitchScope = SwitchScope.EVERYTHING, value: str | None = None, number: int = 1) -> Switch:
    told = value or scope.value
    return Switch(
        id=number, scope=scope, value=value, reason="왜", text_ko=told, text_en=told.upper(), set_by="kim", set_at=NOW
    )


def canned(answer_class: AnswerClass, entity: str | None = None, facet: Facet | None = None) -> Canned:
    told = f"{answer_class.value} {entity} {facet.value if facet else None}"
    return Canned(
        id=1, answer_class=answer_class, entity=entity, facet=facet, reason="왜", text_ko=told, text_en=told,
        set_by="kim", set_at=NOW,
    )  # fmt: skip


def new_switch(told: str = "멈춤", **fields: object) -> NewSwitch:
    given = {"scope": SwitchScope.EVERYTHING, "reason": "왜", "text_ko": told, "text_en": "Paused"}
    return NewSwitch.model_validate(given | fields)


def told(rules: RuleBook, asked: Asked = KOREAN) -> str | None:
    found = rules.find(asked)
    return found.text if found is not None else None


def test_the_widest_switch_is_told_and_of_those_the_newest() -> None:
    topics = (pause(SwitchScope.TOPIC, "npu", 5), pause(SwitchScope.TOPIC, "ai_city", 4))
    narrow = (*topics, pause(SwitchScope.LANGUAGE, "ko", 3), pause(SwitchScope.SITE, "demo", 2))
    everywhere = Asked(language="ko", site="demo", topics=frozenset({"npu", "ai_city"}))
    assert told(RuleBook((*narrow, pause())), everywhere) == "everything"
    assert told(RuleBook(narrow), everywhere) == "demo"
    assert told(RuleBook(narrow), Asked(language="ko", topics=frozenset({"npu"}))) == "ko"
    assert told(RuleBook(narrow), Asked(language="en", topics=frozenset({"npu", "ai_city"}))) == "NPU"
    assert told(RuleBook(narrow), Asked(language="en", site="other")) is None
    assert told(RuleBook((pause(number=7), pause(SwitchScope.SITE, "demo", 8)))) == "everything"
    assert RuleBook().find(everywhere) is None


def test_the_narrowest_canned_text_is_told() -> None:
    general, about = canned(AnswerClass.NO_EVIDENCE), canned(AnswerClass.NO_EVIDENCE, "npu")
    exact = canned(AnswerClass.NO_EVIDENCE, "npu", Facet.COST)
    rules = RuleBook(canned=(general, about, exact, canned(AnswerClass.OPINION)))

    def text(key: str, *pairs: tuple[str, Facet | None]) -> str | None:
        return rules.text(Ended(key=key, language="ko", about=pairs))

    assert text("no_evidence", ("npu", Facet.COST)) == exact.text_ko
    assert text("no_evidence", ("npu", Facet.PLACE)) == about.text_ko
    assert text("no_evidence", ("ai_city", None), ("npu", None)) == about.text_ko
    assert text("no_evidence", ("ai_city", Facet.COST)) == general.text_ko
    assert text("no_evidence") == general.text_ko
    assert text("refused_opinion", ("npu", Facet.COST)) == "refused_opinion None None"
    assert text("refused_unsafe") is None
    assert RuleBook(canned=(exact,)).text(Ended(key="no_evidence", language="ko")) is None


def test_a_change_of_another_process_is_known_once_what_was_read_is_old(
    database: Database, address: str, opened: Callable[[str], Database]
) -> None:
    database.upgrade()
    clock = Seconds()
    here, there = LiveRulings(database, clock), opened(address)
    assert told(here.current()) is None
    switch = Switches(there, LiveRulings(there), glossary).set(ADMIN, new_switch())
    assert told(here.current()) is None
    clock.now += FRESH_SECONDS
    assert told(here.current()) == "멈춤"
    Switches(there, LiveRulings(there), glossary).lift(ADMIN, switch.id)
    clock.now += FRESH_SECONDS
    assert told(here.current()) is None


def test_a_change_in_this_process_is_known_at_once(database: Database) -> None:
    database.upgrade()
    live = LiveRulings(database, Seconds())
    assert told(live.current()) is None
    switch = Switches(database, live, glossary).set(ADMIN, new_switch())
    assert told(live.current()) == "멈춤"
    text = NewCanned(answer_class=AnswerClass.OPINION, reason="왜", text_ko="의견은 없습니다", text_en="No opinion")
    CannedTexts(database, live, glossary).lay_down(ADMIN, text)
    assert live.current().text(Ended(key="refused_opinion", language="en")) == "No opinion"
    Switches(database, live, glossary).lift(ADMIN, switch.id)
    assert told(live.current()) is None


def test_a_switch_ends_by_itself_at_its_time(database: Database) -> None:
    database.upgrade()
    now = Clock()
    live = LiveRulings(database, Seconds(), now)
    Switches(database, live, glossary, now).set(ADMIN, new_switch(until=NOW + timedelta(minutes=5)))
    now.now += timedelta(minutes=5, seconds=-1)
    assert told(live.current()) == "멈춤"
    now.now += timedelta(seconds=1)
    assert told(live.current()) is None


def test_an_outage_keeps_the_last_known_and_nobody_waits(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.upgrade()
    clock = Seconds()
    live = LiveRulings(database, clock)
    switches = Switches(database, live, glossary)
    switch = switches.set(ADMIN, new_switch())
    with database.changing() as connection:
        connection.execute(text("ALTER TABLE switches RENAME TO away"))
    for _ in range(3):
        clock.now += REST_SECONDS
        live.refresh()
        assert told(live.current()) == "멈춤"
    assert [record.getMessage() for record in caplog.records].count("rulings_lost") == 1
    # Whoever asks while it is tried again goes on with what is known.
    begun, end = threading.Event(), threading.Event()
    read = live._read

    def slowly() -> None:
        begun.set()
        assert end.wait(20)
        read()

    monkeypatch.setattr(live, "_read", slowly)
    clock.now += REST_SECONDS
    assert told(live.current()) == "멈춤"
    assert begun.wait(20)
    assert told(live.current()) == "멈춤"
    with database.changing() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO switches"))
    end.set()
    monkeypatch.undo()
    live.refresh()
    assert "rulings_back" in caplog.text
    switches.lift(ADMIN, switch.id)
    assert told(live.current()) is None


def test_before_the_first_reading_nothing_is_laid_down(database: Database) -> None:
    live = LiveRulings(database)  # whose tables were never made
    assert told(live.current()) is None


def test_what_a_newer_program_wrote_is_left_out(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    database.upgrade()
    row = {"scope": "planet", "reason": "왜", "text_ko": "?", "text_en": "?", "set_by": "kim", "set_at": NOW}
    with database.writing() as session:
        session.execute(insert(SwitchRow).values(**row))
    live = LiveRulings(database)
    Switches(database, live, glossary).set(ADMIN, new_switch())
    assert told(live.current()) == "멈춤"
    assert "ruling_unusable" in caplog.text
