"""Words that pages write for codes: methods, problems, reasons. What nobody named is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from gateway.pages.web.translations import gettext as _
from gateway.pages.web.translations import ngettext
from shared.values.unreadable import Unreadable

METHODS = ("cash", "bkash", "nagad", "rocket", "bank_transfer", "cheque", "card")


def method_name(code: str) -> str:
    """Return the name of a method of payment."""
    known = {
        "cash": _("Cash"),
        "bkash": _("bKash"),
        "nagad": _("Nagad"),
        "rocket": _("Rocket"),
        "bank_transfer": _("Bank transfer"),
        "cheque": _("Cheque"),
        "card": _("Card"),
        "partner": _("Partner"),
    }
    return known.get(code) or spelled_out(code)


def methods() -> list[tuple[str, str]]:
    """Return the methods that the desk offers: code and name."""
    return [(code, method_name(code)) for code in METHODS]


def problem_text(code: str, detail: str = "") -> str:
    """Return what happened and what to do, in the reader's words."""
    if code == "credentials-refused":
        # A provider is quoted in its own words.
        return detail or _("The provider refused these credentials. Nothing was saved.")
    money = _problems_of_money() | _problems_of_bills() | _problems_of_days() | _problems_of_refunds(detail)
    people = _problems_of_people() | _problems_of_erasing()
    known = {**money, **people, **_problems_of_services(), **_problems_of_operating(detail)}
    return known.get(code) or detail or spelled_out(code)


def _problems_of_operating(detail: str) -> dict[str, str]:
    return {
        "still-fails": _("It failed again: %(detail)s") % {"detail": detail},
        "handler-gone": _("This release handles no such records any more. Discard the letter."),
        "letter-closed": _("Someone else has already dealt with this letter."),
        "not-set-aside": _("This partition is being read again. Nothing was passed over."),
        "stands-elsewhere": _("It stands at another offset now. Nothing was passed over; look again."),
    }


def _problems_of_days() -> dict[str, str]:
    return {
        "day-closed": _("This day is closed. What belongs to it falls into the next one that is closed."),
        "day-not-begun": _("This day has not begun yet."),
        "figures-changed": _(
            "Money was recorded or taken back since you looked. Look at the new figures, then count again."
        ),
        "not-explained": _("What was counted differs from what is expected. Say why."),
    }


def _problems_of_refunds(detail: str) -> dict[str, str]:
    return {
        "more-than-credit": _("This is more than the credit that the customer has."),
        "more-than-left": _("Less than that is left of this payment."),
        "not-refundable": _("This payment did not come through a payment gateway that can pay it back."),
        "refund-under-way": _("A refund of it is on its way. Wait until the gateway has answered."),
        "refund-refused": _("The gateway refused to pay it back: %(detail)s") % {"detail": detail},
        "webhook-off": _("This webhook is switched off. Switch it on first."),
        "too-many-webhooks": _("There are too many webhooks. Remove one first."),
        "partner-removed": _("This partner was removed. Add it again first."),
        "not-held": _("Someone else has already handled this payment."),
    }


def _problems_of_bills() -> dict[str, str]:
    return {
        "already-paid": _("This bill has been paid in the meantime. Nothing was recorded."),
        "bill-void": _("This bill has been voided. Nothing was recorded."),
        "has-payments": _("There is money on this bill. Reverse its payments first, then void it."),
        "already-reversed": _("This payment has already been reversed. Nothing was changed."),
        "not-undoable": _("Only a finished mark-as-paid action can be undone."),
        "not-missed": _("This month was not missed, or has been run meanwhile."),
        "already-undone": _("This action has already been undone. Nothing was changed."),
        "already-void": _("This bill has already been voided. Nothing was changed."),
    }


def _problems_of_money() -> dict[str, str]:
    return {
        "currency-fixed": _("The currency cannot change once there is an invoice."),
        "idempotency-key-reused": _(
            "Your first attempt reached us with other values. Check the payments before you try again."
        ),
        "idempotency-key-busy": _(
            "Your first attempt is still in progress. Wait a moment, then check the bill."
        ),
        "card-number": _("This looks like a card number. Card numbers must not be written down here."),
        "balance-changed": _("The balance has changed since you looked."),
        "currency-mismatch": _("The amount is in another currency."),
        "cancelled": _("Cancelled before its turn"),
    }


