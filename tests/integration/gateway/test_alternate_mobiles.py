"""The second of two numbers: kept from wherever it is typed, shown, found, and written into files again."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import GatewayHarness
from tests.integration.gateway.test_values import _customer, _on_the_page, _said, _signed_in

BOTH = ("+8801712345678", "+8801812345678")


@pytest.mark.parametrize(
    "numbers",
    [
        {"mobile": "01712345678 / 01812345678"},
        {"mobile": "01712345678", "alternate_mobile": "০১৮১২-৩৪৫৬৭৮"},
        {"mobile": "01712345678, 01912345678", "alternate_mobile": "1812345678"},
    ],
)
async def test_two_numbers_are_read_alike_by_api_and_page(
    harness: GatewayHarness,
    client_for: ClientFor,
    visitor: httpx.AsyncClient,
    gateway_pool: Pool,
    numbers: dict[str, str],
) -> None:
    clerk = await client_for(harness.root, "operator")
    await clerk.post("/customers", json=_customer(harness, **numbers))
    said = await _said(gateway_pool)
    assert (said["mobile"], said["alternate_mobile"]) == BOTH
    form = await _signed_in(clerk, visitor)
    fields = _customer(harness, code="N-2", status="active", billing_cycle="monthly", since="", **numbers)
    assert (await _on_the_page(visitor, form, "/customers", **fields)).status_code in (200, 303)
    said = await _said(gateway_pool)
    assert (said["code"], said["mobile"], said["alternate_mobile"]) == ("N-2", *BOTH)


async def test_a_change_names_takes_away_and_leaves_the_alternate(
    harness: GatewayHarness, client_for: ClientFor, gateway_pool: Pool
) -> None:
    clerk = await client_for(harness.root, "operator")
    path = f"/customers/{harness.abdul.customer_id}"
    for body, alternate, clears in (
        ({"alternate_mobile": "01812345678"}, BOTH[1], False),
        ({"alternate_mobile": None}, None, True),
        ({"name": "Another"}, None, False),
    ):
        assert (await clerk.patch(path, json=body)).status_code == 202
        said = await _said(gateway_pool)
        assert (said["alternate_mobile"], said["clear_alternate_mobile"]) == (alternate, clears)
    wrong = await clerk.patch(path, json={"alternate_mobile": "0181"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "alternate_mobile")


@pytest.mark.parametrize(
    "typed", ["01812-345678", "+880 1812 345678", "1812345678", "০১৮১২৩৪৫৬৭৮", "345678", "Rahman 01812345678"]
)
async def test_it_is_shown_found_and_exported(
    harness: GatewayHarness, client_for: ClientFor, typed: str
) -> None:
    clerk = await client_for(harness.north, "operator")
    changed = harness.abdul.model_copy(
        update={"mobile": "+8801799999999", "alternate_mobile": BOTH[1], "version": 2}
    )
    foreign = harness.mitu.model_copy(update={"mobile": None, "alternate_mobile": BOTH[1], "version": 2})
    await harness.say(changed, foreign)
    shown = (await clerk.get(f"/customers/{changed.customer_id}")).json()
    assert (shown["mobile"], shown["alternate_mobile"]) == ("+8801799999999", BOTH[1])
    found = (await clerk.get("/customers", params={"q": typed})).json()["items"]
    assert [each["code"] for each in found] == [changed.code]
    everybody = (
        await (await client_for(harness.root, "viewer")).get("/customers", params={"q": typed})
    ).json()
    assert {each["code"] for each in everybody["items"]} == {changed.code, foreign.code}
    text = (await clerk.get("/customers", headers={"Accept": "text/csv"})).text.lstrip("\ufeff")
    [row] = [row for row in csv.DictReader(io.StringIO(text)) if row["code"] == changed.code]
    assert row["alternate_mobile"] == BOTH[1]
