"""The variants of the demonstration site, and the policies that two of them send.

docs/embedding.md prints both policies; a test compares them.
"""

from __future__ import annotations

from typing import Literal, get_args

Variant = Literal["plain", "hostile", "strict", "single-page", "frame"]
VARIANTS: tuple[Variant, ...] = get_args(Variant)

_OWN = {"style-src": "'self'", "img-src": "'self'", "base-uri": "'none'", "form-action": "'self'"}


def script_policy(assistant: str) -> dict[str, str]:
    """The strictest policy under which the widget runs.

    Two directives are for the widget, ``script-src`` for its file and ``connect-src`` for its questions; the others are
    what the host's own pages need.

    Args:
        assistant: origin of the assistant's server, e.g. ``https://assistant.example``.
    """
    trusted = {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
    return {
        "default-src": "'none'",
        "script-src": assistant,
        "connect-src": assistant,
        **_OWN,
        "frame-ancestors": "'none'",
        **trusted,
    }


def frame_policy(assistant: str) -> dict[str, str]:
    """The policy of a site that runs no script and shows the assistant in a frame."""
    return {"default-src": "'none'", "frame-src": assistant, **_OWN, "frame-ancestors": "'none'"}


def policy_header(variant: Variant, assistant: str) -> str | None:
    """The Content-Security-Policy of a variant; None where it sends none."""
    made = {"strict": script_policy, "frame": frame_policy}.get(variant)
    return "; ".join(f"{name} {value}" for name, value in made(assistant).items()) if made else None