def _problems_of_people() -> dict[str, str]:
    return {
        "email-taken": _("Another user has this email address."),
        "name-taken": _("This name is taken. Choose another one."),
        "too-many-views": _("You have as many views as can be kept. Delete one first."),
        "unknown-time-zone": _("This is not a time zone of the IANA list, such as Asia/Dhaka."),
        "weak-password": _("Choose a password of at least 12 characters that is not easily guessed."),
        "last-admin": _("This is the last active admin of the ISP. Add another one first."),
        "forbidden": _("Your role does not allow this. Nothing was changed."),
        "not-found": _("There is no such bill here. It may belong to an operator outside yours."),
        "code-taken": _("This code is taken. Choose another one."),
        "internal": _("Something went wrong on our side. It has been logged. Try again later."),
    }


def _problems_of_erasing() -> dict[str, str]:
    return {
        "not-closed": _("Only a closed customer can be erased. Close them first."),
        "still-owes": _("This customer still owes something. Settle it or void it first."),
        "has-credit": _("This customer has credit. Pay it back first."),
        "customer-erased": _("This customer was erased. Nothing of them can be changed any more."),
        "other-code": _("This is not the code of the customer."),
    }


def _problems_of_services() -> dict[str, str]:
    return {
        "period-in-the-future": _("This month has not begun yet."),
        "before-billing-from": _("Billing had not begun in this month."),
        "sms-gateway-not-configured": _("No SMS gateway is set up."),
        "online-payments-not-configured": _(
            "No payment gateway is set up, so nobody could pay with the link."
        ),
        "no-mobile": _("This customer has no mobile number."),
        "too-slow": _("The document took too long to be made. Try again; if it fails again, tell us."),
        "render-failed": _("The document could not be made. It has been noted; try again in a moment."),
        "store-unavailable": _("File storage is not responding. Try again in a moment."),
        "still-being-made": _("The invoices are still being made. Try again when all are there."),
        "nothing-to-print": _("None of these bills has a file, so there is nothing to print."),
        "no-files": _("This bulk action makes no files."),
        "documents-not-configured": _("File storage has not been set up, so there are no PDFs yet."),
    }


def customer_statuses() -> dict[str, str]:
    """Return what a customer may be."""
    return {"active": _("Active"), "suspended": _("Suspended"), "closed": _("Closed")}


def billing_cycles() -> dict[str, str]:
    """Return how a customer may be billed."""
    return {"monthly": _("Monthly"), "daily": _("Daily"), "none": _("No billing")}


def reason_text(code: str) -> str:
    """Return why a customer was not billed, an item was skipped, or money is held."""
    known = _reasons_of_runs() | _reasons_of_items() | _reasons_of_held_money()
    return known.get(code) or spelled_out(code)


def _reasons_of_runs() -> dict[str, str]:
    return {
        "suspended": _("Suspended"),
        "closed": _("Closed"),
        "not-monthly": _("Not on a monthly cycle"),
        "voided": _("Bill was voided"),
        "joined-later": _("Joined later"),
        "free": _("Nothing to pay"),
        "amount-too-large": _("The amount is more than a bill can hold"),
        "run-total-too-large": _("The run's total is more than an amount can be"),
        "currency-changed": _("The currency was changed during the run"),
        "already-billed": _("Already has a bill"),
        "already_billed": _("Already has a bill"),
    }


def _reasons_of_items() -> dict[str, str]:
    return {
        "already-paid": _("Already paid"),
        "cancelled": _("Cancelled before its turn"),
        "already-reversed": _("Already reversed"),
        "bill-void": _("Void"),
        "balance-changed": _("Balance has changed"),
        "not-found": _("Not found"),
        "too-slow": _("Took too long"),
        "render-failed": _("Could not be made"),
        "store-unavailable": _("Could not be kept"),
        "no-mobile": _("No valid mobile number"),
        "sms-gateway-not-configured": _("No SMS gateway"),
        "online-payments-not-configured": _("No payment gateway"),
    }


