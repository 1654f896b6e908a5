from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.web.conftest import Running

from civicbot.health import Check
from civicbot.web.metrics import Metrics

OK = Check(name="index", state="ok", message="It is open.")


def samples(text: bytes | str) -> dict[str, float]:
    """All samples by name and labels, written as Prometheus does."""
    found = {}
    for family in text_string_to_metric_families(text if isinstance(text, str) else text.decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_stages_are_timed_in_buckets_fit_for_milliseconds() -> None:
    metrics = Metrics()
    for seconds in (0.0004, 0.004, 0.04, 0.4, 4.0, 40.0):
        metrics.stage("retrieve", seconds)
    told = samples(metrics.text([OK], None))
    counts = {
        edge: told[f'civicbot_stage_seconds_bucket{{le="{edge}",stage="retrieve"}}']
        for edge in ("0.001", "0.005", "0.05", "0.5", "5.0", "+Inf")
    }
    assert list(counts.values()) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("states", "ready", "degraded"),
    [
        ({"index": "ok"}, 1, {}),
        ({"index": "ok", "embedder": "ok", "records": "ok", "contact": "warning"}, 1, {}),
        ({"index": "ok", "embedder": "warning"}, 1, {"embedder"}),
        ({"index": "warning", "records": "warning"}, 1, {"index", "records"}),
        ({"index": "waiting"}, 0, {"index"}),
        ({"index": "failed", "records": "failed"}, 0, {"index", "records"}),
        ({"index": "ok", "warm-up": "waiting"}, 0, {}),
    ],
)
def test_what_the_service_goes_without_is_told(states: dict[str, str], ready: int, degraded: set[str]) -> None:
    checks = [Check.model_validate({"name": name, "state": state, "message": "…"}) for name, state in states.items()]
    told = samples(Metrics().text(checks, None))
    assert told["civicbot_ready"] == ready
    assert {part: told[f'civicbot_degraded{{part="{part}"}}'] for part in ("embedder", "records", "index")} == {
        part: float(part in degraded) for part in ("embedder", "records", "index")
    }


def test_the_age_of_the_index_is_of_now() -> None:
    metrics = Metrics()
    told = samples(metrics.text([OK], datetime.now(UTC) - timedelta(hours=2)))
    assert 7200 <= told["civicbot_index_age_seconds"] < 7260
    assert math.isnan(samples(metrics.text([OK], None))["civicbot_index_age_seconds"])


def test_the_records_tell_of_their_queue_and_outages() -> None:
    metrics = Metrics()
    assert samples(metrics.text([OK], None))["civicbot_records_failures_total"] == 0
    metrics.records_queue(7)
    metrics.records_failed()
    metrics.records_failed()
    told = samples(metrics.text([OK], None))
    assert (told["civicbot_records_queue"], told["civicbot_records_failures_total"]) == (7, 2)


def test_questions_without_an_answer_are_counted_by_their_error(start_site: Callable[..., Running]) -> None:
    site = start_site()
    site.ask("boom")
    site.client.post("/api/v1/answers", json={"question": "boom"}, headers={"Accept": "text/event-stream"})
    site.ask(conversation_id="nobody")
    told = samples(site.client.get("/metrics").text)
    assert told['civicbot_errors_total{code="internal"}'] == 2
    assert told['civicbot_errors_total{code="unknown_conversation"}'] == 1


def test_tickets_and_feedback_are_counted(start_site: Callable[..., Running]) -> None:
    site = start_site()
    answer = site.ask("AI 모빌리티").json()["id"]
    for helpful in (True, True, False):
        site.client.post(f"/api/v1/answers/{answer}/feedback", json={"helpful": helpful})
    site.client.post("/api/v1/answers/nobody/feedback", json={"helpful": True})
    site.client.post("/api/v1/tickets", json={"answer_id": answer})
    site.client.post("/api/v1/tickets", json={"answer_id": "nobody"})
    told = samples(site.client.get("/metrics").text)
    assert told['civicbot_feedback_total{helpful="true"}'] == 2
    assert told['civicbot_feedback_total{helpful="false"}'] == 1
    assert told['civicbot_tickets_total{language="ko"}'] == 1
    made = datetime(2026, 11, 22, tzinfo=UTC)
    assert told["civicbot_index_age_seconds"] == pytest.approx((datetime.now(UTC) - made).total_seconds(), abs=60)
