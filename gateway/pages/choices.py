"""Choices that several forms and filters offer: operators, people, packages, months that can be billed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from gateway.domain import shifted
from gateway.pages.web.preferences import LANGUAGES
from gateway.pages.web.visit import Visit
from gateway.queries import billing_settings as settings_queries
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store import users as user_store
from shared.db import Tx

MONTHS_OFFERED = 12
MOST_PEOPLE = 500
Choices: TypeAlias = list[tuple[Any, str]]


def in_tree_order(operators: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Operators as a tree reads: each below its parent, by name, with its `level` from 1."""
    known = {each["id"] for each in operators}
    below: dict[str | None, list[dict[str, Any]]] = {}
    for each in operators:
        parent = each["parent_id"] if each["parent_id"] in known else None
        below.setdefault(parent, []).append(each)
    ordered: list[dict[str, Any]] = []

    def walk(parent: str | None, level: int) -> None:
        for each in sorted(below.get(parent, []), key=lambda one: str(one["name"]).casefold()):
            ordered.append({**each, "level": level, "has_below": each["id"] in below})
            walk(each["id"], level + 1)

    walk(None, 1)
    return ordered


async def operator_tree(tx: Tx, visit: Visit) -> list[dict[str, Any]]:
    """Return the operators of the reader's subtree as a filter shows them."""
    return in_tree_order(await operator_store.in_reach(tx, visit.principal))


async def people(tx: Tx, visit: Visit) -> Choices:
    """Return those who may have recorded money here, by their addresses."""
    found = await user_store.in_reach(tx, visit.principal, MOST_PEOPLE)
    return [(each["email"], each["name"]) for each in found]


async def operators(tx: Tx, visit: Visit) -> Choices:
    """Return the operators of the reader's subtree as a tree."""
    in_reach = await operator_tree(tx, visit)
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
    return list(LANGUAGES.items())
