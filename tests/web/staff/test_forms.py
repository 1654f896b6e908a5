from __future__ import annotations

import pytest

from civicbot.review.nouns import Verdict
from civicbot.web.staff.forms import Form, InvalidFormError, Sent, read_form, read_sent


class _Form(Form):
    item: int
    verdict: Verdict = Verdict.CORRECT
    note: str = ""
    rows: tuple[str, ...] = ()
    owner: str | None = None


def test_fields_are_lists_of_texts() -> None:
    form = read_form({"item": ["1", "2"], "rows": ["a", ""], "note": [" 메모 "], "owner": [" "], "odd": ["x"]}, _Form)
    assert form == _Form(item=2, rows=("a", ""), note="메모")


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(InvalidFormError) as caught:
        read_form({"verdict": ["splendid"], "note": []}, _Form)
    assert caught.value.names == ("item", "verdict")
    assert caught.value.code == "invalid_form"


@pytest.mark.parametrize(
    "data", [None, 3, [], {"seq": "x"}, {"language": "fr"}, {"fields": {"a": 1}}, {"address": "x" * 9999}]
)
def test_what_our_script_does_not_send_counts_as_nothing(data: object) -> None:
    assert read_sent(data) == Sent()


def test_what_our_script_sends() -> None:
    sent = read_sent({"seq": 3, "language": "en", "address": "?screen=log", "fields": {"a": ["b"]}})
    assert (sent.seq, sent.language, sent.address, sent.fields) == (3, "en", "?screen=log", {"a": ["b"]})
