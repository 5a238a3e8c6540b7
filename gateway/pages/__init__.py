"""The desk's pages: Customer Bills, one bill, bulk actions; swapped by HTMX, usable without it.

They stand on the queries and commands that the API stands on; no rule is written twice.
Page modules end in a list of routes; `routes` is what the application mounts.
"""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from gateway.pages import (
    account,
    activity,
    bill,
    bills,
    customer_forms,
    customers,
    dashboard,
    exports,
    operators,
    packages,
    payments,
    portal,
    users,
)
from gateway.pages import billing_runs as runs
from gateway.pages import billing_settings as settings
from gateway.pages import bulk_actions as bulk
from gateway.pages import imports as customer_files
from gateway.pages import missing_bills as generate
from gateway.pages import payment_links as links
from gateway.pages import sessions as sign_in
from gateway.pages.web import files, preferences
from gateway.pages.web import forms as wishes
from gateway.pages.web import visit as visits

PAGES = (
    account,
    activity,
    bill,
    bills,
    bulk,
    customer_files,
    customer_forms,
    customers,
    dashboard,
    exports,
    generate,
    links,
    operators,
    packages,
    payments,
    portal,
    runs,
    settings,
    sign_in,
    users,
    wishes,
)


def routes() -> list[Router]:
    """The pages and their files, with their own way to answer refusals."""
    handlers = [handler for module in PAGES for handler in module.ROUTES]
    pages = Router(
        "/",
        route_handlers=[*handlers, preferences.save_preferences],
        dependencies={"visit": Provide(visits.provide_visit)},
        exception_handlers=visits.EXCEPTION_HANDLERS,
        middleware=[visits.speaking],
        include_in_schema=False,
    )
    return [pages, Router("/static", route_handlers=[files.send_asset], include_in_schema=False)]
