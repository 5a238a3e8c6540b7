"""Adding and changing customers, billing one for a month, and paying credit back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response

from gateway.commands import customers as customer_commands
from gateway.commands import payments as payment_commands
from gateway.domain import PERIOD
from gateway.pages import choices
from gateway.pages.web import forms, labels
from gateway.pages.web.forms import Form, Sent, Sheet
from gateway.pages.web.translations import gettext as _
from gateway.pages.web.typed import Typed
from gateway.pages.web.visit import Visit
from gateway.queries import customers as customer_queries
from gateway.schemas import customers as customer_schemas
from gateway.schemas import refunds as refund_schemas

FIELDS = (
    "name", "code", "mobile", "alternate_mobile", "address", "operator_id", "package_id", "billing_cycle",
    "status", "since",
)  # fmt: skip
PAGE = "/customers/{customer_id}"


async def _customer(visit: Visit, customer_id: UUID) -> Mapping[str, Any]:
    async with visit.reading() as tx:
        return await customer_queries.customer(tx, customer_id, visit.gateway.portals)


async def _offered(visit: Visit) -> dict[str, Any]:
    """Return what the selects of a customer offer."""
    async with visit.reading() as tx:
        operators = await choices.operators(tx, visit)
        packages = await choices.packages(tx, visit)
    return {
        "operators": [("", _("Choose an operator")), *operators],
        "packages": [("", _("Choose a package")), *packages],
        "statuses": [*labels.customer_statuses().items()],
        "cycles": [*labels.billing_cycles().items()],
    }


async def _new_customer(visit: Visit) -> Sheet:
    begun = {"since": visit.desk.today.isoformat(), "status": "active", "billing_cycle": "monthly"}
    return Sheet(
        heading=_("Add customer"),
        label=_("Add customer"),
        back="/customers",
        values=dict.fromkeys(FIELDS, "") | begun,
        context=await _offered(visit),
    )


def _body(typed: Typed) -> dict[str, Any]:
    typed.required_identity("operator_id")
    typed.required_identity("package_id")
    numbers = typed.mobiles("mobile", "alternate_mobile")
    return {**forms.as_typed(typed), **numbers, "since": typed.day("since")}


async def _added(visit: Visit, sent: Sent) -> Response[Any]:
    # A new customer's id is its operation's.
    return forms.done(visit, sent, f"/customers/{sent.result.operation_id}", "created")


ADD = Form(
    "/customers",
    shown_at="/customers/new",
    permission="change-customers",
    template="customers/form.html",
    sheet=_new_customer,
    fields=FIELDS,
    schema=customer_schemas.Customer,
    body=_body,
    command=customer_commands.create_customer,
    done=_added,
)


async def _known_customer(visit: Visit, customer_id: UUID) -> Sheet:
    customer = await _customer(visit, customer_id)
    return Sheet(
        heading=_("Edit customer"),
        label=_("Save"),
        back=f"/customers/{customer_id}",
        values={name: customer[name] or "" for name in FIELDS},
        context=await _offered(visit),
    )


def _change(typed: Typed) -> dict[str, Any]:
    """Return the body of a change; only numbers can be taken away."""
    clearable = customer_schemas.CustomerChange.CLEARABLE
    return {name: value for name, value in _body(typed).items() if value is not None or name in clearable}


CHANGE = Form(
    "/customers/{customer_id:str}/change",
    permission="change-customers",
    template="customers/form.html",
    sheet=_known_customer,
    fields=FIELDS,
    schema=customer_schemas.CustomerChange,
    body=_change,
    command=customer_commands.change_customer,
    done=forms.to(PAGE, "saved"),
)


def _wanted_status(visit: Visit) -> str:
    wanted = visit.request.query_params.get("to", "")
    return wanted if wanted in ("active", "suspended", "closed") else "active"


async def _other_status(visit: Visit, customer_id: UUID) -> Sheet:
    """Say what follows from suspending, closing or reactivating."""
    customer, status = await _customer(visit, customer_id), _wanted_status(visit)
    known = {
        "active": (
            _("Reactivate"),
            _("%(name)s is billed again from the next run. For this month, use “Bill for a month”."),
        ),
        "suspended": (
            _("Suspend"),
            _("Runs do not bill %(name)s until they are reactivated. What is owed stays owed."),
        ),
        "closed": (
            _("Close"),
            _("Runs no longer bill %(name)s. What is owed stays owed, and credit can be refunded."),
        ),
    }
    label, about = known[status]
    return Sheet(
        heading=label,
        label=label,
        back=f"/customers/{customer_id}",
        tone="danger" if status == "closed" else "primary",
        context={"about": about % {"name": customer["name"]}},
    )


STATUS = Form(
    "/customers/{customer_id:str}/status",
    permission="change-customers",
    template="forms/confirm-form.html",
    sheet=_other_status,
    schema=customer_schemas.CustomerChange,
    body=lambda typed: {"status": _wanted_status(typed.visit)},
    command=customer_commands.change_customer,
    done=forms.to(PAGE, "saved"),
)


async def _month(visit: Visit, customer_id: UUID) -> Sheet:
    """Ask for which month."""
    customer, period = await _customer(visit, customer_id), visit.request.query_params.get("period", "")
    async with visit.reading() as tx:
        months = await choices.months(tx, visit)
    return Sheet(
        heading=_("Bill for a month"),
        label=_("Bill customer"),
        back=f"/customers/{customer_id}",
        values={"period": period if PERIOD.fullmatch(period) else visit.desk.today.strftime("%Y-%m")},
        context={"customer": customer, "months": months},
    )


async def _billed(visit: Visit, sent: Sent) -> Response[Any]:
    """Say whether a bill was made; the customer's page says why not."""
    was_made = sent.body is None or sent.body["outcome"] == "created"
    return forms.done(
        visit, sent, f"/customers/{sent.subject_ids[0]}", "billed" if was_made else "not-billed"
    )


