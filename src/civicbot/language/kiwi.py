"""The Korean morphological analyser (Kiwi), loaded once per set of user words."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Any

# Kiwi's analysis is read-only, but one instance shared by threads is not promised to be safe; a question takes under
# a millisecond, so one lock costs nothing that anyone would notice.
LOCK = threading.RLock()


@lru_cache(maxsize=4)
def analyser(user_words: tuple[str, ...] = ()) -> Any:
    """A Kiwi instance that knows ``user_words`` as proper nouns; loading takes about two seconds.

    Args:
        user_words: words without blanks that Kiwi would otherwise split or misread.
    """
    from kiwipiepy import Kiwi

    with LOCK:
        kiwi = Kiwi(num_workers=1)
        for word in user_words:
            kiwi.add_user_word(word, "NNP")
        # The first call prepares the model; done here, no question has to wait for it.
        kiwi.tokenize("준비")
        return kiwi
