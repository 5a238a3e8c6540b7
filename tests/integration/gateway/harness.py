"""A small ISP as its owners say it: events to project, and the rows they must become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from gateway.access import Principal, Role
from gateway.projection import handlers
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged, PackageChanged
from shared.contracts.documents import DocumentFailed, DocumentRendered, IspProfileChanged
from shared.contracts.envelope import (
    CommandRefused,
    DeadLetterChanged,
    Envelope,
    Message,
    ProcessReported,
    Received,
)
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine, InvoiceVoided, RunProgressed
from shared.contracts.notifications import MessageState, SmsGatewayChanged, SmsTemplateChanged
from shared.contracts.payments import (
    AccountState,
    Allocation,
    CheckoutChanged,
    CreditRefunded,
    DayClosed,
    OnlineSettingsChanged,
    PartnerChanged,
    PaymentGatewayChanged,
    PaymentHeld,
    PaymentLinkState,
    PaymentRecorded,
    PaymentReversed,
    PaymentState,
    ReceivableState,
    RefundFailed,
    RefundStarted,
    ReminderRuleChanged,
    RemindersPlanned,
)
from shared.contracts.sets import InvoiceSet
from shared.db import Pool, in_transaction
from shared.ids import new_id

NOW = datetime(2026, 12, 5, 6, 0, tzinfo=UTC)


def received(message: Message | InvoiceSet, because: UUID | None = None, topic: str = "t") -> Received[Any]:
    envelope = Envelope(new_id(), message.type, "test", NOW, causation_id=because)
    return Received(message, envelope, topic, 0, 0)


def operator(code: str, above: OperatorChanged | None = None) -> OperatorChanged:
    operator_id = new_id()
    return OperatorChanged(
        operator_id=operator_id,
        code=code,
        name=f"Operator {code}",
        parent_id=above.operator_id if above else None,
        path=(*(above.path if above else ()), operator_id),
        invoice_prefix=code,
        version=1,
    )


def principal_of(of: OperatorChanged, role: Role) -> Principal:
    """Somebody of an operator, as a request knows them."""
    sees_all = of.parent_id is None
    return Principal(new_id(), f"{role}@desk.test", "Nasrin", role, of.operator_id, sees_all)


def package(name: str = "Home 20") -> PackageChanged:
    return PackageChanged(
        package_id=new_id(),
        operator_id=None,
        name=name,
        price_minor=100_000,
        currency="BDT",
        vat_basis_points=500,
        version=1,
    )


def customer(
    code: str, of: OperatorChanged, plan: PackageChanged, name: str = "Abdul Rahman"
) -> CustomerChanged:
    return CustomerChanged(
        customer_id=new_id(),
        operator_id=of.operator_id,
        code=code,
        name=name,
        mobile="+8801712345678",
        address="Dhaka",
        package_id=plan.package_id,
        status="active",
        billing_cycle="monthly",
        since=date(2026, 1, 1),
        version=1,
    )


def invoice(
    of: CustomerChanged, number: str, period: str = "2026-12", operator_name: str = "x"
) -> InvoiceIssued:
    day = date.fromisoformat(f"{period}-01")
    line = InvoiceLine(
        description="Home 20",
        quantity=1,
        unit_minor=100_000,
        net_minor=100_000,
        vat_basis_points=500,
        vat_minor=5_000,
        total_minor=105_000,
    )
    return InvoiceIssued(
        invoice_id=new_id(),
        number=number,
        period=period,
        issued_on=day,
        due_on=day.replace(day=10),
        currency="BDT",
        lines=(line,),
        net_minor=100_000,
        vat_basis_points=500,
        vat_minor=5_000,
        total_minor=105_000,
        operator_id=of.operator_id,
        operator_name=operator_name,
        package_id=of.package_id,
        package_name="Home 20",
        customer_id=of.customer_id,
        customer_code=of.code,
        customer_name=of.name,
        customer_mobile=of.mobile,
        run_id=None,
        issued_at=NOW,
        version=1,
    )


def voided(issued: InvoiceIssued) -> InvoiceVoided:
    return InvoiceVoided(
        **{**issued.model_dump(), "lines": issued.lines, "version": issued.version + 1},
        void_reason="wrong",
        voided_at=NOW,
        voided_by="Nasrin",
    )


def paid(
    issued: InvoiceIssued, amount: int, version: int = 1, payment_id: UUID | None = None
) -> PaymentRecorded:
    """`amount` settles the invoice as far as it goes; the rest is credit."""
    settled = min(amount, issued.total_minor)
    payment = PaymentState(
        payment_id=payment_id or new_id(),
        customer_id=issued.customer_id,
        invoice_id=issued.invoice_id,
        amount_minor=amount,
        allocated_minor=settled,
        credit_minor=amount - settled,
        currency="BDT",
        method="cash",
        paid_on=date(2026, 12, 5),
        recorded_at=NOW,
        recorded_by="Nasrin",
        source="desk",
        reference=None,
        note=None,
        reversed=False,
        allocations=(Allocation(invoice_id=issued.invoice_id, amount_minor=settled),),
        version=1,
    )
    receivable = ReceivableState(
        invoice_id=issued.invoice_id,
        customer_id=issued.customer_id,
        total_minor=issued.total_minor,
        paid_minor=settled,
        balance_minor=issued.total_minor - settled,
        status="paid" if settled == issued.total_minor else "partial",
        version=version,
    )
    account = AccountState(customer_id=issued.customer_id, credit_minor=amount - settled, version=version)
    return PaymentRecorded(
        customer_id=issued.customer_id, payments=(payment,), receivables=(receivable,), account=account
    )


@dataclass
class GatewayHarness:
    """A root, two resellers with a customer each, one package; what is said goes through the handlers."""

    pool: Pool
    root: OperatorChanged = field(default_factory=lambda: operator("ISP"))
    plan: PackageChanged = field(default_factory=package)

    def __post_init__(self) -> None:
        self.north = operator("NORTH", self.root)
        self.south = operator("SOUTH", self.root)
        self.abdul = customer("N1", self.north, self.plan)
        self.mitu = customer("S1", self.south, self.plan, name="Mitu Rahman")

    async def say(self, *messages: Message | InvoiceSet, because: UUID | None = None) -> None:
        """Each message as a batch of one, through the handler that hears it."""
        for message in messages:
            await self.say_batch([message], because)

    async def say_batch(self, messages: Sequence[Message | InvoiceSet], because: UUID | None = None) -> None:
        async with in_transaction(self.pool) as tx:
            await _handler(messages[0])([received(each, because) for each in messages], tx)

    async def furnish(self) -> None:
        """The catalog as it stands when the office opens."""
        await self.say_batch([self.root, self.north, self.south])
        await self.say(self.plan)
        await self.say_batch([self.abdul, self.mitu])
        await self.say(
            BillingSettingsChanged(
                time_zone="Asia/Dhaka",
                currency="BDT",
                due_days=10,
                billing_from="2026-01",
                link_valid_hours=336,
                default_vat_basis_points=500,
                version=1,
            )
        )


def _handler(message: Message | InvoiceSet) -> Any:
    if isinstance(message, PaymentLinkState):
        return handlers.project_payment_links
    if isinstance(message, MessageState):
        return handlers.project_messages
    return {
        CheckoutChanged: handlers.project_checkouts,
        PaymentGatewayChanged: handlers.project_payment_gateways,
        OnlineSettingsChanged: handlers.project_online_settings,
        ReminderRuleChanged: handlers.project_reminder_rules,
        RemindersPlanned: handlers.note_reminder_plans,
        SmsGatewayChanged: handlers.project_sms_gateways,
        SmsTemplateChanged: handlers.project_sms_templates,
        OperatorChanged: handlers.project_operators,
        PackageChanged: handlers.project_packages,
        CustomerChanged: handlers.project_customers,
        BillingSettingsChanged: handlers.project_billing_settings,
        InvoiceIssued: handlers.project_invoices,
        InvoiceSet: handlers.project_invoices,
        InvoiceVoided: handlers.project_invoices,
        PaymentRecorded: handlers.project_money,
        PaymentReversed: handlers.project_money,
        PartnerChanged: handlers.project_partners,
        PaymentHeld: handlers.project_money,
        DayClosed: handlers.project_money,
        IspProfileChanged: handlers.project_isp_profiles,
        RunProgressed: handlers.project_runs,
        DocumentRendered: handlers.note_files,
        DocumentFailed: handlers.end_failed_documents,
        CommandRefused: handlers.end_refused,
        RefundStarted: handlers.project_money,
        RefundFailed: handlers.project_money,
        CreditRefunded: handlers.project_money,
        DeadLetterChanged: handlers.project_parked_letters,
        ProcessReported: handlers.project_process_reports,
    }[type(message)]
