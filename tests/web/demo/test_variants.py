"""The policies of the demonstration site."""

from __future__ import annotations

from civicbot.web.demo.variants import VARIANTS, frame_policy, policy_header, script_policy

BOT = "https://assistant.example"


def test_only_the_policies_variants_send_one() -> None:
    assert {variant for variant in VARIANTS if policy_header(variant, BOT)} == {"strict", "frame"}


def test_the_strict_one_allows_the_widget_two_things() -> None:
    policy = script_policy(BOT)
    assert [name for name, value in policy.items() if value == BOT] == ["script-src", "connect-src"]
    assert policy["default-src"] == "'none'"
    assert not any("unsafe" in value or "*" in value for value in policy.values())


def test_the_frame_needs_one_and_forbids_scripts() -> None:
    policy = frame_policy(BOT)
    assert [name for name, value in policy.items() if value == BOT] == ["frame-src"]
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy


def test_a_header_is_written_as_browsers_read_it() -> None:
    header = policy_header("frame", BOT)
    assert header is not None
    assert header.startswith(f"default-src 'none'; frame-src {BOT}; ")
    assert "\n" not in header