BILL = Form(
    "/customers/{customer_id:str}/bill",
    permission="bill",
    template="customers/bill-form.html",
    sheet=_month,
    fields=("period",),
    schema=customer_schemas.BillCustomer,
    command=customer_commands.bill_customer,
    done=_billed,
)


async def _how_much(visit: Visit, customer_id: UUID) -> Sheet:
    """Ask how much credit goes back, and why."""
    customer = await _customer(visit, customer_id)
    return Sheet(
        heading=_("Refund credit"),
        label=_("Record refund"),
        back=f"/customers/{customer_id}",
        values={"amount": visit.formats.plain_amount(customer["credit_minor"]), "reason": ""},
        context={"customer": customer},
    )


REFUND = Form(
    "/customers/{customer_id:str}/refund",
    permission="refund",
    template="customers/refund-form.html",
    sheet=_how_much,
    fields=("amount", "reason"),
    schema=refund_schemas.Refund,
    body=lambda typed: {"amount_minor": typed.amount("amount"), "reason": typed.reason()},
    named={"amount_minor": "amount"},
    command=payment_commands.refund_credit,
    done=forms.to(PAGE, "refunded"),
)


async def _other_address(visit: Visit, customer_id: UUID) -> Sheet:
    """Say what follows from a new portal address."""
    customer = await _customer(visit, customer_id)
    about = _("The current address of %(name)s stops working at once. Send them the new one.")
    return Sheet(
        heading=_("New portal address"),
        label=_("Create new address"),
        back=f"/customers/{customer_id}",
        tone="danger",
        context={"about": about % {"name": customer["name"]}},
    )


RENEW = Form(
    "/customers/{customer_id:str}/portal-url",
    permission="change-customers",
    template="forms/confirm-form.html",
    sheet=_other_address,
    command=customer_commands.renew_portal_address,
    is_keyed=False,
    done=forms.to(PAGE, "portal"),
)


async def _to_erase(visit: Visit, customer_id: UUID) -> Sheet:
    """Say what follows from erasing a customer, and ask for their code."""
    return Sheet(
        heading=_("Erase customer"),
        label=_("Erase for good"),
        back=f"/customers/{customer_id}",
        values={"code": ""},
        tone="danger",
        context={"customer": await _customer(visit, customer_id)},
        texts={"code": _("This is not the code of the customer.")},
    )


ERASE = Form(
    "/customers/{customer_id:str}/erase",
    permission="erase-customers",
    template="customers/erase-form.html",
    sheet=_to_erase,
    fields=("code",),
    schema=customer_schemas.EraseCustomer,
    command=customer_commands.erase_customer,
    done=forms.to(PAGE, "erased"),
)

ROUTES = [handler for form in (ADD, CHANGE, STATUS, BILL, REFUND, RENEW, ERASE) for handler in form.routes]
