"""A customer's account between two days, on a page and as CSV; the PDF shows the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from litestar import Response, get

from gateway.http import sheets
from gateway.http.requests import PathId, path_id
from gateway.http.sheets import Column, Sheet
from gateway.pages.exports import writing
from gateway.pages.given import typed_day
from gateway.pages.web import labels
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.queries import account_statements as account_statement_queries
from gateway.queries.account_statements import Statement
from gateway.schemas.documents import StatementQuery
from gateway.schemas.fields import read_query

PATH = "/customers/{customer_id:str}/statement"


def kinds() -> dict[str, str]:
    """What moves an account, in the reader's words."""
    return {
        "opening": _("Opening balance"),
        "bill": _("Bill"),
        "void": _("Bill void"),
        "payment": _("Payment"),
        "reversal": _("Reversal"),
        "refund": _("Refund"),
        "closing": _("Closing balance"),
    }


def statement_days(visit: Visit) -> StatementQuery:
    """Return the days that were typed, in the installation's order; 422 for what is none."""
    given = {name: str(visit.request.query_params.get(name, "")) for name in ("from", "to")}
    days = {name: typed_day(text) for name, text in given.items()}
    return read_query(
        StatementQuery,
        {name: [str(days[name] or text)] for name, text in given.items() if text},
    )


async def _asked(visit: Visit, customer_id: str) -> Statement:
    query = statement_days(visit)
    async with visit.reading() as tx:
        return await account_statement_queries.statement(tx, path_id(customer_id), query.from_, query.to)


@get(PATH)
async def show_statement(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """The account: what was owed before, each movement with the balance after it, what is owed then."""
    found = await _asked(visit, customer_id)
    said = account_statement_queries.shown(found)
    return visit.page(
        "account_statements/page.html",
        customer=found.customer,
        statement=said,
        kinds=kinds(),
        billed_minor=sum(entry["billed_minor"] for entry in said["entries"]),
        paid_minor=sum(entry["paid_minor"] for entry in said["entries"]),
        days=f"from={said['from']}&to={said['to']}",
    )


@get(f"{PATH}.csv")
async def export_statement(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """The same account as CSV."""
    found = await _asked(visit, customer_id)
    name = f"statement-{found.customer['code']}"
    return sheets.as_csv(Sheet(name, _("Statement"), _columns(), _rows(found), writing(visit)))


def _columns() -> list[Column]:
    return [
        Column("on", _("Date"), "day", 12),
        Column("entry", _("Entry"), width=20),
        Column("period", _("Period"), width=10),
        Column("reference", _("Reference"), width=20),
        Column("method", _("Method"), width=14),
        Column("reason", _("Reason"), width=30),
        Column("billed_minor", _("Billed"), "amount", 14),
        Column("paid_minor", _("Paid"), "amount", 14),
        Column("balance_minor", _("Balance"), "amount", 14),
        Column("currency", _("Currency"), width=10),
    ]


async def _rows(found: Statement) -> AsyncIterator[Mapping[str, Any]]:
    names, balance_minor = kinds(), found.opening_minor
    blank = dict.fromkeys(("period", "reference", "method", "reason", "billed_minor", "paid_minor"))
    edge = {**blank, "currency": found.currency}
    yield {**edge, "on": found.from_date, "entry": names["opening"], "balance_minor": balance_minor}
    for row in found.entries:
        balance_minor += row["billed_minor"] - row["paid_minor"]
        yield {
            **{name: row[name] for name in blank},
            "on": row["on_day"],
            "entry": names[row["kind"]],
            "method": labels.method_name(row["method"]) if row["method"] else None,
            "balance_minor": balance_minor,
            "currency": found.currency,
        }
    yield {**edge, "on": found.to_date, "entry": names["closing"], "balance_minor": balance_minor}


ROUTES = [show_statement, export_statement]
