"""The Korean morphological analyser (Kiwi), loaded once per set of user words."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

# Kiwi's analysis is read-only, but one instance shared by threads is not promised to be safe; a question takes under
# a millisecond, so one lock costs nothing that anyone would notice. Take it after :func:`analyser`, not around it:
# loading takes seconds, and nobody should wait for another instance to be loaded.
LOCK = threading.RLock()
_LOADING = threading.Lock()


def analyser(user_words: tuple[str, ...] = ()) -> Any:
    """A Kiwi instance that knows ``user_words`` as proper nouns; loading takes about two seconds.

    Args:
        user_words: words without blanks that Kiwi would otherwise split or misread.
    """
    # Two threads that need the same instance at once must not both load it.
    with _LOADING:
        return _load(user_words)


@lru_cache(maxsize=4)
def _load(user_words: tuple[str, ...]) -> Any:
    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=1)
    for word in user_words:
        kiwi.add_user_word(word, "NNP")
    # The first call prepares the model; done here, no question has to wait for it.
    kiwi.tokenize("준비")
    return kiwi
