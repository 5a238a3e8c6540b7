"""The ground of the public routes: the database, the payment gateways and their certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request

from services.payments import store
from services.payments.checkouts import REFERENCE_LENGTH
from services.payments.providers.sns import Certificates
from services.payments.senders import Tills
from services.payments.store import Row
from shared.db import Pool


@dataclass(frozen=True)
class Counter:
    """The counter at which customers and providers are served."""

    tills: Tills
    certificates: Certificates
    pool_of: Callable[[], Pool]

    @property
    def pool(self) -> Pool:
        """The service's connections, once it runs."""
        return self.pool_of()

    async def checkout(self, reference: str, provider: str | None = None) -> Row | None:
        """Return the checkout of a reference that anybody may have written; None where it is none of ours."""
        if len(reference) != REFERENCE_LENGTH or not reference.isascii() or not reference.isalnum():
            return None
        row = await store.checkouts.by_reference(self.pool, reference)
        return row if row is not None and provider in (None, row["provider"]) else None


def counter_of(request: Request[Any, Any, Any]) -> Counter:
    """Return the counter of this app."""
    counter: Counter = request.app.state.counter
    return counter
