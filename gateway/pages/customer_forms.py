"""Creating and changing customers, billing one for a month, and paying credit back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post

from gateway.commands import customers as customer_commands
from gateway.commands import payments as payment_commands
from gateway.http.requests import PathId, path_id
from gateway.operations.submit import Outcome
from gateway.pages.bill_address import PERIOD, in_tree_order, shifted
from gateway.pages.web import forms, labels
from gateway.pages.web.submission import Form
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import Problem
from gateway.queries import billing_settings as settings_queries
from gateway.queries import customers as customer_queries
from gateway.schemas import customers as customer_schemas
from gateway.schemas import refunds as refund_schemas
from gateway.store import operators as operator_store
from gateway.store import packages as package_store
from shared.values.amounts import read_amount
from shared.values.days import read_day
from shared.values.mobiles import read_mobile
from shared.values.unreadable import Unreadable

FIELDS = (
    "code", "name", "mobile", "address", "operator_id", "package_id", "status", "billing_cycle", "since",
)  # fmt: skip
MONTHS_OFFERED = 12


@get("/customers/new")
async def show_new(visit: ThisVisit) -> Response[Any]:
    """An empty form."""
    visit.principal.must("change-customers")
    values = dict.fromkeys(FIELDS, "") | {"since": visit.desk.today.isoformat(), "status": "active"}
    return await _form(visit, values | {"billing_cycle": "monthly"})


@get("/customers/{customer_id:str}/change")
async def show_change(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """The form with what is known."""
    visit.principal.must("change-customers")
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, path_id(customer_id), visit.gateway.portals)
    return await _form(visit, {name: customer[name] or "" for name in FIELDS}, customer_id)


async def _form(
    visit: Visit,
    values: dict[str, Any],
    customer_id: str = "",
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    async with visit.reading() as tx:
        operators = in_tree_order(await operator_store.in_reach(tx, visit.principal))
        packages = await package_store.on_sale(tx, visit.principal)
    money = visit.formats.amount
    return forms.ask(
        visit,
        "customers/form.html",
        _("Change the customer") if customer_id else _("New customer"),
        f"/customers/{customer_id}" if customer_id else "/customers",
        values,
        errors,
        problem,
        action=f"/customers/{customer_id}/change" if customer_id else "/customers",
        operators=[("", _("Choose an operator"))]
        + [(o["id"], "– " * (o["level"] - 1) + o["name"]) for o in operators],
        packages=[("", _("Choose a package"))]
        + [(p["id"], f"{p['name']}, {money(p['price_minor'])}") for p in packages],
        statuses=[("active", _("Active")), ("suspended", _("Suspended")), ("closed", _("Closed"))],
        cycles=[("monthly", _("Monthly")), ("daily", _("Daily")), ("none", _("No billing"))],
        is_new=not customer_id,
    )


def _typed(form: Form) -> dict[str, str]:
    return {name: form.one(name) for name in (*FIELDS, "idempotency_key")}


def _read(visit: Visit, values: dict[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """What is wrong with which field, and the body that the command takes."""
    texts = {"operator_id": _("Choose an operator."), "package_id": _("Choose a package.")}
    errors = {name: text for name, text in texts.items() if forms.identity(values[name]) is None}
    body: dict[str, Any] = {name: values[name] for name in FIELDS} | {"mobile": None, "since": None}
    try:
        mobile = read_mobile(values["mobile"], visit.formats.country)
        body["mobile"] = mobile.number if mobile else None
    except Unreadable as error:
        errors["mobile"] = labels.unreadable_text(error)
    try:
        if values["since"]:
            body["since"] = read_day(values["since"], "day_first", visit.formats.zone).isoformat()
    except Unreadable as error:
        errors["since"] = labels.unreadable_text(error)
    return errors, body


@post("/customers", status_code=200)
async def create(visit: ThisVisit) -> Response[Any]:
    """Add a customer; the form again with what is wrong."""
    visit.principal.must("change-customers")
    form = await visit.form()
    values = _typed(form)
    errors, body = _read(visit, values)
    if errors:
        return await _form(visit, values, errors=errors)
    create_customer = customer_commands.create_customer
    try:
        outcome = await forms.submit(visit, form, customer_schemas.Customer, body, create_customer)
        return forms.done(visit, outcome, f"/customers/{outcome.operation_id}", "created")
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS)
        return await _form(visit, forms.afresh(values), "", errors, text)


@post("/customers/{customer_id:str}/change", status_code=200)
async def change(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Change what differs; the form again with what is wrong."""
    visit.principal.must("change-customers")
    customer, form = path_id(customer_id), await visit.form()
    values = _typed(form)
    errors, body = _read(visit, values)
    if errors:
        return await _form(visit, values, customer_id, errors)
    body = {name: value for name, value in body.items() if value is not None or name == "mobile"}
    try:
        outcome = await _changed(visit, form, customer, body)
        return forms.done(visit, outcome, f"/customers/{customer}", "saved")
    except Problem as problem:
        errors, text = forms.refusal(problem, FIELDS)
        return await _form(visit, forms.afresh(values), str(customer), errors, text)


