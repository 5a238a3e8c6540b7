"""The views that templates are given: every text as it stands on paper, none of it markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from services.documents.domain import Letterhead
from services.documents.rendering.wording import Wording
from shared.contracts.documents import (
    Addressee,
    BillPayment,
    RenderDocument,
    RenderReceipt,
    RenderStatement,
    StatementEntry,
)

View: TypeAlias = dict[str, Any]
Fact: TypeAlias = tuple[str, str, bool]  # label, value, whether it stands out

MOST_PAYMENTS = 12
MOST_LINES_ON_A_HALF = 5
MOST_PAYMENTS_ON_A_HALF = 3
MOST_OPEN_BILLS = 3
_PAYMENT_COLUMNS = ("paid_on", "method", "reference", "amount")
_SETTLED_COLUMNS = {"what": "what-it-settles", "bill": "bill", "settled": "settled", "open": "still-open"}
_STATEMENT_COLUMNS = {
    "date": "date",
    "entry": "entry",
    "reference": "number-reference",
    "billed": "billed",
    "paid": "paid-column",
    "balance": "balance-column",
}


def invoice(command: RenderDocument, letterhead: Letterhead, wording: Wording, paper: str) -> View:
    """An invoice with what is paid on it."""
    bill, void, text = command.invoice, command.void, wording.text
    payments = command.settlement.payments if command.settlement else ()
    is_half = len(bill.lines) <= MOST_LINES_ON_A_HALF and len(payments) <= MOST_PAYMENTS_ON_A_HALF
    view = _sheet(letterhead, wording, bill.operator_name, paper, is_half)
    view |= {
        "title": text("invoice-void" if void else "invoice"),
        "document_title": f"{text('invoice')} {bill.number}",
        "number": bill.number,
        "customer": _customer(
            wording, bill.customer_name, bill.customer_code, command.customer_address, bill.customer_mobile
        ),
        "facts": _invoice_facts(command, wording),
        "headings": _line_headings(command, wording),
        "lines": _lines(command, wording),
        "sums": _sums(command, wording),
        "voided": _voided(command, wording),
        "payments": _payments(payments, wording),
        "payment_headings": {name: text(name.replace("_", "-")) for name in _PAYMENT_COLUMNS},
        "stamp": _invoice_stamp(command, wording),
        "notes": _invoice_notes(command, wording),
    }
    if void:
        view["classes"] += " void"
    elif command.pay_url and not view["stamp"]:
        view |= _qr(command.pay_url, text("scan-to-pay"), text("how-to-pay"), wording)
    return view


def _invoice_facts(command: RenderDocument, wording: Wording) -> list[Fact]:
    bill, void, text = command.invoice, command.void, wording.text
    return [
        (text("billing-period"), wording.month(bill.period), False),
        (text("issued"), wording.day(bill.issued_on), False),
        (text("void-since"), wording.day(wording.local_day(void.voided_at)), True)
        if void
        else (text("due"), wording.day(bill.due_on), True),
        (text("currency"), wording.currency_name, False),
    ]


def _sheet(
    letterhead: Letterhead, wording: Wording, operator_name: str, paper: str, is_half: bool = False
) -> View:
    """Return what every sheet has: the letterhead, the footer, and how often it is printed on the paper."""
    text = wording.text
    below = ""
    if letterhead.name != letterhead.company:
        below = text("part-of", name=letterhead.company)
    elif operator_name != letterhead.name:
        below = text("your-operator", name=operator_name)
    classes = ["bengali"] if wording.language == "bn" else []
    if letterhead.logo and letterhead.logo.is_wide:
        classes.append("logo-wide")
    halves = [
        {"side": "left", "name": text("copy-customer")},
        {"side": "right", "name": text("copy-office")},
    ]
    return {
        "language": wording.language,
        "classes": " ".join(classes),
        "name": letterhead.name,
        "below_name": below,
        "logo": f"logo:{letterhead.logo.key}" if letterhead.logo else None,
        "footer": _footer(letterhead, wording),
        "copies": halves if paper == "A5x2" and is_half else [None],
    }


def _footer(letterhead: Letterhead, wording: Wording) -> str:
    first = (letterhead.name, letterhead.address, _tax_id(letterhead, wording))
    second = (letterhead.phone, letterhead.email, letterhead.footer)
    return "\n".join(" · ".join(filter(None, line)) for line in (first, second) if any(line))


def _tax_id(letterhead: Letterhead, wording: Wording) -> str:
    name = "bin" if wording.currency == "BDT" else "tax-id"
    return wording.text(name, id=letterhead.tax_id) if letterhead.tax_id else ""


def _customer(wording: Wording, name: str, code: str, address: str, mobile: str | None) -> str:
    parts = (name, wording.text("customer-code", code=code), address, wording.mobile(mobile))
    return "\n".join(filter(None, parts))


def _line_headings(command: RenderDocument, wording: Wording) -> list[dict[str, str]]:
    names = (
        ("", wording.text("package")),
        ("period", wording.text("period")),
        ("money", wording.text("net")),
        ("rate", _vat_label(command, wording)),
        ("money", wording.text("total")),
    )
    return [{"kind": kind, "text": text} for kind, text in names]


def _vat_label(command: RenderDocument, wording: Wording) -> str:
    """VAT with its rate, where there is one rate."""
    rates = {line.vat_basis_points for line in command.invoice.lines}
    if len(rates) != 1:
        return wording.text("vat")
    return wording.text("vat-rate", rate=wording.rate(rates.pop()))


def _lines(command: RenderDocument, wording: Wording) -> list[dict[str, str]]:
    period = wording.days_of(command.invoice.period)
    return [
        {
            "description": line.description
            if line.quantity == 1
            else f"{line.description} × {wording.count(line.quantity)}",
            "period": period,
            "net": wording.amount(line.net_minor),
            "vat": wording.amount(line.vat_minor),
            "total": wording.amount(line.total_minor),
        }
        for line in command.invoice.lines
    ]


def _sums(command: RenderDocument, wording: Wording) -> list[dict[str, Any]]:
    bill, void, settlement = command.invoice, command.void, command.settlement
    paid = settlement.paid_minor if settlement else 0
    balance = 0 if void else settlement.balance_minor if settlement else bill.total_minor
    struck = void is not None
    text, amount = wording.text, wording.amount
    last = text("balance-due" if balance > 0 else "balance")
    return [
        {"kind": "", "label": text("net"), "amount": amount(bill.net_minor), "struck": struck},
        {
            "kind": "",
            "label": _vat_label(command, wording),
            "amount": amount(bill.vat_minor),
            "struck": struck,
        },
        {"kind": "total", "label": text("total"), "amount": amount(bill.total_minor), "struck": struck},
        {"kind": "", "label": text("paid"), "amount": amount(paid), "struck": False},
        {"kind": "due", "label": last, "amount": wording.money(balance), "struck": False},
    ]


def _voided(command: RenderDocument, wording: Wording) -> View | None:
    void = command.void
    if void is None:
        return None
    day = wording.day(wording.local_day(void.voided_at))
    instead = ""
    if void.reissued_number and void.reissued_on and void.reissued_total_minor is not None:
        instead = wording.text(
            "replaced-by",
            number=void.reissued_number,
            date=wording.day(void.reissued_on),
            money=wording.money(void.reissued_total_minor),
        )
    return {
        "lead": wording.text("nothing-to-pay"),
        "why": wording.text("voided", date=day, reason=void.reason.rstrip(". ")),
        "instead": instead,
    }


def _payments(payments: Sequence[BillPayment], wording: Wording) -> list[dict[str, str]]:
    """The latest payments, what came before them in one line."""
    shown = payments[-MOST_PAYMENTS:]
    earlier = payments[: len(payments) - len(shown)]
    rows = [
        {
            "paid_on": wording.day(payment.paid_on),
            "method": wording.method(payment.method),
            "reference": payment.reference or "",
            "amount": wording.amount(payment.amount_minor),
        }
        for payment in shown
    ]
    if earlier:
        label = wording.text("earlier-payments", count=wording.count(len(earlier)))
        amount = wording.amount(sum(payment.amount_minor for payment in earlier))
        rows.insert(0, {"paid_on": label, "method": "", "reference": "", "amount": amount})
    return rows


def _invoice_stamp(command: RenderDocument, wording: Wording) -> View | None:
    if command.void:
        day = wording.day(wording.local_day(command.void.voided_at))
        return {"kind": "stamp-void", "text": f"{wording.text('stamp-void')}\n{day}"}
    settlement = command.settlement
    if settlement is None or settlement.balance_minor > 0:
        return None
    last = max((payment.paid_on for payment in settlement.payments), default=None)
    said = wording.text("stamp-paid")
    return {"kind": "stamp-paid", "text": f"{said}\n{wording.day(last)}" if last else said}


def _invoice_notes(command: RenderDocument, wording: Wording) -> str:
    settlement = command.settlement
    as_of = settlement.as_of if settlement else command.invoice.issued_at
    name = "as-of-void" if command.void else "as-of"
    note = wording.text(name, time=wording.moment(as_of), number=command.invoice.number)
    if command.replaces:
        return f"{wording.text('replaces', number=command.replaces)} {note}"
    return note


def _qr(address: str, lead: str, text: str, wording: Wording) -> View:
    shown = address.split("://", 1)[1]
    return {
        "qr": f"qr:{address}",
        "qr_alt": wording.text("qr-code", address=address),
        "qr_text": f"{lead}\n{text}\n{shown}",
    }


def receipt(command: RenderReceipt, letterhead: Letterhead, wording: Wording, paper: str) -> View:
    """A payment's receipt, for a sheet or a roll."""
    text, customer = wording.text, command.customer
    is_half = len(command.settles) <= MOST_LINES_ON_A_HALF
    view = _sheet(letterhead, wording, customer.operator_name, paper, is_half)
    title = text("receipt-reversed" if command.reversal else "receipt")
    view |= {
        "title": title,
        "document_title": f"{title} {command.number}",
        "number": command.number,
        "received_label": text("not-received" if command.reversal else "received"),
        "received_short": text("not-received" if command.reversal else "received-short"),
        "received": wording.money(command.amount_minor),
        "reversed": _reversed(command, wording),
        "customer": _addressed(customer, wording),
        "facts": _receipt_facts(command, wording),
        "headings": _headings(_SETTLED_COLUMNS, wording),
        "settles": _settles(command, wording),
        "left_label": text("left-to-pay"),
        "left": wording.money(command.balance_minor),
        "notes": text("payment-id" if command.reversal else "keep-receipt", id=str(command.payment_id)),
        "sums": (None,),
    }
    view |= _thermal(command, letterhead, wording)
    if command.portal_url:
        view |= _qr(command.portal_url, "", "", wording) | {"qr_text": text("your-bills")}
    return view


