"""What a stranger may learn about an installation from its public ports."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gateway.app import create_app
from gateway.context import Gateway
from shared import health
from shared.service import Service
from shared.settings import ServiceSettings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]


def _asking(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk.test")


async def test_the_schema_is_one_document_without_pages_of_other_peoples_scripts(gateway: Gateway) -> None:
    async with _asking(create_app(gateway)) as stranger:
        assert (await stranger.get("/schema")).json()["openapi"]
        for path in ("", "/", "/openapi.json", "/swagger", "/redoc", "/scalar", "/elements"):
            assert (await stranger.get(f"/schema/parts{path}")).status_code == 404, path


async def test_an_installation_may_keep_its_schema_to_itself(gateway: Gateway) -> None:
    closed = replace(gateway, settings=gateway.settings.model_copy(update={"publish_schema": False}))
    async with _asking(create_app(closed)) as stranger:
        for path in ("/schema", "/schema/openapi.json"):
            assert (await stranger.get(path)).status_code == 404, path


@pytest.mark.parametrize(("metrics_port", "status"), [(None, 200), (9090, 404)])
async def test_metrics_with_a_port_of_their_own_are_on_no_other(
    metrics_port: int | None, status: int
) -> None:
    settings = ServiceSettings(
        database_url="postgresql://nowhere", kafka_bootstrap_servers="nowhere", metrics_port=metrics_port
    )
    app = health.app_for(Service("gateway", settings), None, lambda: None)
    async with _asking(app) as stranger:
        assert (await stranger.get("/metrics")).status_code == status
        assert (await stranger.get("/health/live")).status_code == 200


def test_compose_closes_what_a_published_port_would_show() -> None:
    published = {name for name, service in COMPOSE.items() if "ports" in service} - {"kafka"}
    assert published == {"front", "prometheus", "grafana"}
    for name in published:
        assert all(mapping.startswith("127.0.0.1:") for mapping in COMPOSE[name]["ports"]), name
    front = (ROOT / "deploy" / "proxy" / "compose.conf").read_text()
    behind = set(re.findall(r"set \$replica (\w+);", front))
    assert behind == {"gateway", "payments", "notifications"}
    assert front.count("location ~ ^/(metrics|health)(/|$) { return 404; }") == len(behind)
    for name in behind:
        assert COMPOSE[name]["environment"][f"{name.upper()}_METRICS_PORT"] != "8080", name
    assert "false" in COMPOSE["gateway"]["environment"]["GATEWAY_PUBLISH_SCHEMA"]
    assert COMPOSE["gateway"]["environment"]["GATEWAY_TRUSTED_PROXIES"]
