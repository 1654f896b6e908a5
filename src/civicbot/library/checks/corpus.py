"""`civicbot corpus check`: all rules over a corpus folder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from civicbot.errors import IngestError
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.library.checks.figures import check_equal_figures, check_figure_data
from civicbot.library.checks.mirror import check_mirrors
from civicbot.library.checks.papers import read_papers
from civicbot.library.checks.questions import check_questions
from civicbot.library.checks.schema import check_schema
from civicbot.library.checks.stale import STALE_DAYS, check_stale
from civicbot.library.checks.support import check_support
from civicbot.library.checks.wording import check_wording
from civicbot.library.files import GLOSSARY_FILE, Corpus, read_corpus
from civicbot.library.problems import Problem
from civicbot.library.progress import NoProgress, Progress
from civicbot.library.questions import read_questions
from civicbot.library.shelf import fill_shelf
from civicbot.model import Noun


class Report(Noun):
    """What a check found.

    Attributes:
        problems: what is wrong, by file and line; the check has passed when there is none.
        warnings: what somebody should look at (stale sources), by file and line.
        notes: rules that could not be applied, and why, one sentence each.
        files: how many files of documents and questions were checked.
    """

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    files: int = 0


def check_corpus(
    folder: Path,
    *,
    today: date,
    stale_days: int = STALE_DAYS,
    article: Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Checks a corpus against the rules of corpus/README.md; it needs no index and writes nothing.

    Args:
        folder: the corpus folder.
        today: the day against which sources are stale.
        stale_days: how old a source may be, in days.
        article: a plain text file whose wording must not be taken over; None or an absent file leaves the rule out.
        progress: told of the stages ``read`` and ``link``.

    Raises:
        IngestError: there is no such folder, or the article cannot be read.
    """
    corpus = read_corpus(folder)
    glossary, found = _glossary(corpus)
    shelf = fill_shelf(corpus, Tokenizer(glossary.user_words).tokens, progress or NoProgress())
    papers = read_papers(corpus.files)
    problems = [
        *found,
        *corpus.problems,
        *shelf.problems,
        *check_schema(papers, glossary),
        *check_mirrors(papers, (file.path for file in corpus.files)),
        *check_support(papers, shelf, glossary),
        *check_equal_figures(papers),
        *check_figure_data(papers),
        *check_questions(read_questions(corpus.questions)),
    ]
    text, notes = _article(article)
    if text is not None:
        problems += check_wording(papers, text)
    return Report(
        problems=_sorted(problems),
        warnings=_sorted(check_stale(papers, today, stale_days)),
        notes=notes,
        files=len(corpus.files) + len(corpus.questions),
    )


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda p: (p.file, p.line, p.field, p.message)))


def _glossary(corpus: Corpus) -> tuple[Glossary, list[Problem]]:
    """The glossary, an empty one when it cannot be read."""
    if corpus.glossary is None:
        return Glossary({}), []
    try:
        return Glossary.parse(corpus.glossary.decode("utf-8-sig")), []
    except UnicodeDecodeError:
        message = "The file is not UTF-8 text; save it as UTF-8."
    except IngestError as error:
        message = error.message
    return Glossary({}), [Problem(file=GLOSSARY_FILE, line=1, field="file", message=message)]


def _article(path: Path | None) -> tuple[str | None, tuple[str, ...]]:
    if path is None:
        return None, ("Own words were not checked: no article was named.",)
    if not path.exists():
        return None, (f"Own words were not checked: there is no {str(path)!r}.",)
    try:
        return path.read_text(encoding="utf-8-sig"), ()
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(
            f"The article {str(path)!r} cannot be read: {error}.", hint="Give a UTF-8 text file."
        ) from error
