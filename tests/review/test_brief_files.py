"""Files of briefs: nothing outside the corpus folder is read or written, and each is replaced in one step."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from tests.review.briefs import SLUG, corpus

from civicbot.review.brief_files import BriefFiles, Held, Place, check_unchanged
from civicbot.review.brief_nouns import (
    BriefChangedError,
    BriefFileKind,
    CorpusNotWritableError,
    UnknownBriefError,
)

__all__ = ["corpus"]

PLACE = Place("ko", BriefFileKind.BRIEF, SLUG)
ATTACKS = [
    "../../secret",
    "..",
    "sky-tram/../../../etc/passwd",
    "/etc/passwd",
    "sky tram",
    "sky-tram\n",
    "sky-tram\0",
    "Sky-Tram",
    "하늘트램",
    ".hidden",
    "",
    "a" * 101,
    "sky-tram.md",
]


@pytest.mark.parametrize("slug", ATTACKS)
def test_only_names_of_briefs_are_places(slug: str) -> None:
    with pytest.raises(UnknownBriefError, match="There is no brief"):
        Place("ko", BriefFileKind.BRIEF, slug)
    with pytest.raises(UnknownBriefError):
        Place.of(f"ko/briefs/{slug}.md")


@pytest.mark.parametrize("path", ["ko/sources/a.md", "de/briefs/a.md", "ko/briefs/a.txt", "briefs/a.md", "ko/briefs/"])
def test_other_files_of_the_corpus_are_no_places(path: str) -> None:
    with pytest.raises(UnknownBriefError):
        Place.of(path)
    assert Place.of(PLACE.path) == PLACE


def test_a_file_is_read_and_replaced_with_its_mode(corpus: Path) -> None:
    files, path = BriefFiles(corpus), corpus / PLACE.path
    path.chmod(0o640)
    held = files.read(PLACE)
    assert (held.data, files.slugs()) == (path.read_bytes(), (SLUG,))
    with files.staged({PLACE: b"new"}) as staged:
        assert path.read_bytes() == held.data
        staged.replace()
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    with pytest.raises(BriefChangedError, match="was changed meanwhile"):
        check_unchanged({PLACE: files.read(PLACE)}, {PLACE: held.digest})


def test_what_is_not_put_in_its_place_is_taken_away(corpus: Path) -> None:
    files, path = BriefFiles(corpus), corpus / PLACE.path
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), files.staged({PLACE: b"new"}):
        raise ZeroDivisionError
    assert (path.read_bytes(), len(list(path.parent.iterdir()))) == (before, 1)


def test_a_linked_file_is_neither_read_nor_written_through(corpus: Path, tmp_path: Path) -> None:
    secret, path = tmp_path / "secret.md", corpus / PLACE.path
    secret.write_text("secret")
    path.unlink()
    path.symlink_to(secret)
    files = BriefFiles(corpus)
    with pytest.raises(UnknownBriefError, match="cannot be read"):
        files.read(PLACE)
    with files.staged({PLACE: b"new"}) as staged:
        staged.replace()
    assert (secret.read_text(), path.is_symlink(), path.read_text()) == ("secret", False, "new")


@pytest.mark.parametrize("linked", ["ko", "ko/briefs"])
def test_a_linked_folder_is_not_entered(corpus: Path, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    (corpus / linked).rename(outside)
    (corpus / linked).symlink_to(outside)
    files = BriefFiles(corpus)
    with pytest.raises(UnknownBriefError, match="cannot be opened"):
        files.read(PLACE)
    with pytest.raises(UnknownBriefError), files.staged({PLACE: b"new"}):
        pytest.fail("it must not be entered")
    assert b"new" not in b"".join(one.read_bytes() for one in outside.rglob("*.md"))


def test_the_corpus_folder_itself_may_be_a_link(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(corpus)
    assert BriefFiles(tmp_path / "linked").read(PLACE).data == (corpus / PLACE.path).read_bytes()


def test_what_is_no_plain_file_is_not_read(corpus: Path) -> None:
    path = corpus / PLACE.path
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(UnknownBriefError, match="no plain file"):
        BriefFiles(corpus).read(PLACE)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_is_told_plainly(
    corpus: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refusing(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT:
            raise OSError(code, os.strerror(code))
        return opened(path, flags, *more, dir_fd=dir_fd)

    # Tests run as root, for whom no folder is read-only.
    monkeypatch.setattr(os, "open", refusing)
    told = "cannot be written" if code == errno.ENOSPC else "read-only"
    with pytest.raises(CorpusNotWritableError, match=told), BriefFiles(corpus).staged({PLACE: b"new"}):
        pytest.fail("nothing can be staged")


def test_a_file_keeps_its_line_ends_and_its_mark() -> None:
    assert Held(b"a\r\nb\r\n").encoded("a\nc\n\n") == b"a\r\nc\r\n"
    assert Held(b"\xef\xbb\xbfa\n").encoded("b") == b"\xef\xbb\xbfb\n"
    assert Held(None).encoded("b") == b"b\n"
    assert (Held(None).digest, Held(None).text, Held(None).raw) == ("", "", None)
    for data in (b"\xff\xfe", b"a\0b"):
        with pytest.raises(UnknownBriefError, match="not UTF-8"):
            _ = Held(data).text


def test_digests_are_read_by_their_path_alone(corpus: Path) -> None:
    files = BriefFiles(corpus)
    (path,) = (corpus / "ko" / "sources").iterdir()
    assert files.read_digest(f"ko/sources/{path.name}") == path.read_bytes()
    for wrong in ("ko/sources/none.md", "ko/sources/../briefs/sky-tram.md", "/etc/passwd", f"ko/briefs/{SLUG}.md"):
        assert files.read_digest(wrong) is None
