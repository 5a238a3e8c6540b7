"""Billing settings of the installation: what is named is set, the rest stays."""

from __future__ import annotations

from dataclasses import fields, replace
from zoneinfo import available_timezones

from services.invoicing import store
from services.invoicing.domain import CurrencyFixed, Forbidden, UnknownTimeZone
from services.invoicing.store import BillingSettings, packages
from shared import outbox
from shared.contracts.catalog import BillingSettingsChanged, ChangeBillingSettings
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.outbox import Said


async def change_billing_settings(
    received: Received[ChangeBillingSettings], tx: Tx
) -> BillingSettingsChanged:
    """Change the settings; they belong to the root."""
    wanted = received.data
    if not await store.is_root(tx, wanted.scope):
        raise Forbidden
    known = await store.billing_settings(tx, lock=True)
    given = {each.name: getattr(wanted, each.name, None) for each in fields(BillingSettings)}
    target = replace(known, **{name: value for name, value in given.items() if value is not None})
    if target == known:
        return known.changed()
    if target.time_zone not in available_timezones():
        raise UnknownTimeZone("time_zone")
    if target.currency != known.currency and await store.has_invoices(tx):
        raise CurrencyFixed("currency")
    saved = await store.save_billing_settings(tx, target)
    if saved.currency != known.currency:
        repriced = [store.package_changed(row, saved.currency) for row in await packages.touch_all(tx)]
        await outbox.say(tx, map(Said, repriced), lane=received.envelope.lane)
    return saved.changed()
