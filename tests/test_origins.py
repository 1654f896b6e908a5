"""Origins are written one way, the browsers', and nothing else passes for one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from civicbot.origins import LONGEST, is_local, normal_origin

LABEL = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(lambda text: text[2:4] != "--")
HOST = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
SCHEME = st.sampled_from(["http", "https"])
PORT = st.one_of(st.none(), st.integers(1, 65535))
ORIGIN = st.builds(
    lambda scheme, host, port: f"{scheme}://{host}{'' if port is None else f':{port}'}", SCHEME, HOST, PORT
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("https://www.city.example", "https://www.city.example"),
        ("  https://www.city.example/ ", "https://www.city.example"),
        ("HTTPS://WWW.City.Example", "https://www.city.example"),
        ("https://city.example:443", "https://city.example"),
        ("https://city.example:0443", "https://city.example"),
        ("http://city.example:80", "http://city.example"),
        ("https://city.example:80", "https://city.example:80"),
        ("https://city.example:8443/", "https://city.example:8443"),
        ("https://광주.한국", "https://xn--hc0bl34c.xn--3e0b707e"),
        ("https://www.광주광역시.kr", "https://www.xn--hc0ba158nyzc21e.kr"),
        ("https://ＣＩＴＹ.example", "https://city.example"),
        ("https://Bücher.example", "https://xn--bcher-kva.example"),
        ("https://광주。한국", "https://xn--hc0bl34c.xn--3e0b707e"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8100", "http://localhost:8100"),
        ("http://127.0.0.1:8100", "http://127.0.0.1:8100"),
        ("http://[::1]:8100", "http://[::1]:8100"),
        ("https://[2001:DB8:0:0::1]", "https://[2001:db8::1]"),
        ("https://intranet", "https://intranet"),
        ("https://under_score.example", "https://under_score.example"),
    ],
)
def test_what_people_write_becomes_what_browsers_send(written: str, normal: str) -> None:
    assert normal_origin(written) == normal


@pytest.mark.parametrize(
    "written",
    [
        "", "null", "*", "https://", "https://*", "https://*.city.example", "city.example", "//city.example",
        "ftp://city.example", "file:///etc/passwd", "javascript://city.example", "https:city.example",
        "https:///city.example", "https:/city.example", "https://city.example/path", "https://city.example//",
        "https://city.example/.", "https://city.example?x", "https://city.example#x", "https://city.example/?",
        "https://user@city.example", "https://user:word@city.example", "https://good.example@evil.example",
        "https://city.example:", "https://city.example:0", "https://city.example:65536", "https://city.example:-1",
        "https://city.example:99999999", "https://city.example:４４３", "https://city.example:8 0", "https://city.example.",
        "https://.city.example", "https://city..example", "https://-city.example", "https://city-.example",
        "https://city.example\\evil.example", "https://city.example%2eevil.example", "https://ci ty.example",
        "https://city\texample", "https://city.example\x00", "https://city\n.example", "https://city.example,https://b.example",
        "https://a.example https://b.example", "https://1.2.3", "https://1.2.3.256", "https://0x7f.0.0.1", "https://2130706433",
        "https://city.example.1", "https://01.2.3.4", "https://[::1", "https://::1", "https://[::g]", "https://[1.2.3.4]",
        "https://[fe80::1%25eth0]", "https://xn--.example", "https://xn--a-0000.example", f"https://{'a' * 64}.example",
        "https://" + ".".join(["a" * 60] * 5), "https://" + "a" * LONGEST, "https://city\u200b.\u202eexample", "https://a\u2488b.example",
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_told(written: str) -> None:
    with pytest.raises(ValueError, match=r"no web origin|names no host|has the port"):
        normal_origin(written)


@given(ORIGIN)
def test_the_normal_form_is_its_own(origin: str) -> None:
    normal = normal_origin(origin)
    assert normal_origin(normal) == normal
    assert normal_origin(f"{normal}/") == normal
    assert normal_origin(normal.upper()) == normal


@given(SCHEME, HOST, PORT)
def test_scheme_host_and_port_all_count(scheme: str, host: str, port: int | None) -> None:
    usual = {"http": 80, "https": 443}
    normal = normal_origin(f"{scheme}://{host}{'' if port is None else f':{port}'}")
    assert normal == f"{scheme}://{host}" + ("" if port in (None, usual[scheme]) else f":{port}")
    assert normal != normal_origin(f"{scheme}://a{host}")
    assert normal != normal_origin(f"{scheme}://{host}.a")
    other = "https" if scheme == "http" else "http"
    assert normal != normal_origin(f"{other}://{host}{'' if port is None else f':{port}'}")


@given(ORIGIN, st.text(min_size=1))
def test_nothing_can_be_added_behind(origin: str, more: str) -> None:
    assume(more.strip() not in ("", "/"))
    try:
        longer = normal_origin(origin + more)
    except ValueError:
        return
    # Then it is another host or port, and not the same origin with something behind it.
    assert longer != normal_origin(origin) or more.strip().rstrip("/") in (":443", ":80")


@given(st.text())
def test_any_text_is_either_an_origin_or_refused(text: str) -> None:
    try:
        normal = normal_origin(text)
    except ValueError:
        return
    assert normal.isascii()
    assert normal == normal.lower()
    assert normal_origin(normal) == normal


@given(st.text())
def test_any_host_is_either_ascii_or_refused(text: str) -> None:
    try:
        normal = normal_origin(f"https://{text}")
    except ValueError:
        return
    assert normal.isascii()
    assert not set(normal.removeprefix("https://")) & set("/?#@\\% \t\r\n;,'\"")


@pytest.mark.parametrize(
    ("origin", "local"),
    [
        ("http://localhost", True),
        ("http://localhost:8100", True),
        ("http://demo.localhost:8100", True),
        ("http://127.0.0.1:8100", True),
        ("http://[::1]", True),
        ("http://[::1]:8100", True),
        ("http://localhost.evil.example", False),
        ("http://evillocalhost", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://127.0.0.2", False),
        ("http://[::2]:8100", False),
        ("http://city.example", False),
    ],
)
def test_what_is_local(origin: str, local: bool) -> None:
    assert is_local(origin) is local
