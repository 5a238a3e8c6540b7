"""What the public routes stand on: the database, the payment gateways and their certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from litestar import Request

from services.payments.providers.sns import Certificates
from services.payments.senders import Tills
from shared.db import Pool


@dataclass(frozen=True)
class Counter:
    """Where customers and providers are served."""

    tills: Tills
    certificates: Certificates
    pool_of: Callable[[], Pool]

    @property
    def pool(self) -> Pool:
        """The service's connections, once it runs."""
        return self.pool_of()


def counter_of(request: Request[Any, Any, Any]) -> Counter:
    """Return the counter of this app."""
    counter: Counter = request.app.state.counter
    return counter