def _reasons_of_held_money() -> dict[str, str]:
    return {
        "unknown-invoice": _("No such bill is known"),
        "unknown-customer": _("No such customer is known"),
        "ambiguous-customer": _("Several customers have this code"),
        "outside-reach": _("Outside what the partner may reach"),
        "currency-mismatch": _("Another currency"),
        "amount-mismatch": _("Another amount than was asked for"),
        "risk-flagged": _("The provider warns of a risk"),
        "charged-twice": _("Charged a second time"),
        "partner-paused": _("The partner is paused"),
        "outcome-unknown": _("Nobody knows whether it was charged"),
    }


def event_name(kind: str) -> str:
    """Return what webhooks tell, in words."""
    names = {
        "bill.issued": _("Bill issued"),
        "bill.paid": _("Bill paid"),
        "bill.voided": _("Bill voided"),
        "payment.recorded": _("Payment recorded"),
        "payment.reversed": _("Payment reversed"),
        "endpoint.test": _("Test"),
    }
    return names.get(kind, kind)


def refused_text(field: str, code: str, detail: str) -> str:
    """Return why a field was refused: what it must hold, or what happened."""
    return field_text(field, detail) if code == "invalid" else problem_text(code, detail)


def field_text(field: str, detail: str = "") -> str:
    """Return what a field must hold; `detail` for one that nobody listed."""
    known = {
        "name": _("Type a name of at most 200 characters."),
        "code": _("Type a code: letters, digits and dashes, without spaces."),
        "mobile": _("Type a mobile number such as +8801711000412."),
        "email": _("Type an email address."),
        "password": _("Type 12 to 200 characters."),
        "new_password": _("Type 12 to 200 characters."),
        "current_password": _("This is not your current password."),
        "since": _("Choose a date."),
        "paid_on": _("Choose a date."),
        "reason": _("Give a reason in at most 200 characters."),
        "reference": _("Type at most 500 characters."),
        "note": _("Type at most 500 characters."),
        "due_days": _("Type a number of days from 0 to 365."),
        "link_valid_hours": _("Type a number of hours from 1 to 8,760."),
        "time_zone": _("This is not a time zone of the IANA list, such as Asia/Dhaka."),
        "billing_from": _("Type a month such as 2026-12."),
        "period": _("Choose a month."),
        "operator_id": _("Choose an operator."),
        "parent_id": _("Choose an operator."),
        "package_id": _("Choose a package."),
        "currency": _("Type a currency code of three letters, such as BDT."),
        "address": _("Type an address of at most 500 characters."),
    }
    return known.get(field) or detail


def reason_missing() -> str:
    return _("Give a reason, for whoever looks at this later.")


def note_text(code: str) -> str:
    """Return word of what has just been done."""
    known = {
        "day-closed": _("The day is signed off."),
        "created": _("Created."),
        "month-left-out": _("The month is left out."),
        "month-brought-back": _("The month is back among the missed ones."),
        "saved": _("Saved."),
        "erased": _("The customer is erased. Their code is what the books keep."),
        "removed": _("Removed."),
        "tested": _("The test has ended."),
        "planned": _("The plan is ready; ask once more to see it."),
        "sent": _("The message is on its way."),
        "settled": _("Noted."),
        "billed": _("The customer was billed."),
        "not-billed": _("Nothing was billed. “Why billed, why not” gives the reason."),
        "refunded": _("The refund was recorded."),
        "recorded": _("The payment was recorded. It settles the oldest month first."),
        "placed": _("The payment was placed."),
        "rejected": _("The payment was rejected."),
        "revoked": _("The token no longer works."),
        "password": _("Your password was changed. All your other sessions have ended."),
        "added": _("Added."),
        "webhook-queued": _("It is on its way. Reload to see the answer."),
        "paused": _("Paused. What it sends is held until you resume it."),
        "resumed": _("Resumed. What was held is being recorded."),
        "portal": _("The customer has a new portal address. The old one no longer works."),
    }
    return known.get(code) or _notes_of_operating().get(code, "")


