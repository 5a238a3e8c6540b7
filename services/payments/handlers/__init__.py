"""Every message that payments hears, and what it does about it.

One handler for all that a subscription brings: a batch is one transaction, and locks its accounts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.payments.handlers.bills import BillIssued, BillVoided, hear_bills
from services.payments.handlers.catalog import hear_catalog
from services.payments.handlers.desk import HEARD, hear_commands
from services.payments.handlers.partners import take_payments
from services.payments.office import Office
from services.payments.reader import PartnerEvent
from shared.consumer import Handler
from shared.contracts.catalog import (
    BillingSettingsChanged,
    CustomerChanged,
    CustomerErased,
    OperatorChanged,
)
from shared.contracts.documents import IspProfileChanged
from shared.contracts.envelope import Message
from shared.contracts.sets import InvoiceSet


def commands(office: Office) -> Mapping[type[Message], Handler]:
    """Return the handler of every command by its kind."""
    return dict.fromkeys(HEARD, partial(hear_commands, office=office))


INVOICES: Mapping[type[Any], Handler] = {
    BillIssued: hear_bills,
    InvoiceSet: hear_bills,
    BillVoided: hear_bills,
}
CATALOG: Mapping[type[Message], Handler] = {
    CustomerChanged: hear_catalog,
    CustomerErased: hear_catalog,
    OperatorChanged: hear_catalog,
    BillingSettingsChanged: hear_catalog,
    IspProfileChanged: hear_catalog,
}
PARTNERS: Mapping[type[Message], Handler] = {PartnerEvent: take_payments}
