"""What is proposed for a gap, and that it passes the checks where it can."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import URL
from tests.review.briefs import COST, COST_EN, SLUG, VEHICLES, corpus
from tests.review.desks import PARK

from civicbot.model import AnswerStatus, Facet, Language
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.review.brief_edits import BriefEdits
from civicbot.review.brief_nouns import Advice, BriefCheck, BriefDraft, EditKind, SentFile, UnknownBriefError
from civicbot.review.brief_proposals import slug_of
from civicbot.review.gaps_nouns import Gap, GapExample, Nearest, NextStep
from civicbot.review.store import Store

__all__ = ["corpus"]

AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NEAR = Nearest(
    document_id="sky-tram-ko", path=f"ko/briefs/{SLUG}.md", title="하늘트램", language="ko", entity="tram",
    facet=Facet.COST, heading="비용과 재원", sentence=COST, score=0.5,
)  # fmt: skip
DIGEST = Nearest(
    document_id="S001-ko", path="ko/sources/gaon-20260501-sky-tram.md", title="하늘트램", language="ko",
    sentence=VEHICLES, score=0.4,
)  # fmt: skip


def hide(text: str, language: Language) -> str:
    return text.replace("010-2345-6789", f"[{language} 전화번호]")


@pytest.fixture
def briefs(corpus: Path, tmp_path: Path) -> BriefEdits:
    database = Database(URL.create("sqlite", database=str(tmp_path / "records.sqlite3")))
    Records(database, mask=hide).open()
    return BriefEdits(Store(database), corpus, lambda: date(2026, 11, 22), mask=hide)


def gap(*asked: tuple[str, Language], **changes: object) -> Gap:
    examples = tuple(
        GapExample(
            question=question, language=language, status=AnswerStatus.NO_EVIDENCE, asked=1, last_asked=AT, answer_id="a"
        )
        for question, language in asked
    )
    made = Gap(
        key="k", label=asked[0][0], language="ko", languages=tuple(dict.fromkeys(one[1] for one in asked)),
        entity="tram", facet=Facet.COST, asked=1, residents=1, before=0, weeks=(1,), statuses={},
        step=NextStep.WORDING, nearest=NEAR, last_asked=AT, few=True, examples=examples,
    )  # fmt: skip
    return made.model_copy(update=changes)


def changed(draft: BriefDraft) -> dict[str, str]:
    return {file.path: file.text for file in draft.files if file.changed}


def checked(briefs: BriefEdits, draft: BriefDraft) -> BriefCheck:
    sent = [SentFile(path=file.path, digest=file.digest, text=file.text) for file in draft.files]
    return briefs.check(PARK, draft.slug, sent)


def test_wordings_go_to_the_sentence_in_each_language(briefs: BriefEdits) -> None:
    draft = briefs.propose(PARK, gap(("세금이 얼마 들어요?", "ko"), ("how much tax money", "en")))
    assert (draft.kind, draft.advice, draft.gap) == (EditKind.WORDING, (), "k")
    texts = changed(draft)
    assert set(texts) == {f"{language}/questions/{SLUG}.md" for language in ("ko", "en")}
    assert texts[f"ko/questions/{SLUG}.md"].startswith(
        f"{COST}\n- 트램 공사비가 얼마예요?\n- 하늘트램 사업비\n- 세금이"
    )
    assert f"{COST_EN}\n" in texts[f"en/questions/{SLUG}.md"]
    assert checked(briefs, draft).sound


def test_where_a_sentence_is_full_its_section_takes_them_and_then_nothing(briefs: BriefEdits, corpus: Path) -> None:
    questions = corpus / f"ko/questions/{SLUG}.md"
    questions.write_text(f"{COST}\n" + "".join(f"- 물음 {number}?\n" for number in range(9)), encoding="utf-8")
    draft = briefs.propose(PARK, gap(("세금이 얼마 들어요?", "ko")))
    assert list(changed(draft)) == [f"ko/briefs/{SLUG}.md"]
    assert "하늘트램에 드는 돈은 얼마입니까?\n세금이 얼마 들어요?\n-->" in changed(draft)[f"ko/briefs/{SLUG}.md"]
    assert draft.kind is EditKind.WORDING
    assert checked(briefs, draft).sound
    brief = corpus / f"ko/briefs/{SLUG}.md"
    more = "".join(f"말 {number}\n" for number in range(5))
    brief.write_text(
        brief.read_text(encoding="utf-8").replace("트램 총사업비\n", f"트램 총사업비\n{more}"), encoding="utf-8"
    )
    draft = briefs.propose(PARK, gap(("세금이 얼마 들어요?", "ko")))
    assert (changed(draft), draft.advice) == ({}, (Advice.NO_ROOM,))


def test_what_stands_there_or_looks_personal_is_not_proposed(briefs: BriefEdits) -> None:
    asked: tuple[tuple[str, Language], ...] = (
        ("하늘트램 사업비", "ko"),
        ("010-2345-6789로 얼마인지 알려 줘", "ko"),
        ("[이름] 씨 집은 얼마?", "ko"),
    )
    draft = briefs.propose(PARK, gap(*asked))
    assert (changed(draft), draft.advice) == ({}, (Advice.NO_WORDING,))


def test_a_digests_own_sentence_is_proposed_in_both_languages(briefs: BriefEdits) -> None:
    draft = briefs.propose(PARK, gap(("차량이 몇 대예요?", "ko"), step=NextStep.WRITE, digest=DIGEST))
    assert (draft.kind, draft.advice) == (EditKind.SENTENCE, (Advice.FROM_DIGEST,))
    texts = changed(draft)
    assert f"{COST}[^S001]\n{VEHICLES}[^S001]\n" in texts[f"ko/briefs/{SLUG}.md"]
    assert "that the Sky Tram would have 20 vehicles.[^S001]\n" in texts[f"en/briefs/{SLUG}.md"]
    assert checked(briefs, draft).sound


@pytest.mark.parametrize("kind", [EditKind.SENTENCE, EditKind.UNPUBLISHED])
def test_a_sentence_with_gaps_cannot_be_saved_as_it_is(briefs: BriefEdits, kind: EditKind) -> None:
    draft = briefs.propose(PARK, gap(("차량이 몇 대예요?", "ko"), step=NextStep.WRITE), kind)
    assert draft.advice == (Advice.TEMPLATE,)
    assert all(
        "S000" in text and ("하늘트램의 ○○" in text or "of Sky Tram" in text) for text in changed(draft).values()
    )
    assert not checked(briefs, draft).sound


def test_a_section_that_is_missing_is_put_in_and_wants_wordings(briefs: BriefEdits) -> None:
    draft = briefs.propose(PARK, gap(("언제 열어요?", "ko"), facet=Facet.SCHEDULE, step=NextStep.WRITE, digest=DIGEST))
    assert Advice.NEW_FACET in draft.advice
    assert "## 일정\n\n<!-- asked as:\n언제 열어요?\n-->\n" in changed(draft)[f"ko/briefs/{SLUG}.md"]
    assert any("different wordings" in problem.message for problem in checked(briefs, draft).problems)


def test_a_gap_without_a_brief_wants_one_chosen(briefs: BriefEdits) -> None:
    lost = gap(("달빛도서관은 얼마예요?", "ko"), nearest=None, step=NextStep.UPLOAD)
    assert slug_of(lost) is None
    assert slug_of(gap(("?", "ko"), nearest=DIGEST)) is None
    with pytest.raises(UnknownBriefError, match="No brief tells"):
        briefs.propose(PARK, lost)
    assert changed(briefs.propose(PARK, lost, slug=SLUG))
