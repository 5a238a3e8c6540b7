"""Gateways: set up, changed and taken away; what waits goes by the ways that are open then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

import regex
from pydantic import ValidationError

from services.notifications import store
from services.notifications.domain import (
    AddressInTheOpen,
    AddressRefused,
    ProviderFixed,
    SandboxInDevelopmentOnly,
    SecretMissing,
    WrongSettings,
)
from services.notifications.providers import generic
from services.notifications.store import Row
from services.notifications.vault import Vault
from shared import clock, outgoing
from shared.contracts.envelope import Command, Received
from shared.contracts.notifications import (
    PROVIDER_SECRETS,
    PROVIDER_SETTINGS,
    ConfigureSmsGateway,
    HttpSettings,
    Provider,
    RemoveSmsGateway,
    SmsGatewayChanged,
)
from shared.db import Tx
from shared.refusals import NotFound

_CLEARED = {
    "base_url": ("base_url",),
    "sending_hours": ("sending_from", "sending_until"),
    "per_minute": ("per_minute",),
    "cost_per_segment_minor": ("cost_per_segment_minor",),
}
_KEPT = ("priority", "enabled", "base_url", "per_minute", "cost_per_segment_minor")
_NEW: Mapping[str, Any] = {
    "priority": 0,
    "enabled": True,
    "base_url": None,
    "settings": {},
    "sealed": None,
    "secret_sealed_at": None,
    "sending_from": None,
    "sending_until": None,
    "per_minute": None,
    "cost_per_segment_minor": None,
    "version": 0,
}


class Gateways:
    """Commands about gateways."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    async def configure(self, received: Received[ConfigureSmsGateway], tx: Tx) -> SmsGatewayChanged:
        """Set up a gateway or change what is named; everything is looked at before anything is kept."""
        command = received.data
        known = await store.lock_gateway(tx, command.gateway_id)
        await _check_reach(tx, command, command.operator_id)
        if known is not None and known["removed"]:
            raise NotFound("gateway_id")
        if known is not None and (known["provider"], known["operator_id"]) != (
            command.provider,
            command.operator_id,
        ):
            raise ProviderFixed("provider")
        if command.provider == "sandbox" and not outgoing.is_development():
            raise SandboxInDevelopmentOnly("provider")
        changed = self._changed(known or _NEW, command)
        _check_settings(command.provider, changed)
        return await _keep(tx, changed)

    def _changed(self, known: Row, command: ConfigureSmsGateway) -> dict[str, Any]:
        """Return the row with what the command names; the rest stays, the key too."""
        row = {name: known[name] for name in _NEW}
        row |= {name: getattr(command, name) for name in _KEPT if getattr(command, name) is not None}
        if command.settings is not None:
            row["settings"] = _read_settings(command.provider, command.settings)
        if command.sending_from is not None and command.sending_until is not None:
            row["sending_from"] = time.fromisoformat(command.sending_from)
            row["sending_until"] = time.fromisoformat(command.sending_until)
        elif command.sending_from is not None or command.sending_until is not None:
            raise WrongSettings("sending_until", "Sending hours have a beginning and an end.")
        for name in command.clear:
            row |= dict.fromkeys(_CLEARED[name])
        if command.sealed is not None:
            secrets, sealed_at = self.vault.secrets(
                command.sealed, command.operator_id, command.provider, known["secret_sealed_at"]
            )
            _check_secrets(command.provider, secrets)
            row |= {"sealed": command.sealed, "secret_sealed_at": sealed_at}
        return row | {
            "gateway_id": command.gateway_id,
            "operator_id": command.operator_id,
            "provider": command.provider,
            "removed": False,
            "changed_by": command.actor.signed_as,
            "changed_at": clock.now(),
            "version": known["version"] + 1,
        }

    async def remove(self, received: Received[RemoveSmsGateway], tx: Tx) -> SmsGatewayChanged:
        """Take a gateway away, its key with it; a second time it is gone already."""
        command = received.data
        known = await store.lock_gateway(tx, command.gateway_id)
        if known is None:
            raise NotFound("gateway_id")
        await _check_reach(tx, command, known["operator_id"])
        if known["removed"]:
            return store.gateway_changed(known)
        gone = dict(known) | {
            "enabled": False,
            "removed": True,
            "sealed": None,
            "secret_sealed_at": None,
            "changed_by": command.actor.signed_as,
            "changed_at": clock.now(),
            "version": known["version"] + 1,
        }
        return await _keep(tx, gone)


