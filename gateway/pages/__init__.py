"""The desk's pages: Customer Bills, one bill, bulk actions; swapped by HTMX, usable without it.

They stand on the queries and commands that the API stands on; no rule is written twice.
Page modules end in a list of routes; `routes` is what the application mounts.
"""

from __future__ import annotations

from litestar import Router
from litestar.di import Provide

from gateway.pages import (
    account,
    account_statements,
    activity,
    audits,
    billing_runs,
    billing_settings,
    bills,
    bulk_actions,
    close_of_day,
    customer_forms,
    customers,
    dashboard,
    documents,
    downloads,
    exports,
    held_payments,
    imports,
    installation,
    isp_profiles,
    live,
    lump_sums,
    missed_months,
    missing_bills,
    operations,
    operators,
    packages,
    partners,
    payment_gateways,
    payment_links,
    payment_list,
    payments,
    portal,
    reminders,
    saved_views,
    sessions,
    sms_gateways,
    sms_templates,
    users,
    webhooks,
)
from gateway.pages.web import assets, errors, preferences, render, translations, visit

PAGES = (
    account,
    account_statements,
    activity,
    audits,
    billing_runs,
    billing_settings,
    bills,
    bulk_actions,
    close_of_day,
    customer_forms,
    customers,
    dashboard,
    documents,
    downloads,
    exports,
    held_payments,
    imports,
    installation,
    isp_profiles,
    live,
    lump_sums,
    missed_months,
    missing_bills,
    operations,
    operators,
    packages,
    partners,
    payment_gateways,
    payment_links,
    payment_list,
    payments,
    portal,
    reminders,
    saved_views,
    sessions,
    sms_gateways,
    sms_templates,
    users,
    webhooks,
)


def routes() -> list[Router]:
    """The pages and their files, with their own way to answer refusals."""
    # Read and compressed here, so that the first visitor does not wait for it.
    render.assets()
    handlers = [handler for page in PAGES for handler in page.ROUTES]
    pages = Router(
        "/",
        route_handlers=[*handlers, preferences.save_preferences],
        dependencies={"visit": Provide(visit.provide_visit)},
        exception_handlers=errors.EXCEPTION_HANDLERS,
        middleware=[translations.speaking],
        include_in_schema=False,
    )
    return [pages, Router("/static", route_handlers=[assets.send_asset], include_in_schema=False)]
