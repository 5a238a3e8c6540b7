"""Choices that several forms offer in a select: operators, packages, and months that can be billed."""

from __future__ import annotations

from typing import Any, TypeAlias

from gateway.domain import shifted
from gateway.pages.bill_address import in_tree_order
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import Visit
from gateway.queries import billing_settings as settings_queries
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from shared.db import Tx

MONTHS_OFFERED = 12
Choices: TypeAlias = list[tuple[Any, str]]


async def operators(tx: Tx, visit: Visit) -> Choices:
    """Return the operators of the reader's subtree as a tree."""
    in_reach = in_tree_order(await operator_store.in_reach(tx, visit.principal))
    return [(each["id"], "– " * (each["level"] - 1) + each["name"]) for each in in_reach]


async def packages(tx: Tx, visit: Visit) -> Choices:
    """Return the packages on sale with their prices."""
    on_sale = await package_store.on_sale(tx, visit.principal)
    return [(each["id"], f"{each['name']}, {visit.formats.amount(each['price_minor'])}") for each in on_sale]


async def months(tx: Tx, visit: Visit, ahead: int = 0, also: str = "") -> Choices:
    """Return the months from this one (or one ahead of it) back to the first that is billed, and one more."""
    current = visit.desk.today.strftime("%Y-%m")
    first = (await settings_queries.billing_settings(tx))["billing_from"] or current
    offered = [shifted(current, ahead - back) for back in range(MONTHS_OFFERED)]
    billed = [month for month in offered if month >= first] or [current]
    billed += [also] if first <= also < billed[-1] else []
    return [(month, visit.formats.month(month)) for month in billed]


def message_languages() -> Choices:
    """Return the languages of messages."""
    return [("en", _("English")), ("bn", _("Bengali"))]
