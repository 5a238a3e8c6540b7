"""`ispbills openapi`, `ispbills asyncapi SERVICE`: the contracts as JSON, from the code that keeps them."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias, get_args
from urllib.parse import quote

import click
from pydantic.json_schema import models_json_schema

from shared import contracts
from shared.consumer import Subscription
from shared.contracts.documents import MakePrintFile, RenderDocument, Rendering
from shared.contracts.envelope import Handling, Message, OfHandling
from shared.contracts.invoicing import Republish
from shared.contracts.notifications import CancelMessage, SendMessage
from shared.service import Service

_COMPOSED_IN = {
    "invoicing": "services.invoicing.app",
    "payments": "services.payments.app",
    "notifications": "services.notifications.app",
    "documents": "services.documents.app",
    "gateway": "gateway.app",
    "projector": "gateway.projection.app",
}
# What a bulk action asks for waits behind what a person does.
_RENDERED_FOR: dict[type[Message], Sequence[str]] = {
    RenderDocument: ("documents.commands", "documents.bulk"),
    MakePrintFile: ("documents.bulk",),
}
Way: TypeAlias = tuple[type[Message], str, str]  # a message, `send` or `receive`, its topic

_REFS = "#/components/schemas/{model}"


@click.command()
def openapi() -> None:
    """Print the gateway's OpenAPI document."""
    app = compose("gateway").http
    assert app is not None, "the gateway has an HTTP side"
    litestar: Any = app(compose("gateway"))
    document = importlib.import_module("gateway.api.openapi").document
    click.echo(json.dumps(document(litestar), indent=2))


@click.command()
@click.argument("service", type=click.Choice(list(_COMPOSED_IN)))
def asyncapi(service: str) -> None:
    """Print a service's AsyncAPI 3 document: what it hears and what it says."""
    click.echo(json.dumps(describe(compose(service)), indent=2))


def describe(service: Service) -> dict[str, Any]:
    """Return a service's AsyncAPI document. Source: https://www.asyncapi.com/docs/reference/specification/v3.0.0"""
    ways = [*_heard(service), *_said(service)]
    kinds = sorted({kind for kind, _, _ in ways}, key=lambda kind: kind.type)
    _, schemas = models_json_schema([(kind, "validation") for kind in kinds], ref_template=_REFS)
    channels, operations = _channels(ways)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"ispbills {service.name}", "version": "1"},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {kind.type: _message(kind) for kind in kinds},
            "schemas": schemas["$defs"],
        },
    }


def _heard(service: Service) -> Iterator[Way]:
    for each in service.subscriptions:
        for kind in map(_contract, each.handlers):
            for topic in _heard_on(each, kind):
                yield kind, "receive", topic


def _said(service: Service) -> Iterator[Way]:
    for kind in _kinds():
        if _says(service.name, kind):
            for topic in _said_on(service.name, kind):
                yield kind, "send", topic


def _channels(ways: Sequence[Way]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the channels with the messages on each, and the operations."""
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for kind, action, topic in ways:
        channel = channels.setdefault(topic, _channel(topic))
        channel["messages"][kind.type] = {"$ref": f"#/components/messages/{kind.type}"}
        operations[f"{action} {kind.type} on {topic}"] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{quote(topic)}"},
            "messages": [{"$ref": f"#/channels/{quote(topic)}/messages/{kind.type}"}],
        }
    return channels, operations


def _channel(topic: str) -> dict[str, Any]:
    channel: dict[str, Any] = {"address": topic, "messages": {}}
    if "{name}" in topic:
        channel["parameters"] = {"name": {"description": "the partner"}}
    return channel


def _contract(kind: type[Any]) -> type[Message]:
    """The contract of what a subscription reads: itself, or the one that it reads more quickly."""
    contract: type[Message] = getattr(kind, "contract", kind)
    return contract


def _heard_on(subscription: Subscription, kind: type[Message]) -> Sequence[str]:
    """The topics that bring it: its own, unless it comes on several (outcomes, commands to each service)."""
    if subscription.pattern is not None or kind.topic in subscription.topics:
        return (kind.topic.replace("<name>", "{name}"),)
    return subscription.topics


def _said_on(service: str, kind: type[Message]) -> Sequence[str]:
    if kind.topic in ("outcomes", "processes"):
        return (f"{service}.{kind.topic}",)
    if issubclass(kind, OfHandling):
        return tuple(f"{each}.commands" for each in get_args(Handling))
    if issubclass(kind, Rendering):
        return _RENDERED_FOR.get(kind, (kind.topic,))
    if kind is Republish:
        return tuple(f"{each}.commands" for each in get_args(kind.model_fields["service"].annotation))
    return (kind.topic.replace("<name>", "{name}"),)


def _message(kind: type[Message]) -> dict[str, Any]:
    return {
        "name": kind.type,
        "summary": inspect.getdoc(kind),
        "contentType": "application/json",
        "payload": {"$ref": _REFS.format(model=kind.__name__)},
    }


def _says(service: str, kind: type[Message]) -> bool:
    if kind.topic == "outcomes":
        return service in ("invoicing", "payments", "notifications", "documents")
    if kind.topic == "processes":
        return service != "projector"
    if issubclass(kind, OfHandling):
        return service == "gateway"
    if kind is RenderDocument:
        return service == "invoicing"
    if kind in (SendMessage, CancelMessage):
        return service in ("gateway", "payments")
    if kind.topic.endswith(".commands"):
        return service == "gateway"
    if kind.topic.endswith(".receipts"):
        return service == "payments"
    return kind.topic.startswith(f"{service}.")


def _kinds() -> Iterator[type[Message]]:
    for module in pkgutil.iter_modules(contracts.__path__, contracts.__name__ + "."):
        for each in vars(importlib.import_module(module.name)).values():
            if not inspect.isclass(each) or each.__module__ != module.name:
                continue
            if issubclass(each, Message) and "type" in vars(each):
                yield each


def compose(name: str) -> Service:
    """The service as its composition root makes it; nothing is connected, so the addresses do not matter."""
    told = dict(os.environ)
    try:
        return _compose_with_anything(name)
    finally:
        # What stands in for an address here must not be taken for one by whatever this process does next.
        os.environ.clear()
        os.environ.update(told)


def _compose_with_anything(name: str) -> Service:
    os.environ.setdefault("KAFKA_BOOTSTRAP_SERVERS", "unused")
    prefix = name.upper()
    for setting in (
        "DATABASE_URL",
        "PUBLIC_URL",
        "SESSION_SECRET",
        "BLOB_DIR",
        "SEALING_KEY",
        "LINK_KEY",
        "PAYMENTS_PUBLIC_URL",
        "GATEWAY_PUBLIC_URL",
        "PAYMENTS_SEALING_PUBLIC_KEY",
        "NOTIFICATIONS_SEALING_PUBLIC_KEY",
    ):
        os.environ.setdefault(f"{prefix}_{setting}", "unused")
    module = importlib.import_module(_COMPOSED_IN[name])
    settings = module.ProjectorSettings() if name == "projector" else module.Settings()
    service: Service = module.create_service(settings)
    return service