def _receipt_facts(command: RenderReceipt, wording: Wording) -> list[Fact]:
    text = wording.text
    return [
        (text("paid-on"), wording.day(command.paid_on), True),
        (text("method"), wording.method(command.method), False),
        (text("received-by"), command.received_by, False),
        (text("recorded"), wording.moment(command.recorded_at), False),
    ]


def _headings(columns: Mapping[str, str], wording: Wording) -> dict[str, str]:
    return {column: wording.text(name) for column, name in columns.items()}


def _thermal(command: RenderReceipt, letterhead: Letterhead, wording: Wording) -> View:
    """Return what a roll shows instead of the sheet's head, facts and foot."""
    text, customer = wording.text, command.customer
    received = text("method-to", method=wording.method(command.method), name=command.received_by)
    return {
        "thermal_head": _thermal_head(letterhead, customer, wording),
        "thermal_facts": [
            (text("customer"), customer.name),
            (text("code"), customer.code),
            (text("paid-on"), wording.day(command.paid_on)),
            (text("method"), received),
        ],
        "footer_text": letterhead.footer,
        "thanks": text("thank-you"),
    }


def _addressed(customer: Addressee, wording: Wording) -> str:
    return _customer(wording, customer.name, customer.code, customer.address, customer.mobile)


def _reversed(command: RenderReceipt, wording: Wording) -> str:
    if command.reversal is None:
        return ""
    day = wording.day(wording.local_day(command.reversal.reversed_at))
    return wording.text("reversed", date=day, reason=command.reversal.reason.rstrip(". "))


