"""What a registered site's widget gets: its settings, its limits, and the conversation it goes on with."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from tests.services.redis import RedisServer
from tests.web.conftest import Running, check_error, running
from tests.web.double import EXAMPLES

from civicbot.errors import RecordsUnavailableError
from civicbot.model import LANGUAGES, Feedback, Language
from civicbot.site import Site
from civicbot.web.errors import RateLimitedError
from civicbot.web.limits import SiteLimit
from civicbot.web.phrases import load_phrases
from civicbot.web.widget_texts import load_widget_texts
from civicbot.web.windows import RedisWindows

HERE, THERE = "https://www.city.example", "https://there.example"
START = Callable[..., Running]


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(rate_limit="off") as server:
        yield server


@pytest.fixture
def city(server: Running) -> Running:
    """A server with two sites."""
    register(server, ("city", HERE), ("other", THERE))
    return server


def register(server: Running, *sites: tuple[str, str]) -> None:
    """Makes these the only sites."""
    for site in server.service.book.list():
        server.service.book.remove(site.name)
    for name, origin in sites:
        server.service.book.add(name, origins=(origin,))


def asked(server: Running, origin: str, name: str, question: str = "What does it cost?", **more: object) -> str:
    """Asks from a site's page and returns the conversation's id."""
    headers = {"Origin": origin, "Civicbot-Site": name}
    response = server.client.post("/api/v1/answers", json={"question": question, **more}, headers=headers)
    assert response.status_code == 200, response.text
    identifier: str = response.json()["conversation_id"]
    return identifier


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_with_nothing_of_its_own(city: Running, language: Language) -> None:
    response = city.client.get(f"/api/v1/sites/city?language={language}", headers={"Origin": HERE})
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    page = load_phrases(language).page
    assert response.json() == {
        "name": "city",
        "title": page.title,
        "language": language,
        "languages": ["ko", "en"],
        "accent": None,
        "greeting": page.tagline,
        "examples": list(EXAMPLES[language]),
        "newest": "2026-11-22",
        "contact": None,
        "texts": load_widget_texts(language),
        "paused": None,
    }


def test_a_site_with_words_of_its_own(start_site: START) -> None:
    server = start_site(contact="062-000-0000")
    nasty = "</script><script>alert(1)</script>"
    server.service.book.add(
        "city",
        origins=(HERE,),
        languages=("en",),
        accent="#0A5A3C",
        titles={"en": nasty},
        greetings={"en": "Good day"},
        examples={"en": ("Where?", "When?")},
    )
    server.service.why_paused = "The figures are being corrected."
    body = server.client.get("/api/v1/sites/city?language=ko", headers={"Origin": HERE}).json()
    assert (body["language"], body["languages"], body["accent"]) == ("en", ["en"], "#0a5a3c")
    assert (body["title"], body["greeting"], body["examples"]) == (nasty, "Good day", ["Where?", "When?"])
    assert (body["contact"], body["paused"]) == ("062-000-0000", "The figures are being corrected. (en, city)")
    assert body["texts"] == load_widget_texts("en")


@pytest.mark.parametrize(
    ("languages", "wished", "spoken"),
    [
        (("ko", "en"), "", "ko"),
        (("en", "ko"), "", "en"),
        (("ko", "en"), "?language=en", "en"),
        (("ko",), "?language=en", "ko"),
        (("en", "ko"), "?language=auto", "en"),
        (("en", "ko"), "?language=fr", "en"),
        (("en", "ko"), "?language=", "en"),
    ],
)
def test_a_site_speaks_one_of_its_languages(
    city: Running, languages: tuple[Language, ...], wished: str, spoken: str
) -> None:
    city.service.book.edit("city", languages=languages)
    assert city.client.get(f"/api/v1/sites/city{wished}").json()["language"] == spoken


@pytest.mark.parametrize(
    "name", ["none", "City", "city%20", "ci", "citycity", "city/x", "city%2Fx", "", "%00", "..%2Fcity"]
)
def test_unknown_sites(city: Running, name: str) -> None:
    for headers in ({}, {"Origin": HERE}, {"Origin": HERE, "Civicbot-Site": "city"}):
        check_error(city.client.get(f"/api/v1/sites/{name}", headers=headers), 404, "unknown_site")


def test_the_origins_of_another_site_do_not_see_it(city: Running) -> None:
    for name, origin in (("city", THERE), ("other", HERE), ("city", "null")):
        response = city.client.get(f"/api/v1/sites/{name}", headers={"Origin": origin, "Civicbot-Site": name})
        check_error(response, 404, "unknown_site")
    # The address counts, whatever the header says.
    found = city.client.get("/api/v1/sites/city", headers={"Origin": HERE, "Civicbot-Site": "other"})
    assert found.json()["name"] == "city"


def test_what_was_known_serves_on_without_the_database(start_site: START) -> None:
    city = start_site()
    register(city, ("city", HERE))
    headers = {"Origin": HERE, "Civicbot-Site": "city"}
    asked(city, HERE, "city")
    with city.service.database.transaction() as connection:
        connection.execute(text("ALTER TABLE sites RENAME TO away"))
    assert city.client.get("/api/v1/sites/city", headers=headers).status_code == 200
    asked(city, HERE, "city")
    check_error(city.client.get("/api/v1/sites/none", headers=headers), 404, "unknown_site")
    evil = {"Origin": "https://evil.example"}
    check_error(city.client.post("/api/v1/answers", json={"question": "How?"}, headers=evil), 403, "forbidden_origin")


# ---------------------------------------------------------------- conversations


def test_a_conversation_is_given_back_to_whoever_knows_it(city: Running) -> None:
    conversation = asked(city, HERE, "city")
    asked(city, HERE, "city", "And the budget?", conversation_id=conversation)
    headers = {"Origin": HERE, "Civicbot-Site": "city"}
    path = f"/api/v1/conversations/{conversation}"
    first = city.client.get(path, headers=headers).json()["turns"][0]["answer"]["id"]
    for helpful in (True, False):
        rated = city.client.post(f"/api/v1/answers/{first}/feedback", json={"helpful": helpful}, headers=headers)
        assert rated.status_code == 204
    response = city.client.get(path, headers=headers)
    assert response.headers["cache-control"] == "no-store"
    body = response.json()
    assert set(body) == {"id", "turns"}
    assert body["id"] == conversation
    assert [(turn["question"], turn["helpful"]) for turn in body["turns"]] == [
        ("What does it cost?", False),
        ("And the budget?", None),
    ]
    kept = city.service.records.conversation(conversation)
    assert [turn["answer"] for turn in body["turns"]] == [each.answer.model_dump(mode="json") for each in kept]
    # A program without origin, and our own page, may read it as well.
    assert city.client.get(path).json() == body


def test_a_site_reads_only_what_was_asked_there(city: Running) -> None:
    conversation = asked(city, HERE, "city")
    path = f"/api/v1/conversations/{conversation}"
    for headers in (
        {"Origin": THERE, "Civicbot-Site": "other"},
        {"Origin": f"http://127.0.0.1:{city.port}", "Civicbot-Site": "other"},
    ):
        check_error(city.client.get(path, headers=headers), 404, "unknown_conversation")
    asked(city, THERE, "other", "And the budget?", conversation_id=conversation)
    (turn,) = city.client.get(path, headers={"Origin": THERE}).json()["turns"]
    assert turn["question"] == "And the budget?"


@pytest.mark.parametrize("identifier", ["nobody", "0" * 32, "x" * 2000, "%00", "..", "%F0%9F%8F%99"])
def test_an_unknown_conversation(city: Running, identifier: str) -> None:
    response = city.client.get(f"/api/v1/conversations/{identifier}")
    assert response.status_code == 404
    assert response.headers["cache-control"] == "no-store"


def test_without_the_records_a_conversation_is_still_shown(city: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = asked(city, HERE, "city")
    (exchange,) = city.service.records.conversation(conversation)
    city.service.records.add_feedback(exchange.answer.id, Feedback(helpful=True))

    def away(_: object) -> dict[str, Feedback]:
        raise RecordsUnavailableError("The records cannot be reached just now.")

    monkeypatch.setattr(city.service.records, "feedback_on", away)
    (turn,) = city.client.get(f"/api/v1/conversations/{conversation}").json()["turns"]
    assert turn["helpful"] is None


def test_conversations_cannot_be_tried_out_without_end(start_site: START) -> None:
    server = start_site(rate_limit="1")
    statuses = [server.client.get(f"/api/v1/conversations/{number}").status_code for number in range(11)]
    assert statuses == [404] * 10 + [429]


# ---------------------------------------------------------------- limits


def test_a_site_has_so_many_questions_a_minute_for_all_its_visitors(start_site: START) -> None:
    server = start_site(rate_limit="off")
    server.service.book.add("small", origins=(HERE,), per_minute=2)
    server.service.book.add("other", origins=(THERE,))
    for _ in range(2):
        asked(server, HERE, "small")
    headers = {"Origin": HERE, "Civicbot-Site": "small"}
    for accept in ("application/json", "text/event-stream"):
        refused = server.client.post("/api/v1/answers", json={"question": "How?"}, headers=headers | {"Accept": accept})
        error = check_error(refused, 429, "rate_limited")
        assert "visitors of this site" in error["message"]
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert refused.headers["access-control-allow-origin"] == HERE
        assert refused.headers["access-control-expose-headers"] == "Retry-After"
    # Its frame is the same site; other sites, our own page and everything but asking go on.
    own = {"Origin": f"http://127.0.0.1:{server.port}", "Civicbot-Site": "small"}
    check_error(server.client.post("/api/v1/answers", json={"question": "How?"}, headers=own), 429)
    asked(server, THERE, "other")
    assert server.ask().status_code == 200
    assert server.client.get("/api/v1/sites/small", headers=headers).status_code == 200
    assert 'civicbot_rejected_total{reason="site"} 3.0' in server.client.get("/metrics").text


def test_the_limit_of_a_client_holds_on_sites_too(start_site: START) -> None:
    server = start_site(rate_limit="2")
    server.service.book.add("one", origins=(HERE,))
    server.service.book.add("two", origins=(THERE,))
    asked(server, HERE, "one")
    asked(server, THERE, "two")
    headers = {"Origin": HERE, "Civicbot-Site": "one"}
    refused = server.client.post("/api/v1/answers", json={"question": "How?"}, headers=headers)
    assert "this client" in check_error(refused, 429, "rate_limited")["message"]
    assert refused.headers["access-control-allow-origin"] == HERE


class Seen:
    def rate_storage_failed(self) -> None:
        pass


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed; scripts/test-setup does it")
    server = RedisServer(program)
    yield server
    server.remove()


@pytest.mark.services
def test_processes_share_a_sites_limit_through_redis(redis: RedisServer) -> None:
    small, large = (
        Site(name=name, origins=(HERE,), per_minute=number) for name, number in (("small", 2), ("large", 3))
    )
    limits = [SiteLimit(RedisWindows(redis.url, Seen())) for _ in range(2)]
    for limit in limits:
        limit.hit(small)
    for limit in limits:
        with pytest.raises(RateLimitedError) as caught:
            limit.hit(small)
        assert 1 <= caught.value.retry_after <= 60
    limits[0].hit(large)


# ---------------------------------------------------------------- metrics


def test_only_registered_sites_are_named_in_the_metrics(start_site: START) -> None:
    city = start_site()
    register(city, ("city", HERE))
    asked(city, HERE, "city")
    asked(city, HERE, "city", "What is the price?")
    city.client.post("/api/v1/answers", json={"question": "How?"}, headers={"Origin": HERE, "Civicbot-Site": "made-up"})
    city.client.post("/api/v1/answers", json={"question": "How?"}, headers={"Civicbot-Site": "made-up"})
    city.ask()
    told = city.client.get("/metrics").text
    assert 'civicbot_site_answers_total{site="city",status="answered"} 1.0' in told
    assert 'civicbot_site_answers_total{site="city",status="no_evidence"} 1.0' in told
    assert 'civicbot_answers_total{channel="widget",language="en",status="answered"} 1.0' in told
    assert "made-up" not in told
    assert told.count("civicbot_site_answers_total{") == 2
