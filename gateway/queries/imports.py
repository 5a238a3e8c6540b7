"""What an import would do: the lines of a file placed as invoicing would place them, over the read model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gateway.access import Principal
from gateway.queries import billing_settings as settings_queries
from gateway.schemas.imports import MOST_WARNINGS, Options, Reading, SameMobile, warning
from gateway.store import imports as import_store
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from gateway.store.access import acting_as
from gateway.store.statements import Row
from shared.contracts import placement
from shared.contracts.placement import Catalog, Placed
from shared.db import Pool, Tx
from shared.values.texts import lookup_key

KEYS_AT_ONCE = 5_000
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be imported: each line is new, changed, unchanged or refused."""

    reading: Reading
    new: list[Placed]
    changed: list[Placed]
    unchanged: list[Placed]
    refused: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    catalog: Catalog

    def report(self) -> dict[str, Any]:
        """Return the counts and lines as an import's report has them."""
        return {
            "read": self.reading.read,
            "created": len(self.new),
            "updated": len(self.changed),
            "unchanged": len(self.unchanged),
            "refused": self.refused,
            "warnings": self.warnings,
        }


async def preview(pool: Pool, principal: Principal, reading: Reading, options: Options) -> Preview:
    """Return what the file would do now, within the caller's reach.

    Placing many lines takes longer than a transaction may stand idle: it is done between two of them.
    """
    async with acting_as(pool, principal) as tx:
        catalog = await catalog_of(tx, principal, reading)
    seen = await asyncio.to_thread(_placed, reading, options, catalog)
    async with acting_as(pool, principal) as tx:
        placed = sorted([*seen.new, *seen.changed, *seen.unchanged], key=lambda each: each.line.line)
        warnings = await _warnings(tx, principal, reading, placed)
    return replace(seen, warnings=warnings)


def _placed(reading: Reading, options: Options, catalog: Catalog) -> Preview:
    """Return the lines by what becomes of each, before anybody has looked for warnings."""
    placed, later = placement.place(reading.lines, catalog, options.twins, reading.defaults)
    refused = [*reading.refused, *(each.model_dump(mode="json") for each in later)]
    known = [(each, bool(each.changes())) for each in placed if each.customer is not None]
    return Preview(
        reading=reading,
        new=[each for each in placed if each.customer is None],
        changed=[each for each, changes in known if changes],
        unchanged=[each for each, changes in known if not changes],
        refused=sorted(refused, key=lambda each: int(each["line"])),
        warnings=[],
        catalog=catalog,
    )


async def catalog_of(tx: Tx, principal: Principal, reading: Reading) -> Catalog:
    """Return what the lines can name, as the read model knows it."""
    operators: dict[str, list[Row]] = {}
    rows = await operator_store.of_subtree(tx, principal.top, EVERYTHING)
    for row in rows:
        operators.setdefault(lookup_key(row["code"]), []).append(row)
    packages: dict[str, list[Row]] = {}
    for row in await package_store.of_subtree(tx, principal.top, EVERYTHING):
        packages.setdefault(lookup_key(row["name"]), []).append(row)
    customers: dict[str, list[Row]] = {}
    for keys in _portions({placement.code_key(line.code) for line in reading.lines}):
        for row in await import_store.customers_of_code_keys(tx, principal, keys):
            customers.setdefault(placement.code_key(row["code"]), []).append(row)
    return Catalog(operators, packages, customers, await settings_queries.today(tx))


async def _warnings(
    tx: Tx, principal: Principal, reading: Reading, placed: Sequence[Placed]
) -> list[dict[str, Any]]:
    """Return what the reading warns of, and whose mobile is somebody else's already."""
    owners: dict[str, list[Row]] = {}
    mobiles = {line.mobile for line in reading.lines if line.mobile}
    for portion in _portions(mobiles):
        for row in await import_store.customers_of_mobiles(tx, principal, portion):
            owners.setdefault(row["mobile"], []).append(row)
    warnings = list(reading.warnings)
    for each in placed:
        if each.customer is not None and each.customer["mobile"] == each.line.mobile:
            continue
        own = each.customer["id"] if each.customer else None
        others = [row["code"] for row in owners.get(each.line.mobile or "", ()) if row["id"] != own]
        if others and len(warnings) < MOST_WARNINGS:
            codes = ", ".join(others[:3])
            warnings.append(warning(each.line.line, each.line.code, SameMobile(codes)))
    return sorted(warnings, key=lambda each: int(each["line"]))


def _portions(values: set[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), KEYS_AT_ONCE):
        yield ordered[start : start + KEYS_AT_ONCE]


def counted(rows: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """Return the first of many."""
    return list(rows[:most])
