"""The files of briefs in the corpus folder: opened by name alone, never through a link, and replaced in one step.

Every folder on the way is opened by itself and without following links, so that nothing outside the corpus can be
read or written, whatever is put into it meanwhile. The corpus folder itself may be a link: that is the operator's.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from civicbot.library.markdown import tidy
from civicbot.model import LANGUAGES, Language
from civicbot.review.brief_nouns import BriefChangedError, BriefFileKind, CorpusNotWritableError, UnknownBriefError

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_DIGEST = re.compile(r"(?P<language>ko|en)/sources/(?P<name>[a-z0-9-]+\.md)", re.ASCII)
_LONGEST_SLUG = 100
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC
_READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_MODE = 0o644


@dataclass(frozen=True)
class Place:
    """Where a file of a brief lies.

    Raises:
        UnknownBriefError: the slug is no file name of a brief.
    """

    language: Language
    kind: BriefFileKind
    slug: str

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug) or len(self.slug) > _LONGEST_SLUG:
            raise UnknownBriefError(f"There is no brief {self.slug[:60]!r}.")

    @classmethod
    def of(cls, path: str) -> Place:
        """The place of a path below the corpus folder.

        Raises:
            UnknownBriefError: no brief and no file of questions can lie there.
        """
        for language in LANGUAGES:
            for kind in BriefFileKind:
                start = f"{language}/{kind.value}/"
                if path.startswith(start) and path.endswith(".md"):
                    return cls(language, kind, path.removeprefix(start).removesuffix(".md"))
        raise UnknownBriefError(f"There is no brief {path[:60]!r}.")

    @property
    def name(self) -> str:
        """The file's name."""
        return f"{self.slug}.md"

    @property
    def path(self) -> str:
        """POSIX path below the corpus folder."""
        return f"{self.language}/{self.kind.value}/{self.name}"


@dataclass(frozen=True)
class Held:
    """A file as it lies there.

    Attributes:
        data: its bytes; None where there is none.
    """

    data: bytes | None

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes, empty without a file."""
        return digest_of(self.data)

    @property
    def text(self) -> str:
        """The text in normal form with LF line ends; empty without a file.

        Raises:
            UnknownBriefError: it is no UTF-8 text.
        """
        data = self.data or b""
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise UnknownBriefError("The file is not UTF-8 text.", hint="Save it as UTF-8 first.")
        return tidy(text)

    @property
    def raw(self) -> str | None:
        """The text as it is, line ends and all, to be put back; None without a file."""
        return None if self.data is None else self.data.decode("utf-8", "replace")

    def encoded(self, text: str) -> bytes:
        """A new text in the way of this file: its line ends, its byte order mark, one line end at the end."""
        data = self.data or b""
        text = tidy(text).strip("\n") + "\n"
        if b"\r\n" in data and data.count(b"\r\n") == data.count(b"\n"):
            text = text.replace("\n", "\r\n")
        return (b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b"") + text.encode("utf-8", "replace")


def digest_of(data: bytes | None) -> str:
    """SHA-256 (hex) of bytes; empty for None, which stands for no file."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


