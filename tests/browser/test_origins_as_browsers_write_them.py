"""What is registered is compared with what browsers send: both must write an origin in the same way."""

from __future__ import annotations

import random

from playwright.sync_api import Browser

from civicbot.origins import normal_origin

WRITTEN = (
    "https://www.City.example", "HTTPS://city.example:0443/", "https://광주.한국", "https://www.광주광역시.kr",
    "https://광주。한국", "https://ＣＩＴＹ.example", "https://Bücher.example", "https://faß.example", "https://ς.example",
    "https://İstanbul.example", "https://K.example", "https://ſ.example", "https://a\u00adb.example",
    "https://кремль.рф", "https://日本語。ＪＰ:8443", "https://a_b.example", "https://[2001:DB8:0:0::1]",
    "https://[1::0:0:0:0:0:8]", "https://[0:0:1::]", "https://1.2.3.4", "http://localhost:080", "http://[::1]:8100",
    "https://xn--bcher-kva.example",
)  # fmt: skip
PIECES = "abzAZ09-_.:/@%[]광주한ßİſ。．\u200d\u00ad☃０x"


def test_chromium_writes_origins_as_we_do(browser: Browser) -> None:
    chance = random.Random(7)  # the same texts every time
    odd = ("https://" + "".join(chance.choices(PIECES, k=chance.randint(1, 9))) for _ in range(5_000))
    texts = [*WRITTEN, *odd]
    page = browser.new_page()
    theirs = page.evaluate(
        "texts => texts.map((text) => { try { return new URL(text).origin; } catch { return null; } })", texts
    )
    page.close()
    ours = [_normal(text) for text in texts]
    assert None not in ours[: len(WRITTEN)]
    assert [pair for pair in zip(texts, ours, theirs, strict=True) if pair[1] not in (None, pair[2])] == []
    assert sum(our is not None for our in ours) > 500


def _normal(text: str) -> str | None:
    try:
        return normal_origin(text)
    except ValueError:
        return None
