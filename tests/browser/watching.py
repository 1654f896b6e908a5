"""What the pages of a browser context asked of whom, and which errors they made."""

from __future__ import annotations

from playwright.sync_api import BrowserContext


def watch(context: BrowserContext, requests: list[str], errors: list[str]) -> None:
    """Notes every request, every uncaught error and every error on the console of a context's pages.

    Gradio's own client throws or logs that its stream ended when its page is left: that alone is no error.

    Args:
        context: whose pages are watched, those to come too.
        requests: gets the address of each request.
        errors: gets the text of each error.
    """

    def note(error: str) -> None:
        if not (error.startswith("AbortError: signal is aborted") and "/assets/index-" in error):
            errors.append(error)

    context.on("request", lambda request: requests.append(request.url))
    context.on("weberror", lambda error: note(str(error.error)))
    context.on("console", lambda message: note(message.text) if message.type == "error" else None)
