"""Run by test_closed_loop_killed.py: for each line of its input a child process starts the service and goes one step.

Everything is loaded once here, so that a child is quick. A line names the folder, the database, the step, and where
the child stops for good: before a function, or at the ``end`` of the step. It says ``at`` there and waits to be killed;
where nothing is named it says ``done``. A step does what is left of it, as people do who find it half done.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import chromadb  # noqa: F401 - loaded, but no client is opened before the fork
from pydantic import SecretStr
from tests.review.briefs import VEHICLES
from tests.review.desks import KIM, PARK

from civicbot.errors import CivicbotError
from civicbot.language.sentences import split_sentences
from civicbot.language.tokens import Tokenizer
from civicbot.model import Feedback, Question
from civicbot.review import update_claim
from civicbot.review.correction_nouns import Correction, Draft, DraftSentence, LibraryHit, Pick
from civicbot.review.desk import ReviewDesk
from civicbot.review.nouns import QueueFilter, QueueItem, Verdict
from civicbot.review.updates_nouns import Update, UpdateState
from civicbot.settings import Settings
from civicbot.wiring import Service

ASKED = "하늘트램 총사업비는 얼마예요?"
BEFORE, AFTER = "900억", "950억"
END = "end"
LEASE = 30.0
REST = 0.05


def say(line: str) -> None:
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def forever(*_: object, **__: object) -> None:
    say("at")
    time.sleep(3600)


def stop_at(target: str) -> None:
    """Has the function of this name stop whoever calls it."""
    module, _, name = target.partition(":")
    holder: object = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    setattr(holder, last, forever)


class Loop:
    """The people around the loop."""

    def __init__(self, service: Service) -> None:
        assert service.review is not None
        self.service = service
        self.desk: ReviewDesk = service.review

    def start(self) -> None:
        """Nobody does anything: what is left is the service's own."""

    def ask(self) -> None:
        answer = self.service.assistant.answer(Question(text=ASKED, channel="page"))
        self.service.records.add_feedback(answer.id, Feedback(helpful=False, reasons=("incomplete",)))

    def judge(self) -> None:
        if not self._item().verdict:
            self.desk.verdicts.judge(KIM, self._item().id, Verdict.INCOMPLETE)

    def correct(self) -> None:
        item = self._item().id
        if not self.desk.items.open(KIM, item).corrections:
            draft = self.desk.corrections.prefill(KIM, item)
            more = DraftSentence(text=VEHICLES, citations=self._picks("하늘트램 차량", "20대"))
            sentences = (*draft.sentences, more)
            self.desk.corrections.save(KIM, item, draft.model_copy(update={"sentences": sentences}))

    def publish(self) -> None:
        newest = self._correction()
        (given,) = self.desk.approved.of_item(KIM, self._item().id) or (None,)
        if given is None or given.version < newest.version:
            self.desk.approved.publish(PARK, newest.id, newest.version)

    def prepare(self) -> None:
        self._bury()
        while not (known := self._newest()) or known.state is not UpdateState.READY:
            self._finished(self.desk.updates.prepare(PARK).id)

    def update(self) -> None:
        ready = self._newest()
        assert ready is not None
        if ready.state is UpdateState.READY:
            self.desk.updates.publish(PARK, ready.id, reason="시가 고쳐 발표함")

    def fix(self) -> None:
        known = self._correction()
        if known.version == 1:
            wrong, right = known.sentences
            fresh = self._picks("하늘트램 총사업비", AFTER)
            kept = tuple(
                Pick.model_validate(cited.model_dump(include=set(Pick.model_fields))) for cited in right.citations
            )
            draft = Draft(
                question=known.question or "",
                language=known.language,
                status=known.status,
                sentences=(
                    DraftSentence(text=wrong.text.replace(BEFORE, AFTER), citations=fresh),
                    DraftSentence(text=right.text, citations=kept),
                ),
                owner=known.owner,
            )
            self.desk.corrections.save(KIM, self._item().id, draft, correction_id=known.id, based_on=1)
        self.publish()

    def _item(self) -> QueueItem:
        self.desk.queue.refresh(KIM)
        (item,) = self.desk.queue.page(KIM, QueueFilter(state=None)).items
        return item

    def _correction(self) -> Correction:
        (known,) = self.desk.items.open(KIM, self._item().id).corrections
        return self.desk.corrections.versions(KIM, known.id)[0]

    def _picks(self, words: str, text: str) -> tuple[Pick, ...]:
        hits: tuple[LibraryHit, ...] = self.desk.corrections.search(KIM, words, "ko")
        return next(one.supports for hit in hits for one in hit.sentences if text in one.text and one.supports)

    def _newest(self) -> Update | None:
        return next(iter(self.desk.updates.list(PARK)), None)

    def _bury(self) -> None:
        """Nobody has to wait for half a minute here."""
        update_claim.LEASE_SECONDS = 0.0
        self.desk.updates.list(PARK)
        update_claim.LEASE_SECONDS = LEASE

    def _finished(self, update_id: int) -> None:
        while self.desk.updates.get(PARK, update_id).state is UpdateState.PREPARING:
            time.sleep(REST)


def wait_until_open(service: Service) -> None:
    """The index is opened in the background, as in a server."""
    while True:
        try:
            with service.index.reader():
                return
        except CivicbotError:
            time.sleep(REST)


def child(folder: Path, address: str, step: str, target: str) -> None:
    if target not in ("", END):
        stop_at(target)
    settings = Settings(
        corpus=folder / "corpus",
        data=folder / "var",
        database_url=SecretStr(address),
        embedder_languages="none",
        rate_limit="off",
    )
    service = Service(settings, patient=False, records="database")
    service.start()
    wait_until_open(service)
    go: Callable[[], None] = getattr(Loop(service), step)
    go()
    if target:
        # Somebody in the background may have stopped before; whoever comes here first says so.
        forever()
    service.close()
    say("done")


def main() -> None:
    Tokenizer().tokens("준비합니다.")
    split_sentences("준비. 합니다.", "ko")
    say("ready")
    for line in sys.stdin:
        folder, address, step, target = line.rstrip("\n").split("\t")
        pid = os.fork()
        if pid == 0:
            say(str(os.getpid()))
            child(Path(folder), address, step, target)
            os._exit(0)
        os.waitpid(pid, 0)
        say("ended")


if __name__ == "__main__":
    main()
