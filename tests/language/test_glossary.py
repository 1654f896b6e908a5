import itertools
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.errors import IngestError
from civicbot.language.glossary import Glossary, Mention
from civicbot.settings import REPOSITORY

GLOSSARY = Glossary.parse("""
entities:
  ai_city:
    kind: programme
    ko: {name: AI 시티, aliases: [K-AI 시티, 에이아이 시티]}
    en: {name: AI City, aliases: [K-AI City]}
    brief: ai-city-programme
  ai_city_bid:
    kind: project
    ko: {name: 광주 AI 시티 유치}
    en: {name: "Gwangju's AI City bid"}
  brt:
    kind: project
    ko: {name: 백운~매곡 BRT}
    en: {name: Baegun–Maegok BRT, aliases: [BRT]}
  data_center:
    kind: facility
    ko: {name: 국가AI데이터센터}
    en: {name: national AI data centre}
  computing_center:
    kind: project
    ko: {name: 국가AI컴퓨팅센터}
    en: {name: National AI Computing Centre}
confusable:
  - entities: [data_center, computing_center]
    wordings: [AI 센터, AI centre]
    ko: 둘은 다릅니다.
    en: They differ.
collectives:
  - {wordings: [정부, the government], members: [data_center, brt]}
words: [솔라시도]
""")
NAMES = [name for entity in GLOSSARY.entities.values() for names in (entity.ko, entity.en) for name in names.all]


def keys(text: str) -> list[str]:
    return [mention.key for mention in GLOSSARY.mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AI 시티가 뭐예요?", ["ai_city"]),
        ("ai시티 예산", ["ai_city"]),
        ("AI-시티, AI·시티, AIㆍ시티", ["ai_city"] * 3),
        ("K-AI City and the 'AI City'", ["ai_city", "ai_city"]),
        ("ＡＩ　시티", ["ai_city"]),
        ("광주 AI시티 유치는?", ["ai_city_bid"]),
        ("Gwangju’s AI City bid", ["ai_city_bid"]),
        ("백운-매곡 BRT, 백운∼매곡BRT, Baegun-Maegok BRT", ["brt"] * 3),
        ("국가 AI 데이터 센터와 국가AI컴퓨팅센터", ["data_center", "computing_center"]),
        ("AI City's budget", ["ai_city"]),
        ("AI Citys, HAI City, BRTs", []),
        ("", []),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_a_mention_stands_in_the_text() -> None:
    text = unicodedata.normalize("NFD", "광주의 ＡＩ 시티와 BRT")
    found = GLOSSARY.mentions(text)
    assert [mention.key for mention in found] == ["ai_city", "brt"]
    assert [text[m.start : m.end] for m in found] == [m.name for m in found]
    assert unicodedata.normalize("NFKC", found[0].name) == "AI 시티"


@given(
    st.lists(
        st.sampled_from(NAMES) | st.text(st.characters() | st.sampled_from("가 A.~é\u1161㎡"), max_size=8), max_size=6
    )
)
def test_mentions_have_their_offsets(pieces: list[str]) -> None:
    text = "|".join(pieces)
    found = GLOSSARY.mentions(text)
    assert all(text[m.start : m.end] == m.name != "" for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    for name in set(pieces) & set(NAMES):
        assert any(mention.name == name for mention in found)


@pytest.mark.parametrize(
    ("text", "ambiguous"),
    [
        ("AI 센터 예산은?", True),
        ("Where is the AI-centre?", True),
        ("국가AI데이터센터는 AI 센터인가요?", False),
        ("AI 시티 예산은?", False),
    ],
)
def test_what_may_mean_two_things(text: str, ambiguous: bool) -> None:
    assert GLOSSARY.ambiguous(text) == (GLOSSARY.confusable[0] if ambiguous else None)


def test_those_who_speak_for_a_collective_stand_where_it_is_named() -> None:
    found = GLOSSARY.members("What did the Government say?")
    assert [mention.key for mention in found] == ["data_center", "brt"]
    assert {(mention.name, mention.start, mention.end) for mention in found} == {("the Government", 9, 23)}
    assert GLOSSARY.members("what did the governments say") == []
    assert len(GLOSSARY.members("이번 정부는 뭐래요?")) == 2
    assert GLOSSARY.members("지방정부는 뭐래요?") == []


def test_an_absent_or_empty_glossary_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    for glossary in (Glossary.load(tmp_path / "none.yaml"), Glossary.load(tmp_path / "empty.yaml")):
        assert glossary.mentions("AI 시티") == []
        assert glossary.ambiguous("AI 센터") is None
        assert glossary.user_words == ()
        assert glossary.synonyms == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("entities: [", "YAML"),
        ("entities: {a: {kind: project, ko: {name: 가}}}", "entities.a.en"),
        ("entities: {a: {kind: thing, ko: {name: 가}, en: {name: b}}}", "entities.a.kind"),
        ("entities: {a: {kind: project, ko: {name: 가, aliases: ['']}, en: {name: b}}}", "entities.a.ko.aliases.0"),
        ("entities: {a: {kind: project, ko: {name: '·'}, en: {name: b}}}", "entities.a.ko.name"),
        ("confusable: [{entities: [a], ko: x, en: y}]", "confusable.0.entities"),
        ("synonyms: {fr: [[prix, tarif]]}", "synonyms.fr"),
        ("synonyms: {ko: [예산, 사업비]}", "synonyms.ko.0"),
        ("synonyms: {ko: [[예산, '?']]}", "synonyms.ko.0.1"),
        ("synonyms: {en: [[cost, 7]]}", "synonyms.en.0.1"),
        ("synonyms: [[cost, price]]", "synonyms"),
        ("- a list", "glossary"),
        ("other: 1", "other"),
    ],
)
def test_a_wrong_file_is_refused_by_field(text: str, named: str) -> None:
    with pytest.raises(IngestError, match=re.escape(named)) as caught:
        Glossary.parse(text)
    assert caught.value.hint


def test_groups_of_words_with_one_meaning() -> None:
    glossary = Glossary.parse("synonyms: {ko: [[예산, 돈], [착공, 첫 삽]], en: [[cost, price tag]]}")
    assert glossary.synonyms == {"ko": (("예산", "돈"), ("착공", "첫 삽")), "en": (("cost", "price tag"),)}
    assert GLOSSARY.synonyms == {}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "glossary.yaml"
    path.write_bytes("이름: 값".encode("cp949"))
    with pytest.raises(IngestError, match=r"glossary\.yaml cannot be read"):
        Glossary.load(path)


def test_the_repositorys_glossary() -> None:
    glossary = Glossary.load(REPOSITORY / "corpus" / "glossary.yaml")
    for key, entity in glossary.entities.items():
        assert entity.brief is None or (REPOSITORY / "corpus" / "ko" / "briefs" / f"{entity.brief}.md").exists()
        for names in (entity.ko, entity.en):
            text = f"({names.name})"
            assert Mention(key, names.name, 1, 1 + len(names.name)) in glossary.mentions(text)
    assert all(" " not in word for word in glossary.user_words)
    assert all(key in glossary.entities for group in glossary.confusable for key in group.entities)
    assert all(glossary.entities[key].kind in ("person", "body") for one in glossary.collectives for key in one.members)