class BriefFiles:
    """Reads and replaces the files of briefs.

    Args:
        root: the corpus folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def slugs(self) -> tuple[str, ...]:
        """The briefs that there are in any language, by name."""
        found: set[str] = set()
        for language in LANGUAGES:
            with contextlib.suppress(UnknownBriefError), self._folder(language, BriefFileKind.BRIEF) as folder:
                with os.scandir(folder) as entries:
                    names = [one.name.removesuffix(".md") for one in entries if one.name.endswith(".md")]
                found.update(name for name in names if _SLUG.fullmatch(name))
        return tuple(sorted(found))

    def read(self, place: Place) -> Held:
        """A file as it is now.

        Raises:
            UnknownBriefError: what lies there is no plain file, or cannot be read.
        """
        try:
            with self._folder(place.language, place.kind) as folder:
                return Held(_read(folder, place.name))
        except UnknownBriefError:
            if place.kind is BriefFileKind.QUESTIONS:  # a corpus need not have questions
                return Held(None)
            raise

    def read_digest(self, path: str) -> bytes | None:
        """A digest by its path below the corpus folder; None where there is none that can be read."""
        match = _DIGEST.fullmatch(path)
        if match is None:
            return None
        language: Language = "ko" if match["language"] == "ko" else "en"
        try:
            with self._folder(language, "sources") as folder:
                return _read(folder, match["name"])
        except UnknownBriefError:
            return None

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes of this machine from editing briefs meanwhile."""
        try:
            root = os.open(self.root, _FOLDER)
        except OSError as error:
            raise UnknownBriefError(f"The corpus folder cannot be opened: {error.strerror}.") from error
        try:
            fcntl.flock(root, fcntl.LOCK_EX)
            yield
        finally:
            os.close(root)

    @contextlib.contextmanager
    def staged(self, changes: Mapping[Place, bytes]) -> Iterator[_Staged]:
        """Writes new contents beside the files; ``replace()`` of what is given puts them in their places.

        Raises:
            CorpusNotWritableError: the folder cannot be written.
        """
        with contextlib.ExitStack() as folders:
            staged = _Staged([])
            try:
                try:
                    for place, data in changes.items():
                        folder = folders.enter_context(self._folder(place.language, place.kind))
                        staged.files.append(_write(folder, place, data))
                except OSError as error:
                    raise _unwritable(error) from error
                yield staged
            finally:
                staged.clear()

    def put_back(self, place: Place, data: bytes | None) -> None:
        """Replaces a file, or removes it for None.

        Raises:
            CorpusNotWritableError: the folder cannot be written.
        """
        if data is not None:
            with self.staged({place: data}) as staged:
                staged.replace()
            return
        try:
            with self._folder(place.language, place.kind) as folder:
                os.unlink(place.name, dir_fd=folder)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _unwritable(error) from error

    @contextlib.contextmanager
    def _folder(self, language: Language, kind: str) -> Iterator[int]:
        """The folder's descriptor, reached from the corpus folder without following links."""
        opened: list[int] = []
        try:
            try:
                opened.append(os.open(self.root, _FOLDER))
                for name in (language, kind):
                    opened.append(os.open(name, _FOLDER | _NO_LINK, dir_fd=opened[-1]))
            except OSError as error:
                message = f"The folder {language}/{kind} of the corpus cannot be opened: {error.strerror}."
                raise UnknownBriefError(message) from error
            yield opened[-1]
        finally:
            for each in opened:
                os.close(each)


@dataclass
class _Staged:
    """New contents that lie beside the files: folder, temporary name, place."""

    files: list[tuple[int, str, Place]]

    def replace(self) -> None:
        """Puts every file in its place.

        Raises:
            CorpusNotWritableError: one could not be; those before it are.
        """
        try:
            while self.files:
                folder, name, place = self.files[0]
                os.replace(name, place.name, src_dir_fd=folder, dst_dir_fd=folder)
                self.files.pop(0)
                os.fsync(folder)
        except OSError as error:
            raise _unwritable(error) from error

    def clear(self) -> None:
        """Takes away what was not put in its place."""
        for folder, name, _ in self.files:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=folder)


def check_unchanged(held: Mapping[Place, Held], digests: Mapping[Place, str]) -> None:
    """Lets pass files that are what somebody believes them to be.

    Raises:
        BriefChangedError: one is not.
    """
    changed: Sequence[Place] = [place for place, digest in digests.items() if held[place].digest != digest]
    if changed:
        raise BriefChangedError(f"The file {changed[0].path!r} was changed meanwhile.")


def _read(folder: int, name: str) -> bytes | None:
    try:
        with os.fdopen(os.open(name, os.O_RDONLY | os.O_NONBLOCK | _NO_LINK, dir_fd=folder), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnknownBriefError(f"{name!r} is no plain file.")
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnknownBriefError(f"The file {name!r} cannot be read: {error.strerror}.") from error


def _write(folder: int, place: Place, data: bytes) -> tuple[int, str, Place]:
    # Names that start with a dot are no part of the corpus.
    name = f".{place.slug}.{secrets.token_hex(8)}.tmp"
    try:
        mode = os.stat(place.name, dir_fd=folder, follow_symlinks=False).st_mode & 0o777
    except FileNotFoundError:
        mode = _MODE
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        os.unlink(name, dir_fd=folder)
        raise
    return folder, name, place


def _unwritable(error: OSError) -> CorpusNotWritableError:
    if error.errno in _READ_ONLY:
        return CorpusNotWritableError("The corpus folder is read-only for the server.")
    return CorpusNotWritableError(f"The corpus folder cannot be written: {error.strerror}.")