async def _changed(visit: Visit, form: Form, customer_id: UUID, body: dict[str, Any]) -> Outcome:
    change_customer = customer_commands.change_customer
    return await forms.submit(
        visit, form, customer_schemas.CustomerChange, body, change_customer, customer_id
    )


@get("/customers/{customer_id:str}/status")
async def show_status(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """What follows from suspending, closing or taking up again."""
    visit.principal.must("change-customers")
    status = visit.request.query_params.get("to", "")
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, path_id(customer_id), visit.gateway.portals)
    return _status_form(visit, customer, status if status in ("active", "suspended", "closed") else "active")


def _status_form(visit: Visit, customer: dict[str, Any], status: str, problem: str = "") -> Response[Any]:
    texts = {
        "active": (
            _("Take up again"),
            _("%(name)s is billed again from the next run on. Use “Bill this month” for the current month."),
        ),
        "suspended": (
            _("Suspend"),
            _("Runs bill %(name)s no more until taken up again. What is owed stays owed."),
        ),
        "closed": (
            _("Close"),
            _("Runs bill %(name)s no more. What is owed stays owed, and credit can be paid back."),
        ),
    }
    label, about = texts[status]
    return forms.ask(
        visit,
        "forms/confirm-form.html",
        label,
        f"/customers/{customer['id']}",
        {},
        None,
        problem,
        action=f"/customers/{customer['id']}/status",
        label=label,
        about=about % {"name": customer["name"]},
        tone="danger" if status == "closed" else "primary",
        hidden_fields={"status": status},
    )


