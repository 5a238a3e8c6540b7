"""Facts of the installation that every page knows: currency, zone, operator, features."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from litestar import Request

from gateway.access import Principal
from gateway.context import Gateway
from gateway.queries.billing_settings import billing_settings
from gateway.store import bulk_actions as bulk_action_store
from gateway.store import held_payments as held_payment_store
from gateway.store import installation as installation_store
from gateway.store import operators as operator_store
from gateway.store.access import acting_as
from shared import clock

HTTP_REQUEST = Request[Any, Any, Any]


FACTS_ARE_KEPT_SECONDS = 5.0
# What needs a person, by kind.
WAITING = ("held", "checkouts", "messages")

_known_facts: dict[UUID, tuple[float, dict[str, Any]]] = {}


async def facts_of(gateway: Gateway, principal: Principal) -> dict[str, Any]:
    """Currency, time zone, the operator's name, what is under way: a few seconds old will do."""
    at, facts = _known_facts.get(principal.operator_id, (0.0, {}))
    if time.monotonic() - at < FACTS_ARE_KEPT_SECONDS and facts:
        return facts
    async with acting_as(gateway.pool, principal) as tx:
        settings = await billing_settings(tx)
        name = await operator_store.name_of(tx, principal.operator_id)
        running = await bulk_action_store.running(tx, principal)
        waiting = await held_payment_store.counts(tx)
        troubles = await installation_store.troubles(tx, clock.now()) if principal.sees_all else 0
    facts = {
        "currency": settings["currency"],
        "time_zone": settings["time_zone"],
        "operator_name": name,
        "bulk-actions": running,
        "held": sum(waiting[kind] for kind in WAITING) if waiting else 0,
        "operations": troubles,
    }
    if len(_known_facts) > 10_000:
        _known_facts.clear()
    _known_facts[principal.operator_id] = (time.monotonic(), facts)
    return facts


_features_of: dict[int, frozenset[str]] = {}


def features_of(request: HTTP_REQUEST) -> frozenset[str]:
    """Return what this installation has routes for and can do, so that no page links where nothing is."""
    app = request.app
    features = _features_of.get(id(app))
    if features is None:
        paths = {route.path for route in app.routes}
        features = frozenset(
            {f"page:{path}" for path in paths if not path.startswith("/api/")}
            | {f"bill:{path.rpartition('/')[2]}" for path in paths if path.startswith("/bills/")}
            | {"bulk:mark_paid", "bulk:generate_missing", "bulk:send_payment_link", "bulk:download_pdf"}
        )
        _features_of[id(app)] = features
    return features