def _notes_of_operating() -> dict[str, str]:
    return {
        "redriven": _("The record was handled."),
        "discarded": _("The record was discarded."),
        "stepped-over": _("It goes on within seconds."),
    }


def unreadable_text(error: Unreadable) -> str:
    """Return what was typed and what to write instead, in the reader's words."""
    known = unreadable_texts().get(type(error).__name__)
    return known % {"text": error.text, "suggestion": error.suggestion} if known else error.detail


def unreadable_texts() -> Mapping[str, str]:
    """Return a text for each class of value that cannot be read, for the pages and for their scripts."""
    return {**_unreadable_amounts(), **_unreadable_others()}


def _unreadable_amounts() -> dict[str, str]:
    return {
        "NotAnAmount": _("“%(text)s” is not an amount. Write it as 1,050.00."),
        "CommaForDecimals": _(
            "“%(text)s” can be read in two ways. Write %(suggestion)s, with a point before the decimals."
        ),
        "BlankInAmount": _("“%(text)s” has a space in it. Write %(suggestion)s."),
        "OddGroups": _("“%(text)s” has commas in odd places. Write %(suggestion)s."),
        "TooManyDecimals": _("“%(text)s” has more decimals than the currency, which has %(suggestion)s."),
        "NotPositive": _("The amount must be more than zero."),
        "TooMuch": _("“%(text)s” is more than an amount can be."),
        "OtherCurrency": _("“%(text)s” is not in %(suggestion)s, the currency here."),
        "NotAPercentage": _("“%(text)s” is not a percentage from 0 to 100. Write it as 7.5."),
    }


def _unreadable_others() -> dict[str, str]:
    return {
        "NotADay": _("“%(text)s” is not a date. Write it as %(suggestion)s."),
        "NumberIsNoDay": _("“%(text)s” is a number, not a date. Write it as %(suggestion)s."),
        "NoSuchDay": _("There is no such date as %(text)s."),
        "DayOutOfRange": _("“%(text)s” is outside the years 1970 to 9998."),
        "NotAMoment": _("“%(text)s” is not a time such as 2026-03-31T23:30:00+06:00."),
        "NoMobile": _("“%(text)s” is not a mobile number. Write it as %(suggestion)s."),
        "LostDigits": _(
            "“%(text)s” lost digits in a spreadsheet. Format the column as text and write %(suggestion)s."
        ),
        "TooShort": _("“%(text)s” is too short for a mobile number such as %(suggestion)s."),
        "TooManyDigits": _("“%(text)s” is too long for a mobile number such as %(suggestion)s."),
        "NotMobile": _("“%(text)s” is a number, but not a mobile number such as %(suggestion)s."),
        "TwoLines": _("This must be a single line."),
        "TooLong": _("This is longer than %(suggestion)s characters."),
        "Missing": _("This must not be empty."),
        "MixedAlphabets": _("“%(text)s” mixes look-alike letters of several alphabets. Write it in one."),
    }


def upload_text(verdict: str, detail: str) -> str:
    """Return what is wrong with an uploaded file and what to do; `detail` for what nobody listed."""
    known = {
        "empty": _("The file is empty. Choose the file that holds the customers."),
        "not-a-table": _(
            "This is neither a CSV file nor an Excel workbook (.xlsx). Save it as CSV and try again."
        ),
        "old-or-protected": _(
            "The workbook is protected by a password, or of the old .xls kind."
            " Save it as .xlsx without a password, or as CSV."
        ),
        "not-utf-8": _("The file is not UTF-8 text. Save it as CSV UTF-8 and try again."),
        "damaged": _("The workbook is damaged. Open it in a spreadsheet, save it as CSV and try again."),
        "too-large": _("The file holds more than can be taken at once. Split it and send the parts."),
        "wide": _(
            "A line has more columns than a file of customers can have."
            " Keep those that are facts of customers."
        ),
        "long-cell": _("A cell is longer than any text of a customer. A quotation mark may never be closed."),
    }
    return known.get(verdict, detail)


