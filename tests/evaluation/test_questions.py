from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.samples import COST_EN, COST_KO, PRICE_KO, SMALL, make_item, write_set

from civicbot.errors import QuestionSetError
from civicbot.evaluation.questions import Item, groups, pairs, parse_set, read_set, select
from civicbot.model import Facet
from civicbot.settings import Settings

WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)
ITEMS = st.builds(
    Item,
    id=WORDS,
    lang=st.sampled_from(["ko", "en"]),
    split=st.sampled_from(["dev", "test"]),
    question=WORDS,
    type=st.sampled_from(["fact", "amount", "followup"]),
    answerable=st.booleans(),
    history=st.tuples(WORDS) | st.just(()),
    must_include=st.lists(st.lists(WORDS, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple),
    must_not_include=st.lists(WORDS, max_size=2).map(tuple),
    expected_sources=st.lists(WORDS, max_size=2).map(tuple),
    entity=st.none() | WORDS,
    facet=st.none() | st.sampled_from(Facet),
    pair=st.none(),
    group=st.none() | WORDS,
)


def complaint(*lines: str) -> str:
    """What is said about a set of these lines."""
    try:
        parse_set(lines, "set.jsonl")
    except QuestionSetError as error:
        return error.message
    return "nothing"


@given(st.lists(ITEMS, max_size=5, unique_by=lambda item: item.id))
def test_what_is_written_is_read(items: list[Item]) -> None:
    assert parse_set([item.model_dump_json() for item in items], "f") == tuple(items)


@given(st.text(max_size=80))
def test_any_line_is_read_or_refused_by_name(line: str) -> None:
    assert complaint("", line).startswith(("set.jsonl:2: ", "nothing"))


@given(st.sampled_from(sorted(COST_KO)), st.none() | st.booleans() | st.integers() | st.just({}) | st.just([[]]))
def test_a_field_of_another_kind_is_named(field: str, value: Any) -> None:
    row = COST_KO | {"pair": None} | {field: value}
    assert complaint(json.dumps(row)).startswith((f"set.jsonl:1: {field}", "nothing"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"lang": "fr"}, "f:1: lang: Input should be 'ko' or 'en'."),
        ({"must_include": [[]]}, "f:1: must_include.0: Tuple should have at least 1 item"),
        ({"question": "  "}, "f:1: question: String should have at least 1 character"),
        ({"colour": "red"}, "f:1: colour: Extra inputs are not permitted"),
        ({"pair": "e9"}, "f:1: pair: 'e9' is no question of the other language"),
        ({"pair": "k1"}, "f:1: pair: 'k1' is no question of the other language"),
    ],
)
def test_what_is_wrong_is_said(row: dict[str, Any], message: str) -> None:
    with pytest.raises(QuestionSetError) as raised:
        parse_set([json.dumps(COST_KO | {"pair": None} | row, ensure_ascii=False)], "f")
    assert raised.value.message.startswith(message)
    assert "evals/README.md" in raised.value.hint


def test_a_missing_field_and_a_second_id_are_said() -> None:
    row = {name: value for name, value in PRICE_KO.items() if name != "answerable"}
    with pytest.raises(QuestionSetError, match="f:1: answerable: Field required"):
        parse_set([json.dumps(row)], "f")
    with pytest.raises(QuestionSetError, match="f:3: id: 'k3' stands there twice"):
        parse_set([json.dumps(PRICE_KO), "", json.dumps(PRICE_KO)], "f")


def test_sets_are_found_by_name(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "evals")
    assert [item.id for item in read_set(folder, "small")] == ["k1", "k2", "e1", "k3", "k4"]
    for name in ("large", "../evals/small", ""):
        with pytest.raises(QuestionSetError, match=r"Sets there: small; CIVICBOT_EVALS"):
            read_set(folder, name)
    (folder / "small.jsonl").write_bytes(b"\xff")
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_set(folder, "small")


def test_selecting_by_split_and_number() -> None:
    items = parse_set([json.dumps(row) for row in SMALL], "f")
    assert [item.id for item in select(items, ("test",))] == ["k3", "k4"]
    assert [item.id for item in select(items, limit=2)] == ["k1", "k2"]
    with pytest.raises(QuestionSetError, match="no question in the split test"):
        select(items[:3], ("test",))


def test_pairs_and_groups() -> None:
    items = parse_set([json.dumps(row) for row in SMALL], "f")
    assert [(ko.id, en.id) for ko, en in pairs(items)] == [("k1", "e1")]
    assert [[item.id for item in held] for held in groups(items).values()] == [["k1", "k2"]]
    # One side's word is enough, and a question on whose other half nobody asks has no pair.
    one_sided = parse_set([json.dumps(COST_KO | {"pair": None}), json.dumps(COST_EN)], "f")
    assert [(ko.id, en.id) for ko, en in pairs(one_sided)] == [("k1", "e1")]
    assert list(pairs([make_item()])) == []


@pytest.mark.parametrize("path", sorted(Settings().evals.glob("*.jsonl")), ids=lambda path: path.stem)
def test_the_sets_of_this_repository_are_well_formed(path: Path) -> None:
    items = read_set(path.parent, path.stem)
    assert len(items) >= 20
    for item in items:
        assert item.must_include or not item.answerable
        assert item.expected_sources or not item.answerable
    for held in groups(items).values():
        assert len({(item.split, item.answerable) for item in held}) == 1


def test_the_main_set_is_as_large_as_promised() -> None:
    items = read_set(Settings().evals, "gwangju")
    assert len(items) >= 300
    assert sum(not item.answerable for item in items) >= 60
