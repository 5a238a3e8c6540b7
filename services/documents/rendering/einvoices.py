"""The invoice as a program reads it: EN 16931 in the syntax of Factur-X, made and checked by its library.

Source: https://fnfe-mpe.org/factur-x/ (profile EN 16931). What must be known of an address and is not (its
country) is taken from the time zone that the installation bills in.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from babel.core import get_global
from babel.numbers import get_currency_precision
from facturx.generate_xml import generate_xml

from services.documents.domain import Letterhead
from services.documents.rendering.printable import printable
from shared.contracts.documents import RenderDocument
from shared.contracts.invoicing import InvoiceIssued, InvoiceLine

Money: TypeAlias = Callable[[int], str]

FILE_NAME = "factur-x.xml"
_COMMERCIAL_INVOICE = "380"
_ONE_SERVICE = "C62"  # a piece, UN/ECE recommendation 20
_UNKNOWN_COUNTRY = "ZZ"
MOST_LINES = 3  # of an address


def xml_of(command: RenderDocument, letterhead: Letterhead, time_zone: str) -> bytes:
    """Return the XML of an invoice; raises what the library finds wrong with it."""
    bill = command.invoice
    money = partial(_money, get_currency_precision(bill.currency))
    country = get_global("zone_territories").get(time_zone, _UNKNOWN_COUNTRY)
    terms = _terms(bill) | _totals(command, money)
    terms |= {
        "BG-4": _party(letterhead.name, letterhead.address, country) | _tax_id(letterhead),
        "BG-7": _party(bill.customer_name, command.customer_address, country),
        "BG-23": [_taxes(rate, lines, money) for rate, lines in _by_rate(bill.lines).items()],
        "BG-25": [_line(number, line, money) for number, line in enumerate(bill.lines, 1)],
    }
    xml: bytes = generate_xml(terms, level="en16931", check_schematron="")
    return xml


def _money(digits: int, minor: int) -> str:
    whole, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"


def _terms(bill: InvoiceIssued) -> dict[str, Any]:
    first, last = _days_of(bill.period)
    return {
        "BT-1": printable(bill.number),
        "BT-2": bill.issued_on,
        "BT-3": _COMMERCIAL_INVOICE,
        "BT-5": bill.currency,
        "BT-9": bill.due_on,
        "BT-72": last,
        "BT-73": first,
        "BT-74": last,
    }


def _totals(command: RenderDocument, money: Money) -> dict[str, str]:
    bill = command.invoice
    paid = command.settlement.paid_minor if command.settlement else 0
    return {
        "BT-106": money(bill.net_minor),
        "BT-109": money(bill.net_minor),
        "BT-110": money(bill.vat_minor),
        "BT-112": money(bill.total_minor),
        "BT-113": money(paid),
        "BT-115": money(bill.total_minor - paid),
    }


def _days_of(period: str) -> tuple[date, date]:
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _party(name: str, address: str, country: str) -> dict[str, Any]:
    lines = [" ".join(line.split()) for line in printable(address).splitlines() if line.strip()]
    lines[MOST_LINES - 1 :] = [", ".join(lines[MOST_LINES - 1 :])] if len(lines) >= MOST_LINES else []
    places = {f"addr_l{number}": line for number, line in enumerate(lines, 1)}
    return {"name": printable(name), "country_code": country, **places}


def _tax_id(letterhead: Letterhead) -> dict[str, str]:
    return {"tax_identifier": printable(letterhead.tax_id)} if letterhead.tax_id else {}


def _by_rate(lines: tuple[InvoiceLine, ...]) -> dict[int, list[InvoiceLine]]:
    by_rate: dict[int, list[InvoiceLine]] = defaultdict(list)
    for line in lines:
        by_rate[line.vat_basis_points].append(line)
    return by_rate


def _category(basis_points: int) -> str:
    """Standard rate, or zero-rated."""
    return "S" if basis_points else "Z"


def _percent(basis_points: int) -> str:
    return f"{basis_points // 100}.{basis_points % 100:02d}"


def _taxes(rate: int, lines: list[InvoiceLine], money: Money) -> dict[str, str]:
    return {
        "BT-116": money(sum(line.net_minor for line in lines)),
        "BT-117": money(sum(line.vat_minor for line in lines)),
        "BT-118": _category(rate),
        "BT-119": _percent(rate),
    }


def _line(number: int, line: InvoiceLine, money: Money) -> dict[str, str]:
    return {
        "BT-126": str(number),
        "BT-129": str(line.quantity),
        "BT-130": _ONE_SERVICE,
        "BT-131": money(line.net_minor),
        "BT-146": money(line.unit_minor),
        "BT-151": _category(line.vat_basis_points),
        "BT-152": _percent(line.vat_basis_points),
        "BT-153": printable(line.description),
    }