def _settles(command: RenderReceipt, wording: Wording) -> list[dict[str, str]]:
    if command.reversal:
        return []
    rows = [
        {
            "month": wording.month(bill.period),
            "number": bill.number,
            "settled": wording.amount(bill.settled_minor),
            "open": wording.amount(bill.open_minor),
            "state": wording.text("open-short", amount=wording.amount(bill.open_minor))
            if bill.open_minor
            else wording.text("settled-short"),
        }
        for bill in command.settles
    ]
    if command.credit_minor:
        credit = wording.amount(command.credit_minor)
        month = wording.text("credit-next")
        rows.append({"month": month, "number": "", "settled": credit, "open": "", "state": ""})
    return rows


def _thermal_head(letterhead: Letterhead, customer: Addressee, wording: Wording) -> str:
    operator = customer.operator_name if customer.operator_name != letterhead.name else ""
    contacts = " · ".join(filter(None, (letterhead.phone, _tax_id(letterhead, wording))))
    return "\n".join(filter(None, (operator, letterhead.address, contacts)))


def statement(command: RenderStatement, letterhead: Letterhead, wording: Wording, paper: str) -> View:
    """A customer's account between two days."""
    text, customer = wording.text, command.customer
    view = _sheet(letterhead, wording, customer.operator_name, paper)
    billed = sum(entry.billed_minor for entry in command.entries)
    paid = sum(entry.paid_minor for entry in command.entries)
    view |= {
        "title": text("statement"),
        "document_title": f"{text('statement')} {customer.code}",
        "number": customer.code,
        "customer": _addressed(customer, wording),
        "facts": [
            (text("from"), wording.day(command.from_date), False),
            (text("to"), wording.day(command.to_date), False),
            (text("made"), wording.moment(command.as_of), False),
            (text("currency"), wording.currency_name, False),
        ],
        "equation": _equation(command, wording, billed, paid),
        "headings": _headings(_STATEMENT_COLUMNS, wording),
        "entries": _entries(command, wording, billed, paid),
        "notes": text("statement-note"),
        "sums": (None,),
    }
    if command.portal_url and command.open_bills:
        view |= _qr(command.portal_url, text("scan-open"), _open_bills(command, wording), wording)
    return view


