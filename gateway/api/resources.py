"""What the API answers, as JSON schemas: the other half of `bodies`. Fields are added, never taken away."""

from __future__ import annotations

from typing import Any, TypeAlias, get_args

from gateway.access import Role

Schema: TypeAlias = dict[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MINOR: Schema = {"type": "integer", "minimum": 0, "description": "in minor units"}
BASIS_POINTS: Schema = {"type": "integer", "minimum": 0, "maximum": 10_000}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
ID: Schema = {"type": "string", "format": "uuid"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
PERIOD: Schema = {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
ANY_OBJECT: Schema = {"type": "object"}


def one_of(*words: str) -> Schema:
    """One word out of a few."""
    return {"type": "string", "enum": list(words)}


def or_null(schema: Schema) -> Schema:
    """The same, or nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


def shape(**fields: Schema) -> Schema:
    """An object that always carries these fields."""
    return {"type": "object", "required": list(fields), "properties": fields}


def ref(name: str) -> Schema:
    """A schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(schema: Schema, **more: Schema) -> Schema:
    """A page of a list."""
    return shape(items={"type": "array", "items": schema}, next_cursor=or_null(TEXT), **more)


IDS: Schema = {"type": "array", "items": ID}
WORDS: Schema = {"type": "string", "minLength": 3, "maxLength": 100}
STATUS = one_of("unpaid", "partial", "paid", "void")
_NAMED = shape(id=ID, name=TEXT)
_CUSTOMER = shape(id=ID, code=TEXT, name=TEXT, mobile=or_null(TEXT))
_LINE = shape(
    description=TEXT,
    quantity=COUNT,
    unit_minor=MINOR,
    net_minor=MINOR,
    vat_basis_points=BASIS_POINTS,
    vat_minor=MINOR,
    total_minor=MINOR,
)
_LINK = shape(
    url=TEXT,
    state=one_of("active", "paid", "revoked", "expired"),
    expires_at=MOMENT,
    opened_at=or_null(MOMENT),
)
_BILL = {
    "id": ID,
    "number": TEXT,
    "status": STATUS,
    "overdue": FLAG,
    "period": PERIOD,
    "issued_on": DAY,
    "due_on": DAY,
    "currency": CURRENCY,
    "net_minor": MINOR,
    "vat_basis_points": BASIS_POINTS,
    "vat_minor": MINOR,
    "total_minor": MINOR,
    "paid_minor": MINOR,
    "balance_minor": MINOR,
    "operator": _NAMED,
    "package": _NAMED,
    "customer": _CUSTOMER,
    "link": or_null(_LINK),
    "message": or_null(shape(state=TEXT, at=MOMENT, code=or_null(TEXT), detail=or_null(TEXT))),
    "reissue_of": or_null(ID),
    "reissued_as": or_null(ID),
    "version": COUNT,
}
_TOTALS = shape(
    count=COUNT,
    total_minor=MINOR,
    paid_minor=MINOR,
    balance_minor=MINOR,
    currency=CURRENCY,
    exact=FLAG,
    by_status=shape(unpaid=COUNT, partial=COUNT, paid=COUNT, void=COUNT, overdue=COUNT),
)
_USER = {"id": ID, "email": TEXT, "name": TEXT, "role": one_of(*get_args(Role)), "operator_id": ID}
_TOKEN = {
    "id": ID,
    "user_id": ID,
    "email": TEXT,
    "name": TEXT,
    "created_at": MOMENT,
    "expires_at": or_null(MOMENT),
    "revoked_at": or_null(MOMENT),
}
_OUTCOME = one_of("created", "already_billed", "skipped", "failed")
_SIGNED = shape(reason=TEXT, at=MOMENT, by=TEXT)

RESOURCES: dict[str, Schema] = {
    "Session": shape(user=shape(**_USER), csrf_token=TEXT),
    "Me": shape(user=shape(**_USER), csrf_token=or_null(TEXT), **_USER),
    "Bill": shape(
        **_BILL,
        lines={"type": "array", "items": _LINE},
        void=or_null(_SIGNED),
    ),
    "BillList": list_of(shape(**_BILL), totals=_TOTALS, as_of=MOMENT),
    "PaymentShown": shape(
        id=ID,
        bill_id=or_null(ID),
        customer_id=ID,
        customer=or_null(_CUSTOMER),
        amount_minor=MINOR,
        allocated_minor=MINOR,
        credit_minor=MINOR,
        currency=CURRENCY,
        method=TEXT,
        paid_on=DAY,
        recorded_at=MOMENT,
        recorded_by=TEXT,
        recorded_by_name=TEXT,
        source=TEXT,
        external_id=or_null(TEXT),
        reference=or_null(TEXT),
        note=or_null(TEXT),
        reversed=FLAG,
        reversal=or_null(_SIGNED),
    ),
    "HeldPayment": shape(
        id=ID,
        source=TEXT,
        payment_id=TEXT,
        amount_minor=MINOR,
        currency=CURRENCY,
        reason=TEXT,
        received_at=MOMENT,
        state=one_of("held", "placed", "rejected"),
        our_payment_id=or_null(ID),
    ),
    "RefundShown": shape(
        id=ID,
        customer_id=ID,
        amount_minor=MINOR,
        currency=CURRENCY,
        reason=TEXT,
        refunded_by=TEXT,
        refunded_at=MOMENT,
        credit_minor=MINOR,
    ),
    "OperatorShown": shape(id=ID, code=TEXT, name=TEXT, parent_id=or_null(ID), version=COUNT),
    "PackageShown": shape(
        id=ID,
        operator_id=or_null(ID),
        name=TEXT,
        price_minor=MINOR,
        currency=CURRENCY,
        vat_basis_points=BASIS_POINTS,
        version=COUNT,
    ),
    "CustomerShown": shape(
        id=ID,
        code=TEXT,
        name=TEXT,
        mobile=or_null(TEXT),
        address=TEXT,
        operator_id=ID,
        operator=_NAMED,
        package_id=ID,
        package=_NAMED,
        status=one_of("active", "suspended", "closed"),
        billing_cycle=one_of("monthly", "daily", "none"),
        since=DAY,
        credit_minor=MINOR,
        portal_url=TEXT,
        version=COUNT,
    ),
    "Billing": shape(outcome=or_null(TEXT), reason=or_null(TEXT), bill_id=or_null(ID)),
    "PartnerShown": shape(id=ID, name=TEXT, operator_id=ID, active=FLAG),
    "RunShown": shape(
        id=ID,
        state=one_of("pending", "running", "completed"),
        period=PERIOD,
        operator_id=or_null(ID),
        dry_run=FLAG,
        expected=COUNT,
        created=COUNT,
        already_billed=COUNT,
        skipped={"type": "object", "additionalProperties": COUNT},
        failed=COUNT,
        total_minor=MINOR,
    ),
    "RunCustomer": shape(
        customer_id=ID, code=TEXT, outcome=_OUTCOME, reason=or_null(TEXT), bill_id=or_null(ID)
    ),
    "BulkActionShown": shape(
        id=ID,
        action=TEXT,
        state=one_of("queued", "running", "cancelling", "cancelled", "completed"),
        total=COUNT,
        pending=COUNT,
        succeeded=COUNT,
        failed=COUNT,
        skipped=COUNT,
        run_id=or_null(ID),
        parameters=ANY_OBJECT,
        created_at=MOMENT,
    ),
    "BulkItem": shape(
        bill_id=or_null(ID),
        customer_id=or_null(ID),
        state=one_of("pending", "succeeded", "failed", "skipped"),
        outcome=or_null(TEXT),
        problem=or_null(ANY_OBJECT),
    ),
    "UserShown": shape(**_USER, active=FLAG),
    "TokenShown": shape(**_TOKEN),
    "NewToken": shape(**_TOKEN, token=TEXT),
    "Settings": shape(
        time_zone=TEXT,
        currency=CURRENCY,
        due_days=COUNT,
        billing_from=or_null(PERIOD),
        link_valid_hours=COUNT,
        default_vat_basis_points=BASIS_POINTS,
    ),
    "IspProfileShown": shape(
        operator_id=ID,
        name=TEXT,
        address=TEXT,
        phone=TEXT,
        email=TEXT,
        tax_id=TEXT,
        colour=TEXT,
        footer=TEXT,
        language=one_of("en", "bn"),
        paper=one_of("A4", "Letter", "A5", "A5x2"),
        e_invoice=one_of("none", "factur-x"),
        logo=or_null(
            shape(
                url=TEXT,
                media_type=TEXT,
                size_bytes=COUNT,
                width=COUNT,
                height=COUNT,
                transparent=FLAG,
                note=TEXT,
                file_name=TEXT,
            )
        ),
        inherited={"type": "object", "additionalProperties": or_null(_NAMED)},
        valid_from=or_null(MOMENT),
        changed_by=or_null(TEXT),
        version=COUNT,
    ),
    "Statement": shape(
        customer_id=ID,
        currency=TEXT,
        **{"from": DAY, "to": DAY},
        opening_minor={"type": "integer"},
        entries={"type": "array", "items": ANY_OBJECT},
        closing_minor={"type": "integer"},
    ),
    "Operation": shape(
        id=ID,
        state=one_of("pending", "completed", "refused"),
        resource=or_null(ANY_OBJECT),
        problem=or_null(ref("Problem")),
    ),
    "Problem": {
        **shape(type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT),
        "description": "RFC 9457; `type` ends in a stable slug",
    },
}
RESOURCES["Problem"]["properties"]["errors"] = {"type": "array", "items": shape(field=TEXT, detail=TEXT)}
