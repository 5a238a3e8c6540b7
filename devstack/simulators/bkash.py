"""bKash tokenized checkout: token, create, execute, query, refund; the customer's page agrees or cancels."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Any, ClassVar

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

_PREFIX = "/v1.2.0-beta/tokenized/checkout"
_OK = {"statusCode": "0000", "statusMessage": "Successful"}


@dataclass
class Payment:
    """One payment as bKash keeps it."""

    payment_id: str
    amount: str
    invoice: str
    callback_url: str
    is_agreed: bool = False
    trx_id: str | None = None
    executions: int = 0
    refunds: list[dict[str, str]] = field(default_factory=list)


@dataclass
class BkashSimulator:
    """The traps are attributes; set them while it serves."""

    credentials: ClassVar[dict[str, str]] = {
        "app_key": "sim-key", "app_secret": "sim-secret", "username": "sim-user", "password": "sim-pass",
    }  # fmt: skip

    is_down: bool = False  # answers 503 with a page
    expires_in: Any = 3600  # a number, or a text in some installations
    token_delay_seconds: float = 0.0
    create_refuses: str | None = None  # 2029: the same wallet and amount a moment ago
    error_style: str = "statusCode"  # or errorCode
    execute_stalls_seconds: float = 0.0  # the payment completes all the same
    execute_breaks: bool = False  # completes, and answers 502
    execute_refuses: str | None = None
    initiated_queries: int = 0  # so many queries say Initiated although it is completed
    charges: str | None = None  # another amount than was asked
    currency: str = "BDT"
    invoice_field: str = "merchantInvoiceNumber"
    refund_breaks: bool = False
    refund_refuses: str | None = None

    payments: dict[str, Payment] = field(default_factory=dict)
    grants: int = 0
    refreshes: int = 0
    queries: int = 0
    tokens: set[str] = field(default_factory=set)

    def app(self) -> Litestar:
        """The provider over HTTP."""
        return Litestar([self._api(), *self._pages()], openapi_config=None, logging_config=None)

    @property
    def only(self) -> Payment:
        """The one payment that there is."""
        (payment,) = self.payments.values()
        return payment

    def agree(self, payment_id: str | None = None) -> str:
        """Agree as the customer; the address they are sent back to."""
        payment = self.payments[payment_id] if payment_id else self.only
        payment.is_agreed = True
        return self.back(payment, "success")

    @staticmethod
    def back(payment: Payment, status: str) -> str:
        """Return where a customer is sent back to."""
        joint = "&" if "?" in payment.callback_url else "?"
        sign = f"signature={secrets.token_urlsafe(8)}&apiVersion=1.2.0-beta"
        return f"{payment.callback_url}{joint}paymentID={payment.payment_id}&status={status}&{sign}"

    def complete(self, payment: Payment) -> None:
        """The wallet is charged."""
        payment.trx_id = payment.trx_id or "SIM" + secrets.token_hex(4).upper()

    def _api(self) -> Any:
        @post(_PREFIX + "/{call:path}", status_code=200)
        async def api(request: Request[Any, Any, Any], call: FromPath[str]) -> Response[Any]:
            if self.is_down:
                return Response("<html>unavailable</html>", status_code=503, media_type=MediaType.HTML)
            body = await request.json()
            if call in ("/token/grant", "/token/refresh"):
                return await self._token(request, body, call)
            if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                return Response({"message": "Unauthorized"}, status_code=401)
            return await self._answer(call, body)

        return api

    async def _token(self, request: Request[Any, Any, Any], body: Any, call: FromPath[str]) -> Response[Any]:
        said = {name: request.headers.get(name) or body.get(name) for name in self.credentials}
        if call == "/token/grant":
            self.grants += 1
        else:
            self.refreshes += 1
        await asyncio.sleep(self.token_delay_seconds)
        if said != self.credentials:
            return Response({"statusCode": "2001", "statusMessage": "Invalid App Key"})
        token = secrets.token_urlsafe(12)
        self.tokens.add(token)
        return Response(
            _OK | {
                "id_token": token, "token_type": "Bearer", "expires_in": self.expires_in,
                "refresh_token": secrets.token_urlsafe(12),
            }
        )  # fmt: skip

    async def _answer(self, call: str, body: dict[str, Any]) -> Response[Any]:
        if call == "/create":
            return self._create(body)
        payment = self.payments.get(body.get("paymentID", ""))
        if payment is None:
            return self._error("2002", "Invalid Payment ID")
        if call == "/execute":
            return await self._execute(payment)
        if call == "/payment/status":
            self.queries += 1
            return Response(self._state(payment))
        if call == "/payment/refund":
            return self._refund(payment, body)
        return Response({"message": "Missing Authentication Token"}, status_code=403)

    def _create(self, body: dict[str, Any]) -> Response[Any]:
        if self.create_refuses:
            return self._error(self.create_refuses, "Duplicate for all transactions")
        payment_id = "TR" + secrets.token_hex(10)
        self.payments[payment_id] = Payment(
            payment_id, body["amount"], body["merchantInvoiceNumber"], body["callbackURL"]
        )
        host = body["callbackURL"]
        return Response(
            _OK | {
                "paymentID": payment_id, "bkashURL": f"{self.url}/page/{payment_id}", "callbackURL": host,
                "amount": body["amount"], "intent": "sale", "currency": "BDT",
                "paymentCreateTime": "2026-12-14T06:00:19:952 GMT+0600", "transactionStatus": "Initiated",
                "merchantInvoiceNumber": body["merchantInvoiceNumber"],
            }
        )  # fmt: skip

    url: str = ""

    async def _execute(self, payment: Payment) -> Response[Any]:
        payment.executions += 1
        if self.execute_refuses:
            return self._error(self.execute_refuses, "refused")
        if payment.executions > 1:
            return self._error("2062", "The payment has already been completed")
        if not payment.is_agreed:
            payment.executions -= 1
            return self._error("2060", "Prerequisite is missing")
        self.complete(payment)
        if self.execute_stalls_seconds:
            await asyncio.sleep(self.execute_stalls_seconds)
        if self.execute_breaks:
            return Response("<html>bad gateway</html>", status_code=502, media_type=MediaType.HTML)
        return Response(self._state(payment, is_query=False))

    def _state(self, payment: Payment, is_query: bool = True) -> dict[str, Any]:
        state: dict[str, Any] = _OK | {
            "paymentID": payment.payment_id, "amount": self.charges or payment.amount,
            "currency": self.currency, "intent": "sale", self.invoice_field: payment.invoice,
        }  # fmt: skip
        late = is_query and self.initiated_queries > 0
        if late:
            self.initiated_queries -= 1
        if payment.trx_id is None or late:
            return state | {"transactionStatus": "Initiated", "verificationStatus": "Incomplete"}
        return state | {
            "transactionStatus": "Completed", "trxID": payment.trx_id, "customerMsisdn": "01700000000",
            "paymentExecuteTime": "2026-12-14T06:01:00:000 GMT+0600",
        }  # fmt: skip

    def _refund(self, payment: Payment, body: dict[str, Any]) -> Response[Any]:
        if "amount" in body:
            if self.refund_refuses:
                return self._error(self.refund_refuses, "Refund refused")
            payment.refunds.append({"amount": body["amount"], "id": "RF" + secrets.token_hex(4).upper()})
            if self.refund_breaks:
                return Response("<html>bad gateway</html>", status_code=502, media_type=MediaType.HTML)
        if not payment.refunds:
            return self._error("2033", "Transaction not found")
        last = payment.refunds[-1]
        return Response(
            _OK | {
                "originalTrxID": payment.trx_id, "refundTrxID": last["id"], "transactionStatus": "Completed",
                "amount": last["amount"], "currency": "BDT", "charge": "0.00",
                "completedTime": "2026-12-14T06:10:00:000",
            }
        )  # fmt: skip

    def _error(self, code: str, words: str) -> Response[Any]:
        if self.error_style == "errorCode":
            return Response({"errorCode": code, "errorMessage": words})
        return Response({"statusCode": code, "statusMessage": words})

    def _pages(self) -> list[Any]:
        @get("/page/{payment_id:str}", media_type=MediaType.HTML)
        async def show(payment_id: FromPath[str]) -> str:
            payment = self.payments[payment_id]
            return (
                f"<h1>bKash (simulated)</h1><p>{payment.amount} BDT</p><form method='post'>"
                "<button name='status' value='success'>Agree</button>"
                "<button name='status' value='cancel'>Cancel</button></form>"
            )

        @post("/page/{payment_id:str}", status_code=302)
        async def answer(request: Request[Any, Any, Any], payment_id: FromPath[str]) -> Redirect:
            payment = self.payments[payment_id]
            status = str((await request.form()).get("status"))
            payment.is_agreed = status == "success"
            return Redirect(self.back(payment, status), status_code=302)

        return [show, answer]
