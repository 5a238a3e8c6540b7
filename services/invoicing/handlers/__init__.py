"""What invoicing does with each message that it hears."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.invoicing.handlers import (
    billing_settings,
    catalog,
    customers,
    imports,
    renderings,
    republishing,
    runs,
    voids,
)
from services.invoicing.handlers.answers import answering
from shared.consumer import Handler
from shared.contracts import catalog as said_of_catalog
from shared.contracts import invoicing as said_of_invoices
from shared.contracts import money_in_bulk, payments
from shared.contracts.documents import RenderInvoice
from shared.contracts.envelope import Message

COMMANDS: Mapping[type[Message], Handler] = {
    said_of_catalog.CreateOperator: answering(catalog.create_operator),
    said_of_catalog.ChangeOperator: answering(catalog.change_operator),
    said_of_catalog.CreatePackage: answering(catalog.create_package),
    said_of_catalog.ChangePackage: answering(catalog.change_package),
    said_of_catalog.CreateCustomer: answering(customers.create_customer),
    said_of_catalog.ChangeCustomer: answering(customers.change_customer),
    said_of_catalog.EraseCustomer: answering(customers.erase_customer),
    said_of_catalog.ImportCustomers: answering(imports.import_customers),
    said_of_catalog.UndoImport: answering(imports.undo_import),
    said_of_catalog.ChangeBillingSettings: answering(billing_settings.change_billing_settings),
    said_of_invoices.StartRun: answering(runs.start_run),
    said_of_invoices.VoidInvoice: answering(voids.void_invoice, lock=voids.lock_counters),
    RenderInvoice: renderings.hand_over,
    said_of_invoices.Republish: answering(republishing.republish),
}

# Of one type the later kind reads; it hands over to the contract what it does not take.
PAYMENTS: Mapping[type[Any], Handler] = {
    payments.PaymentRecorded: voids.hear_money,
    payments.PaymentAllocated: voids.hear_money,
    payments.PaymentReversed: voids.hear_money,
    payments.CreditRefunded: voids.hear_money,
    payments.MoneyRepublished: voids.hear_money,
    money_in_bulk.SettledByPayment: voids.hear_money,
    money_in_bulk.SettledByCredit: voids.hear_money,
}