@post("/customers/{customer_id:str}/status", status_code=200)
async def change_status(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Suspend, close or take up again."""
    visit.principal.must("change-customers")
    customer, form = path_id(customer_id), await visit.form()
    try:
        outcome = await _changed(visit, form, customer, {"status": form.one("status")})
        return forms.done(visit, outcome, f"/customers/{customer_id}", "saved")
    except Problem as problem:
        _errors, text = forms.refusal(problem, ())
        async with visit.reading() as tx:
            shown = await customer_queries.customer(tx, customer, visit.gateway.portals)
        return _status_form(visit, shown, "active" if form.one("status") == "active" else "suspended", text)


@get("/customers/{customer_id:str}/bill")
async def show_bill(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Which month to bill."""
    visit.principal.must("bill")
    period = visit.request.query_params.get("period", "")
    chosen = period if PERIOD.fullmatch(period) else visit.desk.today.strftime("%Y-%m")
    return await _bill_form(visit, path_id(customer_id), {"period": chosen})


async def _bill_form(
    visit: Visit,
    customer_id: UUID,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    async with visit.reading() as tx:
        customer = await customer_queries.customer(tx, customer_id, visit.gateway.portals)
        current = visit.desk.today.strftime("%Y-%m")
        first = (await settings_queries.billing_settings(tx))["billing_from"] or current
    months = [
        month for month in (shifted(current, -back) for back in range(MONTHS_OFFERED)) if month >= first
    ]
    return forms.ask(
        visit,
        "customers/bill-form.html",
        _("Bill this customer"),
        f"/customers/{customer_id}",
        values,
        errors,
        problem,
        customer=customer,
        months=[(month, visit.formats.month(month)) for month in months or [current]],
    )


@post("/customers/{customer_id:str}/bill", status_code=200)
async def bill(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Bill one customer for a month; says why not when there is nothing to bill."""
    visit.principal.must("bill")
    customer, form = path_id(customer_id), await visit.form()
    period = form.one("period")
    bill_customer, body = customer_commands.bill_customer, {"period": period}
    try:
        outcome = await forms.submit(
            visit, form, customer_schemas.BillCustomer, body, bill_customer, customer
        )
        made = outcome.body is None or outcome.body["outcome"] == "created"
        return forms.done(visit, outcome, f"/customers/{customer_id}", "billed" if made else "not-billed")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("period",))
        return await _bill_form(visit, customer, {"period": period}, errors, text)


@get("/customers/{customer_id:str}/refund")
async def show_refund(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """How much credit goes back, and why."""
    visit.principal.must("refund")
    customer = path_id(customer_id)
    async with visit.reading() as tx:
        found = await customer_queries.customer(tx, customer, visit.gateway.portals)
    values = {"amount": visit.formats.plain_amount(found["credit_minor"]), "reason": ""}
    return _refund_form(visit, found, values)


def _refund_form(
    visit: Visit,
    customer: dict[str, Any],
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> Response[Any]:
    back = f"/customers/{customer['id']}"
    heading = _("Pay credit back")
    return forms.ask(
        visit, "customers/refund-form.html", heading, back, values, errors, problem, customer=customer
    )


@post("/customers/{customer_id:str}/refund", status_code=200)
async def refund(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """Pay credit back; never more than there is."""
    visit.principal.must("refund")
    customer, form = path_id(customer_id), await visit.form()
    values = {name: form.one(name) for name in ("amount", "reason", "idempotency_key")}
    async with visit.reading() as tx:
        found = await customer_queries.customer(tx, customer, visit.gateway.portals)
    errors: dict[str, str] = {}
    try:
        amount = read_amount(values["amount"], visit.formats.currency, visit.formats.digits)
    except Unreadable as error:
        amount, errors["amount"] = 0, labels.unreadable_text(error)
    if not values["reason"]:
        errors["reason"] = _("Say why, for whoever looks at this later.")
    if errors:
        return _refund_form(visit, found, values, errors)
    refund_credit = payment_commands.refund_credit
    body = {"amount_minor": amount, "reason": values["reason"]}
    try:
        outcome = await forms.submit(visit, form, refund_schemas.Refund, body, refund_credit, customer)
        return forms.done(visit, outcome, f"/customers/{customer_id}", "refunded")
    except Problem as problem:
        errors, text = forms.refusal(problem, ("amount", "reason"), {"amount_minor": "amount"})
        return _refund_form(visit, found, forms.afresh(values), errors, text)


@get("/customers/{customer_id:str}/portal-url")
async def show_renew(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """What follows from a new portal address."""
    visit.principal.must("change-customers")
    async with visit.reading() as tx:
        found = await customer_queries.customer(tx, path_id(customer_id), visit.gateway.portals)
    return forms.ask(
        visit,
        "forms/confirm-form.html",
        _("New portal address"),
        f"/customers/{customer_id}",
        {},
        action=f"/customers/{customer_id}/portal-url",
        label=_("Make a new address"),
        about=_("The address that %(name)s has stops working at once. Send them the new one.")
        % {"name": found["name"]},
        tone="danger",
        hidden_fields={},
    )


@post("/customers/{customer_id:str}/portal-url", status_code=200)
async def renew(visit: ThisVisit, customer_id: PathId) -> Response[Any]:
    """The address before opens nothing from now on."""
    visit.principal.must("change-customers")
    await visit.form()
    renewed = customer_commands.renew_portal_address
    await renewed(visit.gateway, visit.principal, path_id(customer_id))
    return forms.go(visit, forms.with_note(f"/customers/{customer_id}", "portal"))


ROUTES = [
    show_new, show_change, create, change, show_status, change_status, show_bill, bill, show_refund, refund,
    show_renew, renew,
]  # fmt: skip
