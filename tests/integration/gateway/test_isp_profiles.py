"""ISP profiles: each field the nearest operator's, changed for what is issued from now on, by who may."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from gateway.context import Gateway
from shared import blobs
from shared.contracts.catalog import OperatorChanged
from shared.contracts.documents import ChangeIspProfile, IspProfileChanged, Logo, ProfileFields
from shared.contracts.envelope import CommandRefused
from shared.db import Pool
from tests.integration.gateway.conftest import ClientFor
from tests.integration.gateway.harness import NOW, GatewayHarness

PATH = "/settings/isp-profile"
PNG = b"\x89PNG\r\n\x1a\n and the rest"


def said(of: OperatorChanged, version: int = 1, logo: Logo | None = None, **own: Any) -> IspProfileChanged:
    return IspProfileChanged(
        operator_id=of.operator_id,
        fields=ProfileFields(**own),
        logo=logo,
        valid_from=NOW,
        changed_by="nasrin@desk.test",
        version=version,
    )


def logo(key: str = "logos/a.png") -> Logo:
    return Logo(
        key=key, media_type="image/png", size_bytes=12, width=4, height=3, file_name="a.png", transparent=True
    )


async def _command(pool: Pool) -> tuple[UUID, ChangeIspProfile]:
    while not (rows := await pool.fetch(
        "SELECT message_id, payload FROM outbox WHERE type = $1 ORDER BY id DESC", ChangeIspProfile.type
    )):  # fmt: skip
        await asyncio.sleep(0.01)
    return rows[0]["message_id"], ChangeIspProfile.model_validate_json(rows[0]["payload"])


async def test_what_is_not_an_operators_own_is_the_nearest_aboves(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await harness.say(said(harness.root, address="House 27", language="bn", logo=logo()))
    await harness.say(said(harness.north, name="North Link", footer=""))
    viewer = await client_for(harness.north, "viewer")
    shown = (await viewer.get(PATH)).json()
    assert (shown["name"], shown["address"], shown["footer"]) == ("North Link", "House 27", "")
    assert (shown["language"], shown["paper"]) == ("bn", "A4")
    root = {"id": str(harness.root.operator_id), "name": "Operator ISP"}
    assert shown["inherited"]["address"] == root
    assert shown["inherited"]["logo"] == root
    assert shown["inherited"]["paper"] is None
    assert "name" not in shown["inherited"]
    assert (shown["version"], shown["changed_by"], shown["logo"]["width"]) == (1, "nasrin@desk.test", 4)
    other = (await (await client_for(harness.south, "viewer")).get(PATH)).json()
    assert (other["name"], other["version"], other["inherited"]["name"]) == ("Operator ISP", 0, root)


async def test_what_is_named_is_set_and_null_is_given_back(
    harness: GatewayHarness, gateway: Gateway, gateway_pool: Pool, client_for: ClientFor
) -> None:
    admin = await client_for(harness.north, "admin")
    picture = {"media_type": "image/png", "base64": base64.b64encode(PNG).decode(), "file_name": "a.png"}
    body = {"name": "North Link", "address": None, "logo": picture}
    asking = asyncio.create_task(admin.put(PATH, json=body))
    command_id, command = await _command(gateway_pool)
    change = command.change
    assert (change.operator_id, command.scope) == (harness.north.operator_id, harness.north.operator_id)
    assert (change.fields.name, change.inherit) == ("North Link", ("address",))
    assert change.logo
    assert await blobs.get(gateway.blobs, change.logo.key) == PNG
    await harness.say(said(harness.north, name="North Link", logo=logo()), because=command_id)
    answer = await asking
    assert (answer.status_code, answer.json()["name"]) == (200, "North Link")


async def test_a_refused_logo_is_told_with_its_field(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor
) -> None:
    admin = await client_for(harness.north, "admin")
    picture = {"media_type": "image/png", "base64": base64.b64encode(b"RIFF....WEBP").decode()}
    asking = asyncio.create_task(admin.put(PATH, json={"logo": picture}))
    command_id, _ = await _command(gateway_pool)
    refusal = CommandRefused(
        service="documents", code="logo-refused", detail="It is a WebP file.", field="logo",
        extra={"reason": "other-format", "format": "WebP"},
    )  # fmt: skip
    await harness.say(refusal, because=command_id)
    refused = await asking
    assert (refused.status_code, refused.json()["reason"]) == (422, "other-format")
    assert refused.json()["errors"] == [{"field": "logo", "detail": "It is a WebP file."}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"logo": {"media_type": "image/svg+xml", "base64": "PHN2Zy8+"}}, "logo.media_type"),
        ({"logo": {"media_type": "image/png", "base64": "https://example.com/a.png"}}, "logo.base64"),
        ({"logo": "https://example.com/a.png"}, "logo"),
        ({"logo": {"media_type": "image/jpeg", "base64": base64.b64encode(PNG).decode()}}, "logo.media_type"),
        ({"logo": {"media_type": "image/png", "base64": ""}}, "logo.base64"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"footer": "x" * 401}, "footer"),
        ({"address": "a\x00b"}, "address"),
        ({"colour": "url(http://example.com)"}, "colour"),
        ({"paper": "80mm"}, "paper"),
        ({"language": "fr"}, "language"),
        ({"operator_id": "nonsense"}, "operator_id"),
        ({"website": "x"}, "website"),
    ],
)
async def test_what_no_letterhead_can_show_is_refused_by_its_field(
    harness: GatewayHarness, gateway_pool: Pool, client_for: ClientFor, body: dict[str, Any], field: str
) -> None:
    admin = await client_for(harness.root, "admin")
    refused = await admin.put(PATH, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert await gateway_pool.fetchval("SELECT count(*) FROM outbox") == 0


async def test_only_admins_change_profiles_and_only_below_them(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    clerk = await client_for(harness.north, "operator")
    assert (await clerk.put(PATH, json={"name": "x"})).status_code == 403
    admin = await client_for(harness.north, "admin")
    for operator_id in (harness.south.operator_id, harness.root.operator_id, uuid4()):
        body = {"operator_id": str(operator_id), "name": "Mine now"}
        assert (await admin.put(PATH, json=body)).status_code == 404
        for path in (PATH, f"{PATH}/logo"):
            assert (await admin.get(f"{path}?operator_id={operator_id}")).status_code == 404


async def test_the_logo_is_given_as_its_documents_bear_it(
    harness: GatewayHarness, gateway: Gateway, client_for: ClientFor
) -> None:
    viewer = await client_for(harness.north, "viewer")
    assert (await viewer.get(f"{PATH}/logo")).status_code == 404
    await harness.say(said(harness.root, logo=logo()))
    assert (await viewer.get(f"{PATH}/logo")).status_code == 404
    await blobs.put(gateway.blobs, "logos/a.png", PNG)
    given: httpx.Response = await viewer.get(f"{PATH}/logo")
    assert (given.headers["content-type"], given.content) == ("image/png", PNG)


async def test_a_version_that_comes_late_changes_nothing(
    harness: GatewayHarness, client_for: ClientFor
) -> None:
    await harness.say(said(harness.root, 2, name="Newer"), said(harness.root, 1, name="Older"))
    shown = (await (await client_for(harness.root, "viewer")).get(PATH)).json()
    assert (shown["name"], shown["version"]) == ("Newer", 2)
