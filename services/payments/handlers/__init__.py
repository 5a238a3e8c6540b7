"""Every message that payments hears, and what it does about it.

One handler for all that a subscription brings: a batch is one transaction, and locks its accounts once.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.payments.handlers.bills import BillIssued, BillVoided, hear_bills
from services.payments.handlers.catalog import hear_catalog
from services.payments.handlers.desk import hear_commands
from services.payments.handlers.partners import take_payments
from services.payments.reader import PartnerEvent
from shared.consumer import Handler
from shared.contracts.catalog import BillingSettingsChanged, CustomerChanged, OperatorChanged
from shared.contracts.envelope import Message
from shared.contracts.invoicing import Republish
from shared.contracts.payments import (
    AddPartner,
    ClosePartner,
    PlaceHeldPayment,
    RecordPayment,
    RefundCredit,
    RejectHeldPayment,
    ReversePayment,
)

COMMANDS: Mapping[type[Message], Handler] = {
    RecordPayment: hear_commands,
    ReversePayment: hear_commands,
    RefundCredit: hear_commands,
    PlaceHeldPayment: hear_commands,
    RejectHeldPayment: hear_commands,
    AddPartner: hear_commands,
    ClosePartner: hear_commands,
    Republish: hear_commands,
}
INVOICES: Mapping[type[Message], Handler] = {BillIssued: hear_bills, BillVoided: hear_bills}
CATALOG: Mapping[type[Message], Handler] = {
    CustomerChanged: hear_catalog,
    OperatorChanged: hear_catalog,
    BillingSettingsChanged: hear_catalog,
}
PARTNERS: Mapping[type[Message], Handler] = {PartnerEvent: take_payments}
