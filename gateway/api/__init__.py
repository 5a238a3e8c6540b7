"""The JSON API, /api/v1: reads from the read model, writes as commands, refusals as problem documents.

Modules end in a list of routes, a noun a file; `routes` is what the application mounts.
"""

from __future__ import annotations

from typing import Any

from litestar import Router

from gateway.api import (
    billing_runs,
    billing_settings,
    bills,
    bulk_actions,
    closings,
    customers,
    documents,
    held_payments,
    imports,
    installation,
    isp_profiles,
    missed_months,
    openapi,
    operations,
    operators,
    packages,
    partners,
    payment_gateways,
    payment_links,
    payments,
    reminders,
    saved_views,
    sessions,
    sms_gateways,
    tokens,
    users,
    webhooks,
)
from gateway.api.declarations import DEPENDENCIES

NOUNS = (
    billing_runs,
    billing_settings,
    bills,
    bulk_actions,
    closings,
    customers,
    documents,
    held_payments,
    imports,
    installation,
    isp_profiles,
    missed_months,
    operations,
    operators,
    packages,
    partners,
    payment_gateways,
    payment_links,
    payments,
    reminders,
    saved_views,
    sessions,
    sms_gateways,
    tokens,
    users,
    webhooks,
)


def routes() -> list[Any]:
    """The routes of every noun below /api/v1, and the document that describes them."""
    handlers = [handler for noun in NOUNS for handler in noun.ROUTES]
    return [Router("/api/v1", route_handlers=handlers, dependencies=DEPENDENCIES), *openapi.ROUTES]
