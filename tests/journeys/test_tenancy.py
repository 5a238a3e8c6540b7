"""A reseller and the bills next door: on every route they do not exist."""

from __future__ import annotations

import uuid

from tests.journeys.stack import Body, Office, Stack, payment, signed_in, value

PASSWORD = "a long password"


async def test_a_resellers_neighbours_do_not_exist_for_them(
    stack: Stack, office: Office, period: str
) -> None:
    await office.run(period)
    operators = {each["code"]: each for each in await office.all("/operators")}
    theirs = (await office.get("/bills", period=period, operator_id=operators["OP2"]["id"], limit=1))[
        "items"
    ][0]
    paid = await office.done(await office.pay(theirs, 1_000))
    email = f"{uuid.uuid4().hex}@ispbills.test"
    user = {"email": email, "name": "Reseller", "password": PASSWORD, "role": "operator"}
    await office.post("/users", {**user, "operator_id": operators["OP1"]["id"]})
    async with signed_in(stack, email, PASSWORD) as reseller:
        assert {each["operator"]["id"] for each in await reseller.all("/bills", period=period)} == {
            operators["OP1"]["id"]
        }
        for method, path, body in routes(theirs, paid, operators["OP2"], period):
            answer = await reseller.send(method, path, body)
            assert answer.status_code == 404, (method, path, answer.status_code, answer.text)
        unknown = await reseller.send("GET", f"/bills/{uuid.uuid4()}")
        known = await reseller.send("GET", f"/bills/{theirs['id']}")
        assert unknown.content.replace(unknown.url.path.encode(), b"") == known.content.replace(
            known.url.path.encode(), b""
        )
        assert (await reseller.get("/bills", q=theirs["number"]))["items"] == []
        assert (await reseller.get("/customers", q=theirs["customer"]["code"] + "x"))["items"] == []
        action = await reseller.post(
            "/bulk-actions",
            {
                "action": "mark_paid",
                "selection": {"bill_ids": [theirs["id"]]},
                "parameters": {"paid_on": theirs["issued_on"], "method": "cash"},
            },
        )
        items = (await reseller.get(f"/bulk-actions/{action['id']}/items"))["items"]
        assert [(each["state"], each["outcome"]) for each in items] == [("failed", "not-found")]
    assert (await office.get(f"/bills/{theirs['id']}"))["paid_minor"] == 1_000


async def test_where_a_request_comes_from_is_not_for_the_request_to_say(stack: Stack, office: Office) -> None:
    elsewhere = {"X-Forwarded-For": "203.0.113.9"}
    answer = await office.client.put("/settings/billing", json={}, headers=elsewhere)
    assert answer.is_success, answer.text
    kept = "SELECT count(*) FROM gateway.operation WHERE facts ->> 'from' = $1"
    assert await value(stack, kept, "203.0.113.9") == 0
    assert await value(stack, kept, "127.0.0.1") > 0


def routes(bill: Body, paid: Body, operator: Body, period: str) -> list[tuple[str, str, Body | None]]:
    """Every route that names a bill, its customer, its payment or its operator."""
    customer = f"/customers/{bill['customer']['id']}"
    return [
        ("GET", f"/bills/{bill['id']}", None),
        ("GET", f"/bills/{bill['id']}/payments", None),
        ("GET", f"/bills/{bill['id']}/invoice.pdf", None),
        ("POST", f"/bills/{bill['id']}/payments", payment(bill, 500)),
        ("POST", f"/bills/{bill['id']}/void", {"reason": "not mine"}),
        ("POST", f"/bills/{bill['id']}/payment-link", {"send_sms": False}),
        ("GET", f"/payments/{paid['id']}", None),
        ("GET", f"/payments/{paid['id']}/receipt.pdf", None),
        ("GET", f"{customer}/statement", None),
        ("GET", f"{customer}/statement.pdf", None),
        ("POST", f"/payments/{paid['id']}/reversal", {"reason": "not mine"}),
        ("GET", customer, None),
        ("PATCH", customer, {"name": "Mine"}),
        ("GET", f"{customer}/payments", None),
        ("POST", f"{customer}/bills", {"period": period}),
        ("POST", f"{customer}/refunds", {"amount_minor": 1, "reason": "not mine"}),
        ("GET", f"{customer}/billing/{period}", None),
        ("GET", f"/operators/{operator['id']}", None),
        ("PATCH", f"/operators/{operator['id']}", {"name": "Mine"}),
        ("GET", f"/bills?operator_id={operator['id']}", None),
        ("POST", "/billing-runs", {"period": period, "operator_id": operator["id"]}),
    ]
