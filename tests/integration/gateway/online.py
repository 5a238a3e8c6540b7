"""Getting paid online as its owners say it: links, messages, gateways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.catalog import OperatorChanged
from shared.contracts.invoicing import InvoiceIssued
from shared.contracts.notifications import MessageState, SmsGatewayChanged
from shared.contracts.payments import PaymentGatewayChanged, PaymentLinkState
from shared.ids import new_id
from tests.integration.gateway.harness import NOW


def link(
    kind: type[PaymentLinkState],
    of: InvoiceIssued,
    state: str = "active",
    link_id: UUID | None = None,
    version: int = 1,
    **more: Any,
) -> PaymentLinkState:
    return kind(
        link_id=link_id or new_id(),
        invoice_id=of.invoice_id,
        customer_id=of.customer_id,
        token_hash="0" * 64,
        state=state,  # type: ignore[arg-type]
        opened_at=more.get("opened_at"),
        expires_at=NOW + timedelta(days=14),
        version=version,
    )


def message(
    kind: type[MessageState],
    of: InvoiceIssued,
    state: str,
    message_id: UUID | None = None,
    version: int = 1,
    minutes: int = 0,
    **more: Any,
) -> MessageState:
    facts: dict[str, Any] = {"provider": None, "gateway_id": None, "code": None, "detail": None, **more}
    return kind(
        message_id=message_id or new_id(),
        customer_id=of.customer_id,
        operator_id=of.operator_id,
        invoice_id=of.invoice_id,
        template="payment-link",
        language="en",
        mobile_tail="678",
        state=state,  # type: ignore[arg-type]
        segments=1,
        cost_minor=45,
        at=NOW + timedelta(minutes=minutes),
        version=version,
        **facts,
    )


def sms_gateway(of: OperatorChanged, provider: str = "sandbox", **more: Any) -> SmsGatewayChanged:
    facts: dict[str, Any] = {
        "gateway_id": new_id(),
        "priority": 0,
        "enabled": True,
        "base_url": None,
        "settings": {},
        "secret_sealed_at": None,
        "sending_from": None,
        "sending_until": None,
        "per_minute": None,
        "cost_per_segment_minor": None,
        "removed": False,
        "changed_by": "nasrin@desk.test",
        "changed_at": NOW,
        "version": 1,
        **more,
    }
    return SmsGatewayChanged(operator_id=of.operator_id, provider=provider, **facts)  # type: ignore[arg-type]


def payment_gateway(of: OperatorChanged, provider: str = "sandbox", **more: Any) -> PaymentGatewayChanged:
    facts: dict[str, Any] = {
        "gateway_id": new_id(),
        "enabled": True,
        "base_url": None,
        "minimum_minor": None,
        "maximum_minor": None,
        "unverified": False,
        "removed": False,
        "version": 1,
        **more,
    }
    return PaymentGatewayChanged(operator_id=of.operator_id, provider=provider, **facts)  # type: ignore[arg-type]
