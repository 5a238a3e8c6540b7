"""What the projector hears is cut into as few writes as possible."""

from __future__ import annotations

import pytest

from gateway.projection.app import create_service
from gateway.settings import ProjectorSettings


@pytest.mark.parametrize("name", ["invoices", "payments"])
def test_a_batch_that_touches_bills_is_one_write(name: str) -> None:
    """Cut by kinds, it would lock bills in several orders and wait in a circle with the other's batch."""
    settings = ProjectorSettings(database_url="postgresql://nowhere", kafka_bootstrap_servers="127.0.0.1:9")
    subscription = next(each for each in create_service(settings).subscriptions if each.name == name)
    assert len(set(subscription.handlers.values())) == 1