def _equation(command: RenderStatement, wording: Wording, billed: int, paid: int) -> dict[str, str]:
    text = wording.text
    closing = "credit-on" if command.closing_minor < 0 else "to-pay-on"
    return {
        "opening_label": text("opening"),
        "opening": _balance(command.opening_minor, wording),
        "billed_label": text("plus-billed"),
        "billed": wording.amount(billed),
        "paid_label": text("minus-paid"),
        "paid": wording.amount(paid),
        "closing_label": text(closing, date=wording.day(command.to_date)),
        "closing": wording.money(abs(command.closing_minor)),
    }


def _balance(minor: int, wording: Wording) -> str:
    """A balance; money paid ahead is called credit, never a negative debt."""
    return wording.text("credit", amount=wording.amount(-minor)) if minor < 0 else wording.amount(minor)


def _entries(command: RenderStatement, wording: Wording, billed: int, paid: int) -> list[dict[str, str]]:
    balance = command.opening_minor
    rows = [_edge("edge", wording.short_day(command.from_date), wording.text("opening"), balance, wording)]
    for entry in command.entries:
        balance += entry.billed_minor - entry.paid_minor
        rows.append(
            {
                "kind": "",
                "date": wording.short_day(entry.on),
                "text": _entry_text(entry, wording),
                "reference": entry.reference,
                "billed": wording.amount(entry.billed_minor) if entry.billed_minor else "",
                "paid": wording.amount(entry.paid_minor) if entry.paid_minor else "",
                "balance": _balance(balance, wording),
            }
        )
    last = _edge(
        "edge closing", wording.short_day(command.to_date), wording.text("closing"), balance, wording
    )
    return [*rows, last | {"billed": wording.amount(billed), "paid": wording.amount(paid)}]


def _edge(kind: str, day: str, label: str, balance: int, wording: Wording) -> dict[str, str]:
    amount = _balance(balance, wording)
    return {
        "kind": kind,
        "date": day,
        "text": label,
        "reference": "",
        "billed": "",
        "paid": "",
        "balance": amount,
    }


def _entry_text(entry: StatementEntry, wording: Wording) -> str:
    if entry.kind == "bill":
        name = "entry-bill-reissued" if entry.reissued else "entry-bill"
        return wording.text(name, month=wording.month(entry.period) if entry.period else "")
    said = wording.text(f"entry-{entry.kind}")
    more = entry.reason or _inside_a_sentence(wording.method(entry.method or ""))
    return f"{said}, {more}" if more else said


def _inside_a_sentence(method: str) -> str:
    """A way of paying in running text; a brand keeps its capital."""
    return method.lower() if method in ("Cash", "Card", "Bank transfer", "Cheque", "Online") else method


def _open_bills(command: RenderStatement, wording: Wording) -> str:
    lines = [
        wording.text(
            "open-bill",
            number=bill.number,
            month=wording.month(bill.period),
            money=wording.money(bill.balance_minor),
            date=wording.day(bill.due_on),
        )
        for bill in command.open_bills[:MOST_OPEN_BILLS]
    ]
    more = len(command.open_bills) - len(lines)
    if more:
        lines.append(wording.text("open-bills-more", count=wording.count(more)))
    return "\n".join(lines)
