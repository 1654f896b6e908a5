"""Follow-ups that the rules are unsure about: the model proposes a question that stands alone, and rules check it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from civicbot.answering.context import Context
from civicbot.answering.model.caching import Cache, key_of
from civicbot.answering.model.calling import Caller, Spent
from civicbot.answering.model.failures import boundary, log_failure
from civicbot.answering.model.numbered import as_data
from civicbot.answering.model.prompts import Prompts
from civicbot.answering.model.watch import ModelWatch
from civicbot.answering.parts import understood
from civicbot.language.detect import has_hangul
from civicbot.language.quantities import figures
from civicbot.model import ModelWork
from civicbot.settings import Settings

REWRITE_TOKENS = 300
"""That a rewritten question may have, its JSON included."""
TURNS = 4
"""Earlier questions that are sent, the newest ones."""
_LONGEST = 300
_SHARE_OF_TIME = 1 / 3
"""Of the time that a question has with the model."""
_OBJECT = re.compile(r"\{[^{}]*\}", re.DOTALL)
_LINK = re.compile(r"https?:|www\.|@")


class Rewriter:
    """Has the model rewrite a follow-up; thread-safe.

    Args:
        settings: limits and budgets.
        model: the model's name.
        caller: calls it.
        prompts: what it is told.
        watch: told what came of it.
    """

    def __init__(self, settings: Settings, model: str, caller: Caller, prompts: Prompts, watch: ModelWatch) -> None:
        self._settings = settings
        self._model = model
        self._caller = caller
        self._prompts = prompts
        self._watch = watch
        self._cache: Cache[str] = Cache(settings.llm_cache)

    def __call__(self, context: Context, standalone: str) -> Context:
        """The question with its standalone form: the model's where that passes all checks, else the one of the rules.

        Args:
            context: a follow-up.
            standalone: what the rules make of it.
        """
        spent = Spent()
        outcome, proposal = "unchanged", ""
        try:
            proposal = self._proposal(context, spent)
        except Exception as error:  # noqa: BLE001 - a boundary
            failure = boundary(error)
            outcome = failure.failure.value
            log_failure(failure, told=0, seconds=spent.seconds)
        used = bool(proposal) and acceptable(context, proposal)
        outcome = "used" if used else outcome
        self._watch.model_asked("rewrite", outcome, spent.seconds)
        work = ModelWork(
            model=self._model,
            prompt=self._prompts.version,
            outcome=outcome,
            rewritten=used,
            sent=spent.sent,
            received=spent.received,
            seconds=round(spent.seconds, 3),
        )
        return replace(context, standalone=proposal if used else standalone, work=work)

    def _proposal(self, context: Context, spent: Spent) -> str:
        prompt = self._prompts.of("rewrite", context.language)
        earlier = "\n".join(as_data(turn.standalone or turn.question) for turn in context.earlier[-TURNS:])
        messages = prompt.messages(question=as_data(context.text), earlier=earlier)
        key = key_of(self._settings.llm, self._prompts.version, *(message.text for message in messages))
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        seconds = self._settings.llm_total_seconds * _SHARE_OF_TIME
        text = "".join(self._caller.stream(messages, spent, REWRITE_TOKENS, seconds))
        return self._cache.put(key, _read(text))


def acceptable(context: Context, proposal: str) -> bool:
    """Whether a rewritten question asks what was asked, and nothing that the conversation does not hold.

    No project, person, body or place, no figure and no date may be new, and no word that the question demands; none of
    those that it demanded may be gone.
    """
    if len(proposal) > _LONGEST or has_hangul(proposal) is not (context.language == "ko") or _LINK.search(proposal):
        return False
    said = [context.text, *(text for turn in context.earlier for text in (turn.question, turn.standalone))]
    if not figures(proposal) <= frozenset().union(*(figures(text) for text in said)):
        return False
    generation = context.generation
    known = {mention.key for text in said for mention in generation.glossary.mentions(text)}
    if not {mention.key for mention in generation.glossary.mentions(proposal)} <= known:
        return False
    words = frozenset(token for text in said for token in generation.tokenizer.tokens(text))
    demanded = {term.token for term in understood(context, proposal).terms}
    kept = frozenset(generation.tokenizer.tokens(proposal))
    own = {term.token for term in understood(context, context.text).terms if term.weight >= 1.0}
    return demanded <= words and own <= kept


def _read(text: str) -> str:
    """The question of a reply; of one that cannot be read nothing."""
    for match in reversed(_OBJECT.findall(text)):
        try:
            held = json.loads(match, strict=False)
        except ValueError:
            continue
        if isinstance(held, dict) and isinstance(held.get("question"), str):
            return " ".join(held["question"].split())
    return ""