async def _check_reach(tx: Tx, command: Command, operator_id: UUID) -> None:
    operator = (await store.operators(tx, {operator_id})).get(operator_id)
    if operator is None or (command.scope is not None and command.scope not in operator.path):
        raise NotFound("operator_id")


async def _keep(tx: Tx, row: dict[str, Any]) -> SmsGatewayChanged:
    await store.save_gateway(tx, row)
    await reroute(tx, row["operator_id"])
    return store.gateway_changed(row)


async def reroute(tx: Tx, operator_id: UUID) -> None:
    """Let what waits below an operator take the ways that are open now; without one it waits for one."""
    waiting = await store.lock_queued_below(tx, operator_id)
    if not waiting:
        return
    routes = await store.routes(tx, {row["operator_id"] for row in waiting})
    first = {operator: ways[0] if ways else None for operator, ways in routes.items()}
    moved = [row for row in waiting if row["gateway_id"] not in routes[row["operator_id"]]]
    await store.reroute(tx, {row["message_id"]: first[row["operator_id"]] for row in moved})


def _read_settings(provider: Provider, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return a provider's settings, whole and nothing else; raises WrongSettings with the field."""
    shape = PROVIDER_SETTINGS[provider]
    names = {field.alias or name for name, field in shape.model_fields.items()}
    if strange := sorted(set(settings) - names):
        raise WrongSettings(strange[0], f"{strange[0]} is no setting of this provider.")
    try:
        read = shape.model_validate(dict(settings), strict=False)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = str(first["loc"][0]) if first["loc"] else None
        raise WrongSettings(place, first["msg"]) from error
    return read.model_dump(mode="json", by_alias=True)


def _check_settings(provider: Provider, row: Mapping[str, Any]) -> None:
    _read_settings(provider, row["settings"])
    if PROVIDER_SECRETS[provider] and provider != "http" and row["sealed"] is None:
        raise SecretMissing(PROVIDER_SECRETS[provider][0])
    if row["base_url"] is not None:
        _check_address("base_url", row["base_url"])
    if provider == "http":
        _check_http(HttpSettings.model_validate(row["settings"], strict=False), row["sealed"])


def _check_http(settings: HttpSettings, sealed: str | None) -> None:
    _check_address("url", settings.url)
    for field in ("success_pattern", "failure_pattern", "reference_pattern"):
        try:
            regex.compile(getattr(settings, field))
        except regex.error as error:
            raise WrongSettings(field, f"This is no regular expression: {error}.") from error
    templates = [settings.url, settings.body, *settings.headers.values(), *settings.query.values()]
    if any("\n" in value or "\r" in value for value in settings.headers.values()):
        raise WrongSettings("headers", "A header is one line.")
    names = {name for each in templates for name in generic.names_in(each)}
    if "secret" in names and sealed is None:
        raise SecretMissing("secret")
    if generic.is_templated(settings):
        for name in {"to", "text"} - names:
            raise WrongSettings("body", f"{{{name}}} must stand in the address, the query or the body.")


def _check_address(field: str, url: str) -> None:
    """Refuse what leads inside by its looks; what names resolve to is judged at each connection."""
    if outgoing.leads_inside(regex.sub(r"\{[a-z_]+\}", "x", url)):
        raise AddressRefused(field)
    if url.startswith("http://") and not outgoing.is_development():
        raise AddressInTheOpen(field)
    host = url.partition("://")[2].partition("/")[0].partition("?")[0]
    if "{" in host or "@" in host:
        raise WrongSettings(field, "The host of an address is fixed and holds no password.")


def _check_secrets(provider: Provider, secrets: Mapping[str, str]) -> None:
    for name in PROVIDER_SECRETS[provider]:
        if not secrets.get(name):
            raise SecretMissing(name)
        if any(ord(each) < 33 or ord(each) > 126 for each in secrets[name].replace(" ", "")):
            raise WrongSettings(name, "A key holds letters, digits and signs only.")
