"""Every message that payments hears, and what it does about it."""

from __future__ import annotations

from collections.abc import Mapping

from services.payments.handlers.administration import add_partners, close_partners, republish
from services.payments.handlers.catalog import (
    BillIssued,
    BillVoided,
    hear_customers,
    hear_issued,
    hear_operators,
    hear_settings,
    hear_voided,
)
from services.payments.handlers.held import place_held, reject_held
from services.payments.handlers.partners import take_payments
from services.payments.handlers.payments import record_payments, refund_credit, reverse_payments
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
    RecordPayment: record_payments,
    ReversePayment: reverse_payments,
    RefundCredit: refund_credit,
    PlaceHeldPayment: place_held,
    RejectHeldPayment: reject_held,
    AddPartner: add_partners,
    ClosePartner: close_partners,
    Republish: republish,
}
INVOICES: Mapping[type[Message], Handler] = {BillIssued: hear_issued, BillVoided: hear_voided}
CATALOG: Mapping[type[Message], Handler] = {
    CustomerChanged: hear_customers,
    OperatorChanged: hear_operators,
    BillingSettingsChanged: hear_settings,
}
PARTNERS: Mapping[type[Message], Handler] = {PartnerEvent: take_payments}
