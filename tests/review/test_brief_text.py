"""Small edits of Markdown: nothing but the facet changes, and the result can be read."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.corpora import corpus_file
from tests.review.briefs import COST, FARE, SLUG, files

from civicbot.library.checks.papers import Paper, Part, read_papers
from civicbot.library.facets import facet_headings
from civicbot.library.markdown import one_line, tidy
from civicbot.library.questions import read_questions
from civicbot.model import Facet, Language
from civicbot.review.brief_text import (
    LONGEST_WORDING,
    BriefEditError,
    add_questions,
    add_sentence,
    add_wordings,
    asked_of,
    clean_wording,
)

PATHS: dict[Language, str] = {"ko": f"ko/briefs/{SLUG}.md", "en": f"en/briefs/{SLUG}.md"}
TEXTS = files()
BRIEF = TEXTS[PATHS["ko"]]
HELD = (Facet.WHAT, Facet.COST, Facet.UNKNOWN)
WORDING = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


def paper(text: str, language: Language = "ko") -> Paper:
    (found,) = read_papers([corpus_file(PATHS[language], text)])
    return found


def told(part: Part) -> tuple[object, ...]:
    sentences = [(one.text, one.references) for one in part.sentences]
    return part.heading, part.facet, part.asked_as, sentences


def usable(wording: str) -> bool:
    try:
        clean_wording(wording)
    except BriefEditError:
        return False
    return True


@settings(max_examples=150)
@given(facet=st.sampled_from(HELD), wordings=st.lists(WORDING.filter(usable), min_size=1, max_size=3))
def test_a_wording_changes_nothing_but_its_list(facet: Facet, wordings: list[str]) -> None:
    before, after = paper(BRIEF), paper(add_wordings(tidy(BRIEF), "ko", facet, wordings))
    assert after.document.model_copy(update={"content_hash": ""}) == before.document.model_copy(
        update={"content_hash": ""}
    )
    for old, new in zip(before.parts, after.parts, strict=True):
        if old.facet is not facet:
            assert told(new) == told(old)
            continue
        assert told(new)[3] == told(old)[3]
        assert new.asked_as[: len(old.asked_as)] == old.asked_as
        # A wording of marks alone may be read as a list's mark and vanish; none breaks out.
        added = [one for one in dict.fromkeys(map(clean_wording, wordings)) if one not in old.asked_as]
        assert set(new.asked_as[len(old.asked_as) :]) <= set(added)


@settings(max_examples=100)
@given(st.lists(WORDING.filter(usable), min_size=1, max_size=3))
def test_a_question_changes_nothing_but_its_sentence(wordings: list[str]) -> None:
    path = f"ko/questions/{SLUG}.md"
    text = add_questions(tidy(TEXTS[path]), FARE, wordings)
    text = add_questions(text, COST, wordings)
    found = read_questions([corpus_file(path, text)])
    assert found.problems == ()
    asked = [clean_wording(one) for one in wordings]
    assert found.of(PATHS["ko"], COST)[:2] == ("트램 공사비가 얼마예요?", "하늘트램 사업비")
    assert set(found.of(PATHS["ko"], FARE)) <= set(asked)
    assert set(found.files[PATHS["ko"]][1]) == {COST, FARE}


@pytest.mark.parametrize("facet", list(Facet))
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_sentence_stands_under_its_facet_in_the_order_of_facets(facet: Facet, language: Language) -> None:
    line = {"ko": "하늘트램은 2031년 3월에 열립니다.[^S001]", "en": "The Sky Tram opens in March 2031.[^S001]"}[
        language
    ]
    text = TEXTS[PATHS[language]]
    before, after = (
        paper(text, language),
        paper(add_sentence(text, language, facet, line, ["트램?", "b", "c"]), language),
    )
    order = list(facet_headings(language).values())
    places = [order.index(part.facet) for part in after.parts if part.facet is not None]
    assert places == sorted(places)
    (part,) = (part for part in after.parts if part.facet is facet)
    assert (part.sentences[-1].text, part.sentences[-1].references) == (line.removesuffix("[^S001]"), ("S001",))
    rest = [told(one) for one in after.parts if one.facet is not facet]
    assert rest == [told(one) for one in before.parts if one.facet is not facet]
    if facet not in HELD:
        assert part.asked_as == ("트램?", "b", "c")


def test_a_list_is_made_where_there_is_none_and_kept_where_it_ends_on_its_last_line() -> None:
    bare = BRIEF.replace(
        "<!-- asked as:\n하늘트램 얼마예요?\n트램 총사업비\n하늘트램에 드는 돈은 얼마입니까?\n-->\n\n", ""
    )
    cost = paper(add_wordings(bare, "ko", Facet.COST, ["얼마?", "얼마?"])).parts[1]
    assert (cost.asked_as, [one.text for one in cost.sentences]) == (("얼마?",), [COST])
    tight = BRIEF.replace("하늘트램에 드는 돈은 얼마입니까?\n-->", "하늘트램에 드는 돈은 얼마입니까? -->")
    cost = paper(add_wordings(tight, "ko", Facet.COST, ["얼마?"])).parts[1]
    assert cost.asked_as[-2:] == ("하늘트램에 드는 돈은 얼마입니까?", "얼마?")
    assert [one.text for one in cost.sentences] == [COST]


def test_what_stands_there_already_is_not_added_again() -> None:
    assert add_wordings(BRIEF, "ko", Facet.COST, ["트램 총사업비", " - 하늘트램  얼마예요? "]) == BRIEF
    path = f"ko/questions/{SLUG}.md"
    assert add_questions(TEXTS[path], COST, ["하늘트램 사업비"]) == TEXTS[path]
    assert asked_of(TEXTS[path], COST) == ("트램 공사비가 얼마예요?", "하늘트램 사업비")
    assert asked_of(TEXTS[path], FARE) == ()


def test_a_new_block_of_questions_stands_behind_that_of_the_sentence_before() -> None:
    last = "마지막 문장입니다."
    text = f"{TEXTS[f'ko/questions/{SLUG}.md']}\n{last}\n- 무엇이 마지막이에요?\n"
    lines = add_questions(text, FARE, ["요금?", "얼마?"], after=["없는 문장", COST]).split("\n")
    assert [line for line in lines if line in (COST, FARE, last)] == [COST, FARE, last]
    assert add_questions("", FARE, ["요금?"]) == f"{FARE}\n- 요금?\n"


@pytest.mark.parametrize("wording", ["", "  ", "끝 --> 밖", "<!-- 안", "가" * (LONGEST_WORDING + 1), "- # *"])
def test_what_would_break_out_is_refused(wording: str) -> None:
    with pytest.raises(BriefEditError, match="cannot stand in a list"):
        add_wordings(BRIEF, "ko", Facet.COST, [wording])


def test_what_is_no_brief_or_has_no_such_section_is_refused() -> None:
    with pytest.raises(BriefEditError, match="no section 'place'"):
        add_wordings(BRIEF, "ko", Facet.PLACE, ["어디?"])
    with pytest.raises(BriefEditError, match="no front matter"):
        add_sentence("그냥 글", "ko", Facet.COST, "문장.")
    assert one_line(clean_wording("- 어디\n에요? ")) == "어디 에요?"
