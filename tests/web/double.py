"""A small service with a few real documents, for the tests of the web alone; it fulfils ServicePort."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count
from tempfile import TemporaryDirectory

from sqlalchemy import URL

from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.answering.findings import Finding, Findings
from civicbot.errors import IndexMissingError, InvalidQuestionError, PausedError, UnknownDocumentError
from civicbot.health import Check
from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Citation,
    Document,
    DocumentKind,
    Exchange,
    Language,
    Notice,
    NoticeKind,
    Question,
    Versions,
)
from civicbot.records.database import Database
from civicbot.records.live_sites import LiveSites
from civicbot.records.memory import MemoryRecords
from civicbot.records.sites import SiteBook
from civicbot.review.accounts import Accounts
from civicbot.review.desk import ReviewDesk
from civicbot.review.public_nouns import Reading
from civicbot.settings import Settings

KO_COST = "광주광역시는 2025년 8월 17일 AI 모빌리티 국가시범도시의 총사업비가 1조 5000억 원이라고 밝혔다."
KO_PLACE = (
    "광주광역시는 2025년 8월 17일 AI 모빌리티 국가시범도시를 미래차 국가산업단지 일대에 조성할 계획이라고 밝혔다."
)
EN_BUDGET = "The 2026 budget of the Republic of Korea sets aside 4 billion won for the AI City pilot project."
EN_TOTAL = "Gwangju said on 17 August 2025 that the AI mobility new town would cost 1.5 trillion won in total."
NASTY = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'> & `${hacked}` {{ hacked }}"


def _source(number: int, language: Language, title: str, publisher: str, day: date, lines: Sequence[str]) -> Document:
    return Document(
        id=f"S{number:03}-{language}",
        kind=DocumentKind.SOURCE,
        language=language,
        title=title,
        text="\n\n".join(lines),
        path=f"{language}/sources/{number}.md",
        content_hash="0" * 64,
        source_id=f"S{number:03}",
        publisher=publisher,
        url=f"https://news.example/{number}",
        published=day,
    )


DOCUMENTS = {
    one.id: one
    for one in (
        _source(
            12,
            "ko",
            "광주시, AI 모빌리티 국가시범도시 조성 계획 발표",
            "광주광역시",
            date(2025, 8, 17),
            ["사업 개요", "광주광역시는 자율주행 실증을 위한 도시를 만들 계획이다.", KO_COST, "위치", KO_PLACE],
        ),
        _source(
            12,
            "en",
            "Gwangju announces its AI mobility new town",
            "Gwangju Metropolitan City",
            date(2025, 8, 17),
            ["The project", "Gwangju plans a city in which self-driving cars are tried out.", EN_TOTAL],
        ),
        _source(
            31,
            "en",
            "National Assembly passes the 2026 budget",
            "Ministry of Economy and Finance",
            date(2025, 12, 2),
            ["The National Assembly passed the budget on 2 December 2025.", EN_BUDGET],
        ),
        Document(
            id="nasty-en",
            kind=DocumentKind.DOCUMENT,
            language="en",
            title=NASTY,
            text=f"A harmless heading\n\n{NASTY}.\n\nThe last line is harmless.",
            path="en/nasty.txt",
            content_hash="0" * 64,
            publisher=NASTY,
            url="javascript:alert(1)",
        ),
        Document(
            id="ai-mobility-new-town-en",
            kind=DocumentKind.BRIEF,
            language="en",
            title="AI mobility new town",
            text="What it is\n\nThe AI mobility new town is a planned city.",
            path="en/briefs/ai-mobility-new-town.md",
            content_hash="0" * 64,
            updated=date(2026, 11, 22),
        ),
    )
}

EXAMPLES: dict[Language, tuple[str, ...]] = {
    "ko": (
        "AI 모빌리티 국가시범도시 총사업비가 얼마야?",
        "국가 AI 컴퓨팅센터는 어디에 들어서나요?",
        "NPU 컴퓨팅센터 사업은 지금 어디까지 왔나요?",
        "AI 도시 시범사업의 2026년 예산은 얼마인가요?",
        "자율주행 실증도시는 언제부터 운영하나요?",
        "광주가 AI 시범도시로 선정됐나요?",
    ),
    "en": (
        "How much does the 2026 budget set aside for the AI City pilot?",
        "What is the total cost of the AI mobility new town?",
        "Where will the national AI computing centre be built?",
        "How far has the NPU computing centre come?",
        "When does the autonomous driving test city start?",
        "Has Gwangju been chosen as an AI City?",
    ),
}

CONTACT = "062-000-0000"


def citation(number: int, document: Document, quote: str) -> Citation:
    return Citation(
        number=number,
        quote=quote,
        document_id=document.id,
        passage_id=f"{document.id}.1",
        title=document.title,
        publisher=document.publisher,
        published=document.published,
        url=document.url,
        language=document.language,
    )


class Assistant:
    """Answers by a few key words; ``boom`` in a question breaks it in the middle of an answer."""

    def __init__(self, records: MemoryRecords) -> None:
        self._records = records
        self._numbers = iter(range(1, 1_000_000))
        self.loaded = True
        self.pause = threading.Event()
        self.pause.set()

    def answer(self, question: Question) -> Answer:
        *_, last = self.stream(question)
        assert isinstance(last, Answer)
        return last

    def stream(self, question: Question) -> Iterator[Event]:
        if not self.loaded:
            raise IndexMissingError("The library has not been indexed yet.")
        if not question.text.strip("\u200b \n\t"):
            raise InvalidQuestionError("The question is empty.")
        conversation = question.conversation_id or self._records.start()
        self._records.earlier(conversation)
        yield StageStarted(stage="intake")
        yield StageStarted(stage="retrieve")
        self.pause.wait(30)
        answer = self._reply(question, conversation)
        for sentence in answer.sentences:
            new = tuple(one for one in answer.citations if one.number in sentence.citations)
            yield SentenceReady(sentence=sentence, new_citations=new)
        if "boom" in question.text:
            raise RuntimeError(f"secret detail about {question.text}")
        exchange = Exchange(
            question=question.text,
            standalone=question.text,
            answer=answer,
            asked_at=datetime.now(UTC),
            seconds=0.0,
            channel=question.channel,
            site=question.site,
        )
        self._records.remember(exchange)
        yield answer

    def _reply(self, question: Question, conversation: str) -> Answer:
        language: Language = question.language or ("en" if question.text.isascii() else "ko")
        text = question.text.lower()
        if "분양가" in text or "price" in text:
            return self._none(language, conversation)
        if "nasty" in text or "<" in text:
            picked = [(NASTY, citation(1, DOCUMENTS["nasty-en"], NASTY + "."))]
        elif "budget" in text:
            picked = [(EN_BUDGET, citation(1, DOCUMENTS["S031-en"], EN_BUDGET))]
        elif language == "en":
            picked = [
                (EN_TOTAL, citation(1, DOCUMENTS["S012-en"], EN_TOTAL)),
                ("The 2026 budget holds 4 billion won for the pilot.", citation(2, DOCUMENTS["S031-en"], EN_BUDGET)),
            ]
        else:
            picked = [
                (KO_COST, citation(1, DOCUMENTS["S012-ko"], KO_COST)),
                (KO_PLACE, citation(2, DOCUMENTS["S012-ko"], KO_PLACE)),
                ("2026년 정부 예산에는 40억 원이 담겼다.", citation(3, DOCUMENTS["S031-en"], EN_BUDGET)),
            ]
        dates = [one.published for _, one in picked if one.published]
        notice = (
            "총사업비는 자료에 따라 1조 5000억 원과 1조 6000억 원으로 다릅니다."
            if language == "ko"
            else "Sources give the total as 1.5 and as 1.6 trillion won."
        )
        return self._answer(
            language,
            conversation,
            status=AnswerStatus.ANSWERED,
            text=" ".join(f"{sentence} [{one.number}]" for sentence, one in picked),
            sentences=tuple(AnswerSentence(text=sentence, citations=(one.number,)) for sentence, one in picked),
            citations=tuple(one for _, one in picked),
            as_of=max(dates) if dates else None,
            notices=(Notice(kind=NoticeKind.DISPUTED, text=notice),) if len(picked) > 1 else (),
            suggestions=EXAMPLES[language][1:4],
        )

    def _none(self, language: Language, conversation: str) -> Answer:
        text = "자료에서 이 내용을 찾지 못했습니다." if language == "ko" else "The library does not hold this."
        return self._answer(language, conversation, status=AnswerStatus.NO_EVIDENCE, text=text, contact=CONTACT)

    def _answer(self, language: Language, conversation: str, **fields: object) -> Answer:
        base = {
            "id": f"a{next(self._numbers)}",
            "conversation_id": conversation,
            "language": language,
            "confidence": 0.8,
            "versions": Versions(app="0.1.0", index="20261122T000000-00000000"),
        }
        return Answer.model_validate(base | fields)


class Service:
    """Fulfils ``civicbot.web.ports.ServicePort``; its sites are in a real database, read anew for each request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._folder = TemporaryDirectory(prefix="civicbot-sites-")
        self.database = Database(URL.create("sqlite", database=f"{self._folder.name}/records.sqlite3"))
        self.database.upgrade()
        self.book = SiteBook(self.database)
        self.sites = LiveSites(self.database, clock=count().__next__)
        self.why_paused: str | None = None
        self.accounts: Accounts | None = None
        self.review: ReviewDesk | None = None
        self.reading = Reading(state="none")
        self.records = MemoryRecords()
        self.assistant = Assistant(self.records)
        self.closed = False

    def document(self, document_id: str) -> Document:
        if not self.assistant.loaded:
            raise IndexMissingError("The library has not been indexed yet.")
        try:
            return DOCUMENTS[document_id]
        except KeyError:
            raise UnknownDocumentError(f"There is no document {document_id!r}.") from None

    def search(self, question: Question, limit: int) -> Findings:
        language: Language = question.language or ("en" if question.text.isascii() else "ko")
        if self.why_paused:
            raise PausedError(f"{self.why_paused} ({language}, {question.site})")
        if "boom" in question.text:
            raise RuntimeError(f"secret detail about {question.text}")
        found = [one for one in self.documents() if one.language == language][:limit]
        return Findings(
            language=language,
            passages=tuple(
                Finding(
                    **citation(number, one, one.text.split("\n\n")[-1]).model_dump(),
                    kind=one.kind,
                    heading="",
                    text=one.text,
                )
                for number, one in enumerate(found, 1)
            ),
        )

    def sentences(self, document_id: str) -> Sequence[tuple[int, int]]:
        text = self.document(document_id).text
        return [found.span() for found in re.finditer(r"[^\s.][^.\n]*\.(?=\s|$)", text)]

    def documents(self) -> Sequence[Document]:
        if not self.assistant.loaded:
            raise IndexMissingError("The library has not been indexed yet.")
        return tuple(DOCUMENTS.values())

    def checks(self) -> list[Check]:
        index = Check(name="index", state="ok", message="The index is loaded.")
        if not self.assistant.loaded:
            index = Check(name="index", state="waiting", message="The index is loading.", hint="Wait a moment.")
        return [
            index,
            Check(name="contact", state="warning", message="No contact is set.", hint="Set CIVICBOT_CONTACT."),
        ]

    def examples(self, language: Language) -> tuple[str, ...]:
        return EXAMPLES[language]

    def paused(self, language: Language, site: str | None) -> str | None:
        return f"{self.why_paused} ({language}, {site})" if self.why_paused else None

    def newest_date(self) -> date | None:
        return date(2026, 11, 22) if self.assistant.loaded else None

    def versions(self) -> Versions | None:
        return Versions(app="0.1.0", index="20261122T000000-00000000") if self.assistant.loaded else None

    def public_figures(self) -> Reading:
        return self.reading

    def index_created(self) -> datetime | None:
        return datetime(2026, 11, 22, tzinfo=UTC) if self.assistant.loaded else None

    def close(self) -> None:
        self.closed = True
        self.database.close()
        self._folder.cleanup()
