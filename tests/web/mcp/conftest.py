from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.web.conftest import Running, running


@pytest.fixture(scope="session")
def tools() -> Iterator[Running]:
    """A server with the tools and without rate limit, shared by all tests that leave no traces in it."""
    with running(mcp=True, rate_limit="off") as server:
        yield server
