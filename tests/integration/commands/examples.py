"""One example of each command, in the room of the service that hears it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime
from types import ModuleType
from typing import TypeAlias
from uuid import UUID

from aiokafka import TopicPartition

from services.documents import app as documents
from services.invoicing import app as invoicing
from services.notifications import app as notifications
from services.payments import app as payments
from shared import clock, deadletters, setaside
from shared.consumer import Handler
from shared.contracts import catalog, envelope
from shared.contracts import documents as of_documents
from shared.contracts import invoicing as of_invoices
from shared.contracts import notifications as of_messages
from shared.contracts import payments as of_payments
from shared.contracts.envelope import Actor, Command, Message, SettleDeadLetter, StepOverPartition
from shared.db import Pool, in_transaction
from shared.ids import new_id
from shared.sealing import public_key_of, seal
from shared.service import Service
from tests.integration.documents import papers
from tests.integration.documents.harness import DocumentsHarness
from tests.integration.invoicing.harness import InvoicingHarness
from tests.integration.notifications.harness import ROOT, NotificationsHarness
from tests.integration.payments.harness import PaymentsHarness
from tests.integration.plumbing.test_reading import brought
from tests.keys import KEYS

CLERK = Actor(kind="user", name="Clerk")
CONTRACTS: tuple[ModuleType, ...] = (envelope, catalog, of_invoices, of_payments, of_messages, of_documents)
COMMANDS = sorted(
    {
        kind
        for module in CONTRACTS
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Command) and hasattr(kind, "type")
    },
    key=lambda kind: kind.type,
)


def handlers() -> dict[str, dict[type[Message], Handler]]:
    """What each service hears, as it is wired."""
    none = {"database_url": "", "kafka_bootstrap_servers": ""}
    services: list[Service] = [
        invoicing.create_service(invoicing.Settings(**none)),
        payments.create_service(
            payments.Settings(
                **none,
                public_url="http://pay.test",
                gateway_public_url="http://desk.test",
                sealing_key=KEYS["payments"],
                link_key="the link key of the tests",
                notifications_sealing_public_key=public_key_of(KEYS["notifications"]),
            )
        ),
        notifications.create_service(notifications.Settings(**none, sealing_key=KEYS["notifications"])),
        documents.create_service(documents.Settings(**none)),
    ]
    return {
        service.name: {
            kind: handle for each in service.subscriptions for kind, handle in each.handlers.items()
        }
        for service in services
    }


HEARD = {
    (service, kind): handle
    for service, heard in handlers().items()
    for kind, handle in heard.items()
    if issubclass(kind, Command)
}

OfAll: TypeAlias = Callable[[Pool, str], Awaitable[Command]]
OfInvoicing: TypeAlias = Callable[[InvoicingHarness], Awaitable[Command]]
OfPayments: TypeAlias = Callable[[PaymentsHarness], Awaitable[Command]]
OfDocuments: TypeAlias = Callable[[DocumentsHarness], Awaitable[Command]]
OfNotifications: TypeAlias = Callable[[NotificationsHarness], Awaitable[Command]]


async def _discard_letter(pool: Pool, service: str) -> Command:
    async with in_transaction(pool) as tx:
        await deadletters.park(tx, brought("a-topic", 1), "any", "poison")
        (letter,) = await deadletters.list_open(tx)
    return SettleDeadLetter.model_validate(
        {"actor": CLERK, "service": service, "letter_id": letter.id, "action": "discard"}
    )


async def _step_over(pool: Pool, service: str) -> Command:
    async with in_transaction(pool) as tx:
        await setaside.hold(tx, TopicPartition("a-topic", 3), "any", 20_140, 20_160, "UnsupportedCodecError")
    return StepOverPartition.model_validate(
        {"actor": CLERK, "service": service, "subject": "a-topic", "partition": 3, "offset": 20_140}
    )


async def _create_operator(harness: InvoicingHarness) -> Command:
    return harness.operator(new_id(), "EAST", harness.root)


async def _change_operator(harness: InvoicingHarness) -> Command:
    return catalog.ChangeOperator(actor=CLERK, operator_id=harness.north, name="North Star")


async def _create_package(harness: InvoicingHarness) -> Command:
    return harness.sells(new_id(), "Home 50", 150_000)


async def _change_package(harness: InvoicingHarness) -> Command:
    return catalog.ChangePackage(actor=CLERK, package_id=harness.package, price_minor=110_000)


async def _create_customer(harness: InvoicingHarness) -> Command:
    return harness.customer("C-1")


async def _change_customer(harness: InvoicingHarness) -> Command:
    made = harness.customer("C-1")
    await harness.ask(made)
    return catalog.ChangeCustomer(actor=CLERK, customer_id=made.customer_id, status="suspended")


async def _erase_customer(harness: InvoicingHarness) -> Command:
    made = harness.customer("C-1", status="closed")
    await harness.ask(made)
    return catalog.EraseCustomer(actor=CLERK, customer_id=made.customer_id)


async def _import_customers(harness: InvoicingHarness) -> Command:
    line = catalog.CustomerLine(
        line=2, customer_id=new_id(), code="C-1", name="Abdul", mobile=None, address="", operator="NORTH",
        package="Home 30", status="active", billing_cycle="monthly", since=date(2026, 1, 1),
    )  # fmt: skip
    return catalog.ImportCustomers(actor=CLERK, import_id=new_id(), lines=(line,))


async def _undo_import(harness: InvoicingHarness) -> Command:
    command = await _import_customers(harness)
    assert isinstance(command, catalog.ImportCustomers)
    await harness.tell(command, ids=[chunk_id := new_id()])
    return catalog.UndoImport(actor=CLERK, import_id=new_id(), undoes=command.import_id, chunk_id=chunk_id)


async def _change_settings(harness: InvoicingHarness) -> Command:
    return catalog.ChangeBillingSettings(actor=CLERK, due_days=20)


async def _start_run(harness: InvoicingHarness) -> Command:
    await harness.ask(harness.customer("C-1"))
    return harness.start("2026-12")


async def _billed(harness: InvoicingHarness) -> of_invoices.InvoiceIssued:
    await harness.ask(harness.customer("C-1"))
    await harness.bill("2026-12")
    return (await harness.said_of(of_invoices.InvoiceIssued))[-1]


async def _void_invoice(harness: InvoicingHarness) -> Command:
    bill = await _billed(harness)
    return of_invoices.VoidInvoice(
        actor=CLERK, invoice_id=bill.invoice_id, customer_id=bill.customer_id, reason="Wrong", reissue=True
    )


async def _hand_over(harness: InvoicingHarness) -> Command:
    bill = await _billed(harness)
    return of_documents.RenderInvoice(actor=CLERK, invoice_id=bill.invoice_id, customer_id=bill.customer_id)


async def _republish_invoicing(_: InvoicingHarness) -> Command:
    return of_invoices.Republish(actor=CLERK, service="invoicing", subjects=("settings",))


async def _record_payment(harness: PaymentsHarness) -> Command:
    payer = await harness.customer("C-1")
    return harness.pays(payer, 1_200, await harness.billed(payer, 1_000))


async def _reverse_payment(harness: PaymentsHarness) -> Command:
    paid = await _record_payment(harness)
    assert isinstance(paid, of_payments.RecordPayment)
    await harness.ask(paid)
    return of_payments.ReversePayment(
        actor=CLERK, payment_id=paid.payment_id, customer_id=paid.customer_id, reason="Bounced"
    )


async def _refund_credit(harness: PaymentsHarness) -> Command:
    payer = await harness.customer("C-1")
    await harness.ask(harness.pays(payer, 500))
    return of_payments.RefundCredit(
        actor=CLERK, refund_id=new_id(), customer_id=payer, amount_minor=300, reason="Leaves"
    )


async def _held(harness: PaymentsHarness) -> UUID:
    await harness.pool.execute(
        "INSERT INTO held_payment (held_id, source, payment_id, operator_id, amount_minor, currency, method,"
        " paid_on, reason, received_at) VALUES ($1, 'partner:paywell', 'TX-1', $2, 700, 'BDT', 'partner',"
        " '2026-12-01', 'unknown-customer', $3)",
        held_id := new_id(), harness.north, datetime.now(UTC),
    )  # fmt: skip
    return held_id


async def _place_held(harness: PaymentsHarness) -> Command:
    payer = await harness.customer("C-1")
    return of_payments.PlaceHeldPayment(actor=CLERK, held_id=await _held(harness), customer_id=payer)


async def _reject_held(harness: PaymentsHarness) -> Command:
    return of_payments.RejectHeldPayment(actor=CLERK, held_id=await _held(harness), reason="Not ours")


async def _add_partner(harness: PaymentsHarness) -> Command:
    name = f"p{new_id().hex[-12:]}"
    return of_payments.AddPartner(actor=CLERK, partner_id=new_id(), name=name, operator_id=harness.north)


async def _close_partner(harness: PaymentsHarness) -> Command:
    partner_id = (await harness.partner("paywell", harness.north)).partner_id
    return of_payments.ClosePartner(actor=CLERK, partner_id=partner_id)


async def _change_partner(harness: PaymentsHarness) -> Command:
    partner_id = (await harness.partner("paywell", harness.north)).partner_id
    return of_payments.ChangePartner(actor=CLERK, partner_id=partner_id, paused=True)


async def _note_partner_access(harness: PaymentsHarness) -> Command:
    partner_id = (await harness.partner("paywell", harness.north)).partner_id
    return of_payments.NotePartnerAccess(
        actor=CLERK, partner_id=partner_id, key_changed_at=clock.now(), bytes_per_second=250_000
    )


async def _configure_gateway(harness: PaymentsHarness) -> Command:
    sealed = seal(
        public_key_of(KEYS["payments"]), {"webhook_secret": "s"}, service="payments",
        operator_id=harness.root, provider="sandbox", at=clock.now(),
    )  # fmt: skip
    return of_payments.ConfigurePaymentGateway(
        actor=CLERK, gateway_id=new_id(), provider="sandbox", operator_id=harness.root, sealed=sealed
    )


async def _gateway(harness: PaymentsHarness) -> UUID:
    gateway_id = new_id()
    await harness.pool.execute(
        "INSERT INTO payment_gateway (gateway_id, provider, operator_id, enabled, sealed, unverified)"
        " VALUES ($1, 'sandbox', $2, TRUE, 'sealed', FALSE)",
        gateway_id,
        harness.root,
    )
    return gateway_id


async def _remove_gateway(harness: PaymentsHarness) -> Command:
    return of_payments.RemovePaymentGateway(actor=CLERK, gateway_id=await _gateway(harness))


async def _create_link(harness: PaymentsHarness) -> Command:
    await _gateway(harness)
    customer = await harness.customer("C-1")
    return of_payments.CreatePaymentLink(
        actor=CLERK, link_id=new_id(), invoice_id=await harness.billed(customer), customer_id=customer,
        send_sms=True, mobile="+8801712345678",
    )  # fmt: skip


async def _settle_checkout(_: PaymentsHarness) -> Command:
    return of_payments.SettleCheckout(
        actor=CLERK, checkout_id=new_id(), customer_id=new_id(), action="give_up"
    )


async def _refund_through_gateway(harness: PaymentsHarness) -> Command:
    """Cash went through no gateway."""
    customer = await harness.customer("C-1")
    payment = harness.pays(customer, 400)
    await harness.tell(payment)
    return of_payments.RefundThroughGateway(
        actor=CLERK, refund_id=new_id(), payment_id=payment.payment_id, customer_id=customer,
        amount_minor=100, reason="too much",
    )  # fmt: skip


async def _refund_held(_: PaymentsHarness) -> Command:
    return of_payments.RefundHeldPayment(actor=CLERK, held_id=new_id(), refund_id=new_id(), reason="mistake")


async def _save_rule(harness: PaymentsHarness) -> Command:
    return of_payments.SaveReminderRule(actor=CLERK, rule_id=new_id(), operator_id=harness.root, days=-3)


async def _try_rule(harness: PaymentsHarness) -> Command:
    return of_payments.TryReminderRule(actor=CLERK, rule_id=new_id(), operator_id=harness.root, days=-3)


async def _close_day(harness: PaymentsHarness) -> Command:
    return of_payments.CloseDay(
        actor=CLERK, closing_id=new_id(), operator_id=harness.north, day=clock.now().date(), currency="BDT",
        expected_minor=0, counted_minor=0,
    )  # fmt: skip


async def _change_online_settings(_: PaymentsHarness) -> Command:
    return of_payments.ChangeOnlineSettings(actor=CLERK, send_receipts=True)


async def _republish_payments(_: PaymentsHarness) -> Command:
    return of_invoices.Republish(actor=CLERK, service="payments", subjects=("partners",))


EVERYWHERE: Mapping[type[Message], OfAll] = {
    SettleDeadLetter: _discard_letter,
    StepOverPartition: _step_over,
}
INVOICING: Mapping[type[Message], OfInvoicing] = {
    catalog.CreateOperator: _create_operator,
    catalog.ChangeOperator: _change_operator,
    catalog.CreatePackage: _create_package,
    catalog.ChangePackage: _change_package,
    catalog.CreateCustomer: _create_customer,
    catalog.ChangeCustomer: _change_customer,
    catalog.EraseCustomer: _erase_customer,
    catalog.ImportCustomers: _import_customers,
    catalog.UndoImport: _undo_import,
    catalog.ChangeBillingSettings: _change_settings,
    of_invoices.StartRun: _start_run,
    of_invoices.VoidInvoice: _void_invoice,
    of_documents.RenderInvoice: _hand_over,
    of_invoices.Republish: _republish_invoicing,
}
PAYMENTS: Mapping[type[Message], OfPayments] = {
    of_payments.CloseDay: _close_day,
    of_payments.RecordPayment: _record_payment,
    of_payments.ReversePayment: _reverse_payment,
    of_payments.RefundCredit: _refund_credit,
    of_payments.PlaceHeldPayment: _place_held,
    of_payments.RejectHeldPayment: _reject_held,
    of_payments.AddPartner: _add_partner,
    of_payments.ClosePartner: _close_partner,
    of_payments.ChangePartner: _change_partner,
    of_payments.NotePartnerAccess: _note_partner_access,
    of_payments.ConfigurePaymentGateway: _configure_gateway,
    of_payments.RemovePaymentGateway: _remove_gateway,
    of_payments.CreatePaymentLink: _create_link,
    of_payments.SettleCheckout: _settle_checkout,
    of_payments.RefundThroughGateway: _refund_through_gateway,
    of_payments.RefundHeldPayment: _refund_held,
    of_payments.SaveReminderRule: _save_rule,
    of_payments.TryReminderRule: _try_rule,
    of_payments.ChangeOnlineSettings: _change_online_settings,
    of_invoices.Republish: _republish_payments,
}


async def _print_invoice(_: DocumentsHarness) -> Command:
    return papers.invoice()


async def _print_receipt(_: DocumentsHarness) -> Command:
    return papers.receipt()


async def _print_statement(_: DocumentsHarness) -> Command:
    return papers.statement()


async def _make_print_file(_: DocumentsHarness) -> Command:
    return of_documents.MakePrintFile(
        actor=CLERK, document_id=new_id(), bulk_action_id=new_id(), operator_id=papers.OPERATOR
    )


async def _preview_profile(_: DocumentsHarness) -> Command:
    change = of_documents.ProfileChange(
        operator_id=papers.OPERATOR, fields=of_documents.ProfileFields(name="Pallabi Link")
    )
    return of_documents.PreviewIspProfile(actor=CLERK, document_id=new_id(), change=change)


async def _change_profile(harness: DocumentsHarness) -> Command:
    return await harness.change(papers.OPERATOR, name="Pallabi Link")


async def _republish_documents(_: DocumentsHarness) -> Command:
    return of_invoices.Republish(actor=CLERK, service="documents")


DOCUMENTS: Mapping[type[Message], OfDocuments] = {
    of_documents.RenderDocument: _print_invoice,
    of_documents.RenderReceipt: _print_receipt,
    of_documents.RenderStatement: _print_statement,
    of_documents.MakePrintFile: _make_print_file,
    of_documents.PreviewIspProfile: _preview_profile,
    of_documents.ChangeIspProfile: _change_profile,
    of_invoices.Republish: _republish_documents,
}


async def _send_message(harness: NotificationsHarness) -> Command:
    return harness.message()


async def _cancel_message(harness: NotificationsHarness) -> Command:
    (message_id,) = await harness.send(harness.message(), work=False)
    return of_messages.CancelMessage(actor=CLERK, message_id=message_id)


async def _settle_message(harness: NotificationsHarness) -> Command:
    (message_id,) = await harness.send(harness.message())
    await harness.pool.execute("UPDATE message SET state = 'unknown'")
    return of_messages.SettleMessage(actor=CLERK, message_id=message_id, outcome="sent")


async def _retry_message(harness: NotificationsHarness) -> Command:
    (message_id,) = await harness.send(harness.message(), work=False)
    await harness.ask(of_messages.CancelMessage(actor=CLERK, message_id=message_id))
    return of_messages.RetryMessage(actor=CLERK, message_id=message_id, retry_id=new_id())


async def _send_test(harness: NotificationsHarness) -> Command:
    return harness.testing()


async def _configure_gateway(harness: NotificationsHarness) -> Command:
    return harness.configuring("bulksmsbd", base_url=None)


async def _remove_gateway(harness: NotificationsHarness) -> Command:
    gateway = await harness.configure("bulksmsbd", base_url=None)
    return of_messages.RemoveSmsGateway(actor=CLERK, gateway_id=gateway.gateway_id)


async def _save_template(_: NotificationsHarness) -> Command:
    return of_messages.SaveSmsTemplate(
        actor=CLERK,
        template="reminder",
        operator_id=ROOT,
        language="en",
        text="Pay: {link}",
    )


async def _republish_notifications(_: NotificationsHarness) -> Command:
    return of_invoices.Republish(actor=CLERK, service="notifications")


NOTIFICATIONS: Mapping[type[Message], OfNotifications] = {
    of_messages.SendMessage: _send_message,
    of_messages.CancelMessage: _cancel_message,
    of_messages.SettleMessage: _settle_message,
    of_messages.RetryMessage: _retry_message,
    of_messages.SendTestMessage: _send_test,
    of_messages.ConfigureSmsGateway: _configure_gateway,
    of_messages.RemoveSmsGateway: _remove_gateway,
    of_messages.SaveSmsTemplate: _save_template,
    of_invoices.Republish: _republish_notifications,
}
EXAMPLES = {
    (service, kind)
    for service, examples in (
        ("invoicing", INVOICING),
        ("payments", PAYMENTS),
        ("documents", DOCUMENTS),
        ("notifications", NOTIFICATIONS),
    )
    for kind in (*examples, *EVERYWHERE)
}
