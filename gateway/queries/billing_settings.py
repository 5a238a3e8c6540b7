"""Billing settings, and what day it is for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from gateway.schemas.imports import Place
from gateway.store import billing_settings as settings_store
from shared import clock
from shared.contracts.catalog import DEFAULT_BILLING
from shared.db import Tx
from shared.values.countries import country_of

DEFAULT_SETTINGS: Mapping[str, Any] = {**DEFAULT_BILLING, "billing_from": None, "version": 0}


async def billing_settings(tx: Tx) -> Mapping[str, Any]:
    """Return how this installation bills; the defaults until invoicing has said otherwise."""
    return await settings_store.current(tx) or DEFAULT_SETTINGS


async def today(tx: Tx) -> date:
    """The date in the ISP's billing time zone."""
    return clock.today((await billing_settings(tx))["time_zone"])


async def country(tx: Tx) -> str:
    """The installation's country, by whose rules mobiles are read."""
    return country_of((await billing_settings(tx))["currency"])


async def place(tx: Tx) -> Place:
    """Return the country and the zone whose mobiles and days a file writes."""
    settings = await billing_settings(tx)
    return Place(country_of(settings["currency"]), ZoneInfo(settings["time_zone"]))
