"""Setting and lifting switches: who may, what is kept, what is refused, and the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.review.staff import ADMIN, NOW, PUBLISHER, REVIEWER, Clock, glossary

from civicbot.model import LANGUAGES
from civicbot.records.database import Database
from civicbot.records.sites import SiteBook
from civicbot.records.tables import AuditRow, SwitchRow
from civicbot.review.access import Action, NotAllowedError
from civicbot.review.audit import AuditLog
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.ruling_rows import InvalidSwitchError, UnknownSwitchError
from civicbot.review.switches import Switches
from civicbot.review.view_nouns import MOST_TEXT, NewSwitch, SwitchScope

NEW = NewSwitch(scope=SwitchScope.EVERYTHING, reason="점검", text_ko="멈춤", text_en="Paused")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def switches(database: Database, clock: Clock) -> Switches:
    database.upgrade()
    SiteBook(database).add("demo", origins=("https://demo.example",))
    return Switches(database, LiveRulings(database), glossary, clock)


def test_a_switch_is_set_and_lifted_and_stays_known(switches: Switches, clock: Clock) -> None:
    switch = switches.set(ADMIN, NEW)
    assert (switch.set_by, switch.set_at, switch.active(clock.now)) == ("kim", NOW, True)
    assert switches.current(REVIEWER) == (switch,)
    clock.now += timedelta(hours=1)
    lifted = switches.lift(ADMIN, switch.id, " 고쳤음 ")
    assert (lifted.lifted_by, lifted.lifted_at, lifted.lift_reason) == ("kim", clock.now, "고쳤음")
    assert switches.current(REVIEWER) == ()
    assert switches.history(REVIEWER) == (lifted,)
    with pytest.raises(UnknownSwitchError):
        switches.lift(ADMIN, switch.id)
    with pytest.raises(UnknownSwitchError):
        switches.lift(ADMIN, 999)


def test_several_at_once_and_one_replaced(switches: Switches) -> None:
    one = switches.set(ADMIN, NEW)
    site = switches.set(ADMIN, NEW.model_copy(update={"scope": SwitchScope.SITE, "value": "demo"}))
    other = switches.change(ADMIN, one.id, NEW.model_copy(update={"text_ko": "잠시 멈춤"}))
    assert switches.current(ADMIN) == (other, site)
    old = switches.history(ADMIN)[-1]
    assert (old.id, old.lifted_by, old.lift_reason) == (one.id, "kim", f"→ {other.id}")
    assert switches.history(ADMIN, limit=1) == (other,)
    assert switches.history(ADMIN, before=other.id, limit=1) == (site,)
    with pytest.raises(UnknownSwitchError):
        switches.change(ADMIN, one.id, NEW)


def test_a_refused_change_leaves_the_old_switch_as_it_is(switches: Switches) -> None:
    switch = switches.set(ADMIN, NEW)
    with pytest.raises(InvalidSwitchError):
        switches.change(ADMIN, switch.id, NEW.model_copy(update={"text_en": ""}))
    assert switches.current(ADMIN) == (switch,)


def test_what_is_over_cannot_be_lifted(switches: Switches, clock: Clock) -> None:
    switch = switches.set(ADMIN, NEW.model_copy(update={"until": NOW + timedelta(minutes=1)}))
    clock.now += timedelta(minutes=1)
    assert switches.current(ADMIN) == ()
    with pytest.raises(UnknownSwitchError):
        switches.lift(ADMIN, switch.id)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "  "}, "reason is missing"),
        ({"text_ko": "…"}, "Korean text is missing"),
        ({"text_en": ""}, "English text is missing"),
        ({"text_en": "a" * (MOST_TEXT + 1)}, "English text has 501 characters"),
        ({"until": NOW}, "which is over"),
        ({"scope": SwitchScope.SITE}, "no site None"),
        ({"scope": SwitchScope.SITE, "value": "other"}, "no site 'other'"),
        ({"scope": SwitchScope.SITE, "value": "de\0mo"}, "no site"),
        ({"scope": SwitchScope.LANGUAGE, "value": "fr"}, "no language 'fr'"),
        ({"scope": SwitchScope.TOPIC, "value": "moon"}, "no topic 'moon'"),
    ],
)
def test_what_cannot_be_set(switches: Switches, changes: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidSwitchError, match=told):
        switches.set(ADMIN, NEW.model_copy(update=changes))
    assert switches.history(ADMIN) == ()


def test_everything_has_no_value(switches: Switches) -> None:
    assert switches.set(ADMIN, NEW.model_copy(update={"value": "demo"})).value is None


def test_texts_are_kept_on_one_line_and_without_what_cannot_be_stored(switches: Switches) -> None:
    switch = switches.set(ADMIN, NEW.model_copy(update={"text_ko": " 지금은\n멈춤\0 ", "reason": "a\nb\ud800"}))
    assert switch.text_ko == "지금은 멈춤\N{REPLACEMENT CHARACTER}"
    assert switch.reason == "a\nb?"


def test_what_can_be_paused_and_with_which_words(switches: Switches) -> None:
    keys = {scope: [choice.key for choice in switches.choices(REVIEWER, scope)] for scope in SwitchScope}
    assert keys == {
        SwitchScope.EVERYTHING: [],
        SwitchScope.SITE: ["demo"],
        SwitchScope.LANGUAGE: ["ko", "en"],
        SwitchScope.TOPIC: ["ai_city", "npu", "city_hall"],
    }
    for scope, choices in keys.items():
        values: list[str | None] = [*choices] or [None]
        for value in values:
            texts = switches.suggested(REVIEWER, scope, value)
            assert set(texts) == set(LANGUAGES)
            switches.set(
                ADMIN, NewSwitch(scope=scope, value=value, reason="왜", text_ko=texts["ko"], text_en=texts["en"])
            )
    assert "NPU센터" in switches.suggested(REVIEWER, SwitchScope.TOPIC, "npu")["ko"]
    assert "영어" in switches.suggested(REVIEWER, SwitchScope.LANGUAGE, "en")["ko"]
    with pytest.raises(InvalidSwitchError):
        switches.suggested(REVIEWER, SwitchScope.TOPIC, "moon")


def test_only_an_admin_may(switches: Switches) -> None:
    switch = switches.set(ADMIN, NEW)
    for actor in (REVIEWER, PUBLISHER):
        with pytest.raises(NotAllowedError):
            switches.set(actor, NEW)
        with pytest.raises(NotAllowedError):
            switches.change(actor, switch.id, NEW)
        with pytest.raises(NotAllowedError):
            switches.lift(actor, switch.id)
    assert switches.current(REVIEWER) == (switch,)


def test_every_change_is_in_the_log_and_none_without_it(
    switches: Switches, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = switches.set(ADMIN, NEW)
    two = switches.change(ADMIN, one.id, NEW)
    switches.lift(ADMIN, two.id)
    entries = AuditLog(database).entries(ADMIN, action=Action.SWITCH)
    told = [(entry.actor, entry.subject, entry.details["change"]) for entry in reversed(entries)]
    assert told == [
        ("kim", f"switch:{one.id}", "set"),
        ("kim", f"switch:{two.id}", "replace"),
        ("kim", f"switch:{two.id}", "lift"),
    ]
    assert "점검" not in str(entries)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the log is full")

    monkeypatch.setattr("civicbot.review.switches.note", fail)
    with pytest.raises(RuntimeError, match="full"):
        switches.set(ADMIN, NEW)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SwitchRow)) == 2
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 3
