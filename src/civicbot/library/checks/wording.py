"""Own words: no long run of words is taken over from a source whose text is at hand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from civicbot.library.checks.papers import Paper, Written
from civicbot.library.problems import Problem

RUN = 8
_WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")


def check_wording(papers: Iterable[Paper], article: str) -> Iterator[Problem]:
    """Finds runs of :data:`RUN` words that a digest or brief shares with an article, in each case and punctuation.

    Args:
        papers: all digests and briefs.
        article: the article's plain text.
    """
    taken = set(_runs(_words(article)))
    for paper in papers:
        # A copied run may go on over the end of a sentence.
        words = [(word, sentence) for sentence in paper.sentences for word in _words(sentence.text)]
        last = 0
        for start, run in enumerate(_runs([word for word, _ in words])):
            if run in taken and start >= last:
                last = start + RUN
                yield _problem(paper, words[start][1], run)


def _problem(paper: Paper, sentence: Written, run: tuple[str, ...]) -> Problem:
    message = f"{RUN} words in a row are those of the article: '{' '.join(run)}'."
    return paper.problem(message, field="text", line=sentence.line)


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _runs(words: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1))
