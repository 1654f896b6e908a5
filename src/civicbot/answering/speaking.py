"""Who is asked to have said something, and whether a sentence tells what that person or body said."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from civicbot.answering.lexicon import Lexicon
from civicbot.language.glossary import Mention


def speakers(text: str, mentions: Sequence[Mention], words: Lexicon) -> tuple[str, ...]:
    """Whose words a question asks for; empty when it asks for nobody's.

    Args:
        text: the asking clauses of the question.
        mentions: the persons, bodies and companies named in ``text``, in order; several at one place speak together.
        words: the lexicon of its language.

    Returns:
        The glossary keys of the name nearest to the asking: in English the first one after "what did" or "how did", in
        Korean the last one before "what … said", each only where there is one.
    """
    asking = words.saying.search(text)
    if asking is None or not mentions:
        return ()
    after = [mention for mention in mentions if mention.start >= asking.end()]
    before = [mention for mention in mentions if mention.end <= asking.start()]
    if words.speaker_before:
        return tuple(mention.key for mention in before if mention.start == before[-1].start)
    return tuple(mention.key for mention in after if mention.start == after[0].start)


def tells_words_of(asked: Collection[str], text: str, mentions: Sequence[Mention], words: Lexicon) -> bool:
    """Whether a sentence tells what one of those asked about said, and not what was said to or about them.

    Args:
        asked: glossary keys of the speakers.
        text: the sentence.
        mentions: the persons, bodies and companies named in it, in order.
        words: the lexicon of its language.
    """
    if words.told.search(text) is None:
        return False
    return any(mention.key in asked and words.subject.match(text, mention.end) is not None for mention in mentions)
