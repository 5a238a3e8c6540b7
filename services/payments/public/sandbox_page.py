"""The sandbox's own payment page, in development: it stands where a provider's would."""

from __future__ import annotations

import json
import time
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from services.payments import store
from services.payments.providers import sandbox
from services.payments.public import callbacks
from services.payments.public.counter import counter_of
from services.payments.public.pages import no_such_page
from services.payments.public.render import language_of, page
from shared.ids import new_id


@get("/sandbox/pay")
async def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Show what would be paid."""
    counter = counter_of(request)
    row = await counter.checkout(request.query_params.get("reference", ""), "sandbox")
    if row is None:
        return no_such_page(request)
    language = language_of(request, row["language"])
    return page("sandbox.html", language, row=row, asked={"reference": row["reference"]})


@post("/sandbox/pay", status_code=303)
async def pay(request: Request[Any, Any, Any]) -> Response[Any]:
    """Call back as a provider would, and send the customer where they came from."""
    counter = counter_of(request)
    form = await request.form()
    row = await counter.checkout(str(form.get("reference", "")), "sandbox")
    if row is None:
        return no_such_page(request)
    said = {
        "id": f"sandbox-{new_id()}",
        "reference": row["reference"],
        "status": "failed" if form.get("outcome") == "failed" else "paid",
        "amount_minor": row["amount_minor"],
        "currency": row["currency"],
    }
    gateway = await store.gateways.of_checkout(counter.pool, row)
    body = json.dumps(said).encode()
    secret = counter.tills.secrets_of(gateway)["webhook_secret"]
    await callbacks.take_sandbox(counter, body, {"x-signature": sandbox.sign(body, secret, int(time.time()))})
    return Redirect(f"/paid/{row['reference']}", status_code=303)


ROUTES = [show, pay]