def source_text(source: str) -> str:
    """Return where money came from: `desk`, `partner:<name>`, `provider:<name>`."""
    kind, _colon, name = source.partition(":")
    if kind == "partner":
        return _("through partner %(name)s") % {"name": name}
    if kind == "provider":
        return _("online through %(name)s") % {"name": provider_name(name)}
    return _("at the desk") if kind == "desk" else source


def spelled_out(code: str) -> str:
    """`bank-transfer` as `Bank transfer`."""
    words = code.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def percentage(points: int) -> str:
    """Return 750 basis points as `7.5`."""
    return f"{points / 100:g}"


def message_text(state: str) -> str:
    """Return how far a message is."""
    known = {
        "queued": _("Waits to be sent"),
        "sending": _("Being sent"),
        "sent": _("Sent"),
        "delivered": _("Delivered"),
        "failed": _("Not sent"),
        "unknown": _("Unknown whether it was sent"),
    }
    return known.get(state) or spelled_out(state)


def link_text(state: str) -> str:
    """Return whether a link can be paid by."""
    known = {
        "active": _("Can be paid by"),
        "paid": _("Paid"),
        "revoked": _("Replaced or taken back"),
        "expired": _("Expired"),
    }
    return known.get(state) or spelled_out(state)


_TONES = {"delivered": "delivered", "sent": "delivered", "failed": "failed", "unknown": "failed"}


def link_state(bill: Mapping[str, Any]) -> dict[str, str]:
    """Return what became of a bill's last link, as a tone and in words; no words where there is none."""
    link, message = bill["link"], bill["message"]
    if link and link["state"] == "active" and link["opened_at"]:
        return {"tone": "opened", "words": _("Link opened")}
    if message and (not link or link["state"] == "active"):
        words = message_text(message["state"])
        if message["state"] == "failed" and (message["detail"] or message["code"]):
            words = f"{words}: {message['detail'] or message['code']}"
        return {"tone": _TONES.get(message["state"], "none"), "words": words}
    return {"tone": "none", "words": link_text(link["state"]) if link else ""}


def provider_name(code: str) -> str:
    """Return what a gateway is called."""
    known = {
        "bkash": _("bKash"),
        "sslcommerz": "SSLCommerz",
        "stripe": "Stripe",
        "http": _("Any provider, by HTTP"),
        "bulksmsbd": "BulkSMSBD",
        "sslwireless": "SSL Wireless",
        "twilio": "Twilio",
        "sandbox": _("Sandbox, for trying out"),
    }
    return known.get(code) or spelled_out(code)


def checkout_text(state: str) -> str:
    """Return what became of an attempt to pay."""
    known = {
        "open": _("Not finished"),
        "paid": _("Paid"),
        "held": _("Charged, held for a person"),
        "failed": _("Not charged"),
        "expired": _("Left by the customer"),
        "unknown": _("Unknown whether it was charged"),
    }
    return known.get(state) or spelled_out(state)


def age_text(age: timedelta) -> str:
    """Return how long ago something was, in its greatest unit: 6 days, 2 hours, 50 minutes."""
    minutes = max(int(age.total_seconds() // 60), 0)
    if minutes >= 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    if minutes >= 60:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}


def waited_text(seconds: float | None) -> str:
    """Return how long something has waited: tenths of a second, seconds, then minutes and hours."""
    if not seconds:
        return ""
    if seconds < 10:
        return _("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": f"{seconds:.0f}"}
    if seconds < 3_600:
        return _("%(minutes)s min") % {"minutes": int(seconds // 60)}
    return _("%(hours)s h") % {"hours": int(seconds // 3_600)}


def source_name(source: str) -> str:
    """Return who money came from: a partner by its name, a payment gateway by its own."""
    kind, _colon, name = source.partition(":")
    return provider_name(name) if kind == "provider" else name or source
