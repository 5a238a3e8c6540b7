"""Rights on the broker: each service and each partner is a user with these rights and no others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from shared.contracts.topics import partner_topics

Resource: TypeAlias = Literal["topic", "group", "transactional_id"]
Operation: TypeAlias = Literal["read", "write", "create", "describe"]


@dataclass(frozen=True, slots=True)
class Right:
    """One operation on a topic, group or transactional id, or on all whose names start with `name`."""

    resource: Resource
    name: str
    operation: Operation
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class Access:
    """The topics that a service hears and says."""

    hears: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    serves_partners: bool = False
    audits: bool = False  # sees how far every reader is, without reading what they read


_MONEY = ("payments.payments", "payments.settings")
_CATALOG = ("invoicing.operators", "invoicing.packages", "invoicing.customers", "invoicing.settings")
_OUTCOMES = ("invoicing.outcomes", "payments.outcomes", "notifications.outcomes", "documents.outcomes")
_PROCESSES = (
    "invoicing.processes",
    "payments.processes",
    "notifications.processes",
    "documents.processes",
    "gateway.processes",
)
_RENDERING = ("documents.commands", "documents.bulk")

# A service also says its own commands: those of the command line leave by its outbox.
SERVICES: Mapping[str, Access] = {
    "invoicing": Access(
        hears=("invoicing.commands", "payments.payments"),
        says=(
            "invoicing.commands",
            *_CATALOG,
            "invoicing.invoices",
            "invoicing.runs",
            "invoicing.outcomes",
            "invoicing.processes",
            *_RENDERING,
        ),
    ),
    "payments": Access(
        hears=(
            "payments.commands",
            "invoicing.invoices",
            "invoicing.customers",
            "invoicing.operators",
            "invoicing.settings",
            "documents.settings",
        ),
        says=(
            "payments.commands",
            *_MONEY,
            "payments.links",
            "payments.outcomes",
            "payments.processes",
            "notifications.commands",
        ),
        serves_partners=True,
    ),
    "notifications": Access(
        hears=(
            "notifications.commands",
            "invoicing.operators",
            "invoicing.customers",
            "invoicing.settings",
        ),
        says=(
            "notifications.messages",
            "notifications.settings",
            "notifications.outcomes",
            "notifications.processes",
        ),
    ),
    "documents": Access(
        hears=(*_RENDERING, "invoicing.operators", "invoicing.customers", "invoicing.settings"),
        says=("documents.files", "documents.settings", "documents.outcomes", "documents.processes"),
    ),
    "gateway": Access(
        says=(
            "invoicing.commands",
            "payments.commands",
            "notifications.commands",
            *_RENDERING,
            "gateway.commands",
            "gateway.processes",
        ),
    ),
    "projector": Access(
        hears=(
            *_CATALOG,
            "invoicing.invoices",
            "invoicing.runs",
            *_MONEY,
            "payments.links",
            "notifications.messages",
            "notifications.settings",
            "documents.files",
            "documents.settings",
            *_OUTCOMES,
            *_PROCESSES,
            "gateway.commands",
        ),
        audits=True,
    ),
}


def service_rights(service: str) -> frozenset[Right]:
    """Return the rights of a service's user; its consumer groups are named after it."""
    access = SERVICES[service]
    rights = {Right("topic", topic, "read") for topic in access.hears}
    rights |= {Right("topic", topic, "write") for topic in access.says}
    if access.hears:
        rights.add(Right("group", f"{service}.", "read", prefixed=True))
    if access.audits:
        rights |= _rights_of_an_audit(service)
    if access.serves_partners:
        operations: tuple[Operation, ...] = ("read", "write", "create")
        rights |= {Right("topic", "partner.", operation, prefixed=True) for operation in operations}
    return frozenset(rights)


def _rights_of_an_audit(service: str) -> set[Right]:
    """Return what tells how far the others have read: the ends of topics and the offsets of groups."""
    others = [access for name, access in SERVICES.items() if name != service]
    topics = {topic for access in others for topic in access.hears} - set(SERVICES[service].hears)
    rights = {Right("topic", topic, "describe") for topic in topics}
    rights |= {
        Right("group", f"{name}.", "describe", prefixed=True)
        for name, access in SERVICES.items()
        if name != service and access.hears
    }
    return rights | {Right("topic", "partner.", "describe", prefixed=True)}


# Bytes a second, and how much of one network and I/O thread a partner may take. A payment is about 500 bytes:
# ten thousand a second, where all partners together are promised five.
PARTNER_QUOTAS: Mapping[str, float] = {
    "producer_byte_rate": 5_000_000,
    "consumer_byte_rate": 5_000_000,
    "request_percentage": 50,
}


def partner_user(name: str) -> str:
    """The user of a partner; no service's name can look like it."""
    return f"partner.{name}"


def partner_rights(name: str) -> frozenset[Right]:
    """Return the rights of a partner; prefixes end with a dot, else `a` would reach the groups of `ab`."""
    payments, receipts = partner_topics(name)
    own = f"{partner_user(name)}."
    return frozenset(
        {
            Right("topic", payments.name, "write"),
            Right("topic", receipts.name, "read"),
            Right("group", own, "read", prefixed=True),
            Right("transactional_id", own, "write", prefixed=True),
            Right("transactional_id", own, "describe", prefixed=True),
        }
    )
