"""Editing briefs on both kinds of database: proposed, checked, written in one step, taken back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.review.briefs import COST, SLUG, corpus
from tests.review.desks import KIM, PARK, ROOT, Clock

from civicbot.library.checks.corpus import check_corpus
from civicbot.model import Language
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.records.tables import AuditRow, BriefEditFileRow, BriefEditRow
from civicbot.review.access import NotAllowedError
from civicbot.review.brief_edits import BriefEdits
from civicbot.review.brief_files import digest_of
from civicbot.review.brief_nouns import (
    BriefChangedError,
    BriefDraft,
    BriefFile,
    BriefFileKind,
    CorpusNotWritableError,
    EditKind,
    SentFile,
    Splice,
    UnknownBriefError,
    UnsoundBriefError,
)
from civicbot.review.store import Store

__all__ = ["corpus"]

TODAY = date(2026, 11, 22)
QUESTIONS = f"ko/questions/{SLUG}.md"
BRIEF = f"ko/briefs/{SLUG}.md"


def hide(text: str, language: Language) -> str:
    return text.replace("010-2345-6789", f"[{language} 전화번호]")


@pytest.fixture
def store(database: Database) -> Store:
    Records(database, mask=hide).open()
    return Store(database, now=Clock())


@pytest.fixture
def briefs(store: Store, corpus: Path) -> BriefEdits:
    return BriefEdits(store, corpus, lambda: TODAY, mask=hide)


def file_of(draft: BriefDraft, path: str) -> BriefFile:
    return next(one for one in draft.files if one.path == path)


def sent(draft: BriefDraft, path: str, old: str = "", new: str = "") -> SentFile:
    """A file as it comes back, with something in the place of something else."""
    file = file_of(draft, path)
    assert old in file.text
    return SentFile(path=path, digest=file.digest, text=file.text.replace(old, new) if old else file.text)


def asked(draft: BriefDraft, wording: str = "트램에 돈이 얼마나 들어요?") -> SentFile:
    return sent(draft, QUESTIONS, "- 하늘트램 사업비\n", f"- 하늘트램 사업비\n- {wording}\n")


def test_a_brief_is_opened_in_both_languages_with_its_questions(briefs: BriefEdits) -> None:
    draft = briefs.open(PARK, SLUG, gap="g1")
    assert {(one.language, one.kind) for one in draft.files} == {
        (language, kind) for language in ("ko", "en") for kind in BriefFileKind
    }
    assert (draft.title.ko, draft.title.en, draft.gap) == ("하늘트램", "Sky Tram", "g1")
    assert not any(one.changed for one in draft.files)
    assert [one.slug for one in briefs.briefs(PARK)] == [SLUG]
    with pytest.raises(UnknownBriefError, match="There is no brief 'none'"):
        briefs.open(PARK, "none")


def test_an_edit_is_shown_written_noted_and_taken_back(briefs: BriefEdits, corpus: Path, store: Store) -> None:
    draft, path = briefs.open(PARK, SLUG), corpus / QUESTIONS
    before = path.read_bytes()
    check = briefs.check(PARK, SLUG, [asked(draft)])
    (diff,) = check.diffs
    assert (diff.path, diff.added, diff.removed) == (QUESTIONS, 1, 0)
    assert [line.text for line in diff.lines if line.kind == "added"] == ["- 트램에 돈이 얼마나 들어요?"]
    assert (check.sound, check.problems, check.known) == (True, (), 0)
    assert path.read_bytes() == before

    edit = briefs.save(PARK, SLUG, [asked(draft)], kind=EditKind.WORDING, gap="g1")
    assert path.read_text(encoding="utf-8").count("돈이 얼마나 들어요") == 1
    assert (edit.paths, edit.by, edit.gap, edit.kind) == ((QUESTIONS,), "park", "g1", EditKind.WORDING)
    assert briefs.edits(PARK) == (edit,) == briefs.edits(PARK, slug=SLUG)
    assert briefs.edits(PARK, slug="other") == ()
    assert check_corpus(corpus, today=TODAY).problems == ()
    with store.reading() as session:
        (row,) = session.scalars(select(AuditRow).where(AuditRow.action == "edit_library"))
    assert (row.actor, row.subject) == ("park", f"brief:{SLUG}")
    assert digest_of(before)[:12] in row.details
    assert "얼마나" not in row.details

    undone = briefs.undo(ROOT, edit.id)
    assert path.read_bytes() == before
    assert (undone.undone_by, undone.undone_at is not None) == ("root", True)
    with pytest.raises(UnknownBriefError, match="taken back already"):
        briefs.undo(ROOT, edit.id)
    with pytest.raises(UnknownBriefError, match="no edit 99"):
        briefs.undo(ROOT, 99)


def test_only_the_lines_that_are_new_need_to_be_sent(briefs: BriefEdits, corpus: Path) -> None:
    file = file_of(briefs.open(PARK, SLUG), QUESTIONS)
    lines = file.text.split("\n")
    place = lines.index("- 하늘트램 사업비") + 1
    splice = Splice(first=place, last=place, lines=("- 새 물음이에요?",))
    briefs.save(PARK, SLUG, [SentFile(path=QUESTIONS, digest=file.digest, text=splice)])
    assert (corpus / QUESTIONS).read_text(encoding="utf-8").split("\n") == [
        *lines[:place],
        "- 새 물음이에요?",
        *lines[place:],
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        (BRIEF, "900억 원입니다", "800억 원입니다", "figures are not those"),
        (BRIEF, "900억 원입니다.[^S001]", "900억 원입니다.[^S999]", "S999"),
        (BRIEF, "900억 원입니다.[^S001]", "900억 원입니다.", "footnote"),
        (BRIEF, f"{COST}[^S001]\n", "", "sentence"),
        (BRIEF, "## 비용과 재원", "## 돈", "no facet"),
        (BRIEF, "트램 총사업비\n하늘트램에 드는 돈은 얼마입니까?\n", "", "1 different wordings"),
        (BRIEF, "entity: tram", "entity: ship", "no entry 'ship'"),
        (BRIEF, "---\nid", "id", "front matter"),
        (QUESTIONS, "- 트램 공사비가 얼마예요?\n", "", "1 different questions"),
        (QUESTIONS, "- 하늘트램 사업비", f"- {'하' * 130}", "more than 120"),
    ],
)
def test_what_an_edit_makes_wrong_blocks_it(
    briefs: BriefEdits, corpus: Path, path: str, old: str, new: str, told: str
) -> None:
    draft, before = briefs.open(PARK, SLUG), (corpus / path).read_bytes()
    wrong = sent(draft, path, old, new)
    check = briefs.check(PARK, SLUG, [wrong])
    assert not check.sound
    with pytest.raises(UnsoundBriefError) as caught:
        briefs.save(PARK, SLUG, [wrong])
    assert caught.value.check == check
    assert (corpus / path).read_bytes() == before
    assert briefs.edits(PARK) == ()
    assert any(told in str(problem) for problem in check.problems), check.problems


def test_what_was_wrong_before_does_not_stand_in_the_way(briefs: BriefEdits, corpus: Path) -> None:
    english = corpus / f"en/briefs/{SLUG}.md"
    english.write_text(
        english.read_text().replace("sky tram total cost\n", "").replace("How much is the Sky Tram?\n", "")
    )
    check = briefs.check(PARK, SLUG, [asked(briefs.open(PARK, SLUG))])
    assert (check.sound, check.problems) == (True, ())
    assert check.known >= 1


def test_a_new_sentence_is_told_in_both_languages(briefs: BriefEdits, corpus: Path) -> None:
    draft = briefs.open(PARK, SLUG)
    here = sent(
        draft,
        BRIEF,
        f"{COST}[^S001]\n",
        f"{COST}[^S001]\n하늘트램은 2026년 5월 1일 발표에서 차량이 20대입니다.[^S001]\n",
    )
    assert not briefs.check(PARK, SLUG, [here]).sound
    english = f"en/briefs/{SLUG}.md"
    cost = "As announced on 1 May 2026, the Sky Tram costs 90 billion won in total.[^S001]\n"
    there = sent(
        draft, english, cost, f"{cost}The Sky Tram would have 20 vehicles, Gaon City said on 1 May 2026.[^S001]\n"
    )
    check = briefs.check(PARK, SLUG, [here, there])
    assert check.problems == ()
    edit = briefs.save(PARK, SLUG, [here, there], kind=EditKind.SENTENCE)
    assert edit.paths == tuple(sorted((BRIEF, english)))
    assert check_corpus(corpus, today=TODAY).problems == ()
    briefs.undo(PARK, edit.id)
    assert (corpus / BRIEF).read_text(encoding="utf-8") == file_of(draft, BRIEF).text


def test_added_lines_with_personal_data_are_pointed_out(briefs: BriefEdits) -> None:
    draft = briefs.open(PARK, SLUG)
    check = briefs.check(PARK, SLUG, [asked(draft, "010-2345-6789로 알려 줄래요?")])
    assert check.personal == ("- [ko 전화번호]로 알려 줄래요?",)


def test_nothing_new_is_not_saved(briefs: BriefEdits) -> None:
    draft = briefs.open(PARK, SLUG)
    same = [SentFile(path=one.path, digest=one.digest, text=f"{one.text}\n\n") for one in draft.files]
    assert briefs.check(PARK, SLUG, same).diffs == ()
    with pytest.raises(UnsoundBriefError):
        briefs.save(PARK, SLUG, same)


def test_a_file_that_changed_since_it_was_opened_is_left_alone(briefs: BriefEdits, corpus: Path) -> None:
    draft = briefs.open(PARK, SLUG)
    edit = briefs.save(PARK, SLUG, [asked(draft)])
    for do in (briefs.check, briefs.save):
        with pytest.raises(BriefChangedError, match="was changed meanwhile"):
            do(PARK, SLUG, [asked(draft, "다른 물음?")])
    (corpus / QUESTIONS).write_text("손으로 고침\n- 물음?\n- 또?\n", encoding="utf-8")
    with pytest.raises(BriefChangedError):
        briefs.undo(PARK, edit.id)
    assert (corpus / QUESTIONS).read_text(encoding="utf-8").startswith("손으로")


@pytest.mark.parametrize("path", ["../secret.md", "ko/sources/x.md", "ko/briefs/other.md", "/etc/passwd", ""])
def test_no_other_file_is_written(briefs: BriefEdits, corpus: Path, path: str) -> None:
    # The database's own files change by being read.
    files = [one for one in corpus.parent.rglob("*") if one.is_file() and not one.name.startswith("records.")]
    held = {one: one.read_bytes() for one in files}
    assert any(one.is_relative_to(corpus) for one in held)
    for do in (briefs.check, briefs.save):
        with pytest.raises(UnknownBriefError):
            do(PARK, SLUG, [SentFile(path=path, digest="", text="x")])
    with pytest.raises(UnknownBriefError):
        briefs.open(PARK, "../briefs/sky-tram")
    assert {one: one.read_bytes() for one in held} == held


def test_a_linked_brief_is_no_brief(briefs: BriefEdits, corpus: Path, tmp_path: Path) -> None:
    for language in ("ko", "en"):
        path = corpus / language / "briefs" / f"{SLUG}.md"
        path.rename(tmp_path / f"{language}.md")
        path.symlink_to(tmp_path / f"{language}.md")
    with pytest.raises(UnknownBriefError):
        briefs.open(PARK, SLUG)


def test_where_the_corpus_cannot_be_written_nothing_is_noted(
    briefs: BriefEdits, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, opened = briefs.open(PARK, SLUG), os.open

    def refusing(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT and dir_fd is not None:
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, *more, dir_fd=dir_fd)

    # Tests run as root, for whom no folder is read-only.
    monkeypatch.setattr(os, "open", refusing)
    with pytest.raises(CorpusNotWritableError, match="read-only"):
        briefs.save(PARK, SLUG, [asked(draft)])
    with store.reading() as session:
        assert session.scalars(select(BriefEditRow)).all() == []
        assert session.scalars(select(AuditRow)).all() == []


def test_what_breaks_half_way_is_put_back_as_it_was(
    briefs: BriefEdits, store: Store, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft, replace = briefs.open(PARK, SLUG), os.replace
    english = f"en/questions/{SLUG}.md"
    both = [asked(draft), sent(draft, english, "- sky tram price\n", "- sky tram price\n- tram cost please\n")]
    before = {path: (corpus / path).read_bytes() for path in (QUESTIONS, english)}
    done = []

    def once(source: str, goal: str, **more: int) -> None:
        done.append(goal)
        if len(done) == 2:
            raise OSError(28, "No space left on device")
        replace(source, goal, **more)

    monkeypatch.setattr(os, "replace", once)
    with pytest.raises(CorpusNotWritableError, match="No space left"):
        briefs.save(PARK, SLUG, both)
    assert {path: (corpus / path).read_bytes() for path in before} == before
    assert briefs.edits(PARK) == ()
    with store.reading() as session:
        assert [row.details.count("failed") for row in session.scalars(select(AuditRow).order_by(AuditRow.id))] == [
            0,
            1,
        ]


@pytest.mark.parametrize("written", [0, 1, 2])
def test_what_a_killed_process_left_is_settled(briefs: BriefEdits, store: Store, corpus: Path, written: int) -> None:
    """An edit of two files whose process was killed after so many of them."""
    draft = briefs.open(PARK, SLUG)
    english = f"en/questions/{SLUG}.md"
    both = [asked(draft), sent(draft, english, "- sky tram price\n", "- sky tram price\n- tram cost please\n")]
    before = {path: (corpus / path).read_bytes() for path in (QUESTIONS, english)}
    edit = briefs.save(PARK, SLUG, both)
    after = {path: (corpus / path).read_bytes() for path in before}
    for path in list(before)[written:]:
        (corpus / path).write_bytes(before[path])
    with store.writing() as session:
        session.execute(update(BriefEditRow).values(state="writing"))
    draft = briefs.open(PARK, SLUG)
    brief = sent(draft, BRIEF, "하늘트램 소개\n", "하늘트램 소개\n트램이 뭔데?\n")
    briefs.save(PARK, SLUG, [brief])
    whole = written == len(before)
    assert {path: (corpus / path).read_bytes() for path in before} == (after if whole else before)
    assert [one.id for one in briefs.edits(PARK) if one.id == edit.id] == ([edit.id] if whole else [])
    with store.reading() as session:
        assert session.scalars(select(BriefEditRow).where(BriefEditRow.state == "writing")).all() == []
        files = session.scalars(select(BriefEditFileRow).where(BriefEditFileRow.edit_id == edit.id)).all()
    assert len(files) == (2 if whole else 0)


def test_a_reviewer_edits_nothing(briefs: BriefEdits) -> None:
    with pytest.raises(NotAllowedError):
        briefs.open(KIM, SLUG)
    with pytest.raises(NotAllowedError):
        briefs.save(KIM, SLUG, [])
