"""Plans of payment links for a selection: who gets one, and why others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.store import gateways as gateway_store
from gateway.store import payment_links as payment_link_store
from gateway.store.statements import Row
from shared.db import Tx
from shared.values.mobiles import NoMobile, read_mobile

# Of these the first that stands in everybody's way is the answer to the whole request.
MISSING = ("sms-gateway-not-configured", "online-payments-not-configured")
DETAILS = {
    "not-found": "There is no such bill.",
    "bill-void": "The bill is void.",
    "already-paid": "The bill has no balance left.",
    "no-mobile": "The customer has no mobile number that a message could go to.",
    "sms-gateway-not-configured": "No SMS gateway is set up.",
    "online-payments-not-configured": "No payment gateway is set up.",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """A bill and what would become of it: `outcome` says why no link is made, None that one is."""

    bill: Row
    mobile: str | None
    outcome: str | None

    @property
    def state(self) -> str:
        """Return the state in which its item of a bulk action begins."""
        if self.outcome is None:
            return "pending"
        return "skipped" if self.outcome == "already-paid" else "failed"

    @property
    def detail(self) -> str:
        """Why no link is made, for people."""
        return DETAILS[self.outcome] if self.outcome else ""


async def plan(tx: Tx, bill_ids: Sequence[UUID], *, send_sms: bool) -> list[Planned]:
    """Decide for each bill whether a link can be made for it, and sent."""
    bills = await payment_link_store.bills_for_links(tx, bill_ids)
    operator_ids = {bill["operator_id"] for bill in bills if bill["operator_id"]}
    sms = await gateway_store.sms_ways(tx, operator_ids) if send_sms else {}
    payment = await gateway_store.payment_ways(tx, operator_ids)
    country = await settings_queries.country(tx)
    planned = []
    for bill in bills:
        mobile = usable_mobile(bill["mobile"], country)
        outcome = _outcome(bill)
        if outcome is None and send_sms:
            outcome = _unsendable(mobile, bill["operator_id"] in sms)
        if outcome is None and bill["operator_id"] not in payment:
            outcome = "online-payments-not-configured"
        planned.append(Planned(bill, mobile, outcome))
    return planned


def _outcome(bill: Row) -> str | None:
    if not bill["is_known"]:
        return "not-found"
    if bill["status"] == "void":
        return "bill-void"
    return None if bill["balance_minor"] else "already-paid"


def _unsendable(mobile: str | None, has_gateway: bool) -> str | None:
    if mobile is None:
        return "no-mobile"
    return None if has_gateway else "sms-gateway-not-configured"


def usable_mobile(text: str | None, country: str) -> str | None:
    """Return the one mobile of a text in E.164, None where it names none, or two: never a stranger's."""
    try:
        mobile = read_mobile(text, country) if text else None
    except NoMobile:
        return None
    return mobile.number if mobile and mobile.alternate is None else None


def refuse_what_nobody_can_get(planned: Sequence[Planned]) -> None:
    """Raise 409 where a gateway is missing for every bill that something could be sent for."""
    outcomes = {each.outcome for each in planned}
    if None in outcomes:
        return
    for code in MISSING:
        if code in outcomes:
            raise Problem(409, code, DETAILS[code])
