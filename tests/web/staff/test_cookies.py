"""Staff's cookies: signed, each for its own purpose, and bound to our host over TLS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Scope

from civicbot.web.staff.cookies import FORM_SECONDS, SESSION, VISITOR, Cookies, new_visitor

COOKIES = Cookies(b"x" * 32)


def scope(cookie: str = "", scheme: str = "http") -> Scope:
    return {"type": "http", "scheme": scheme, "headers": [(b"cookie", cookie.encode("latin-1"))]}


def written(scheme: str = "http") -> str:
    response = Response()
    COOKIES.keep_token(response, scope(scheme=scheme), "token")
    return response.headers["set-cookie"]


def value(line: str) -> str:
    return line.split(";", maxsplit=1)[0]


def test_over_http() -> None:
    line = written()
    assert line.startswith(f"{SESSION}=token.")
    assert set(line.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax"}
    assert COOKIES.token(scope(value(line))) == "token"


def test_over_tls() -> None:
    line = written("https")
    assert line.startswith(f"__Host-{SESSION}=token.")
    assert set(line.split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax", "Secure"}
    assert COOKIES.token(scope(value(line), "https")) == "token"


def test_over_tls_no_other_cookie_counts() -> None:
    assert COOKIES.token(scope(value(written()), "https")) is None


def test_among_other_cookies() -> None:
    assert COOKIES.token(scope(f"a=b; {value(written())}; c=d")) == "token"
    assert COOKIES.token({**scope(), "headers": []}) is None


@pytest.mark.parametrize(
    "change", [lambda v: v[:-1], lambda v: v.replace("token", "other"), lambda _: f"{SESSION}=token"]
)
def test_what_we_did_not_sign_is_nothing(change: object) -> None:
    assert callable(change)
    assert COOKIES.token(scope(change(value(written())))) is None
    assert Cookies(b"y" * 32).token(scope(value(written()))) is None


def test_a_cookie_of_one_kind_is_none_of_another() -> None:
    signed = value(written()).partition("=")[2]
    assert COOKIES.visitor(scope(f"{VISITOR}={signed}")) is None
    assert COOKIES.flow(scope(f"civicbot_flow={signed}")) is None


@given(st.text(max_size=200).filter(lambda text: text.isprintable()))
def test_any_cookie_is_read_without_an_error(text: str) -> None:
    line = f"{SESSION}={text}".encode("utf-8", "replace")
    assert COOKIES.token({"type": "http", "scheme": "http", "headers": [(b"cookie", line)]}) is None


def test_taking_a_cookie_away() -> None:
    response = Response()
    COOKIES.drop_token(response, scope(scheme="https"))
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert "Secure" in response.headers["set-cookie"]


def test_forms_are_bound_to_their_browser_and_their_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = new_visitor()
    token = COOKIES.form_token(visitor)
    assert COOKIES.is_form_token(token, visitor)
    assert not COOKIES.is_form_token(token, new_visitor())
    assert not COOKIES.is_form_token(token, None)
    for other in ("", "x", token[:-1], f"x{token}", f"{token}.x", "\ud800"):
        assert not COOKIES.is_form_token(other, visitor)
    from itsdangerous import TimestampSigner

    made = TimestampSigner.get_timestamp(TimestampSigner("x"))
    for later, good in ((FORM_SECONDS - 10, True), (FORM_SECONDS + 10, False)):
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _, now=made + later: now)
        assert COOKIES.is_form_token(token, visitor) is good


def test_marks_differ() -> None:
    assert len({new_visitor() for _ in range(20)}) == 20
