"""Stripe Checkout: sessions, their page, refunds and signed events."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect


@dataclass
class StripeSimulator:
    """The traps are attributes; set them while it serves."""

    credentials: ClassVar[dict[str, str]] = {"secret_key": "sk_sim_1", "webhook_secret": "whsec_sim_1"}

    is_down: bool = False
    risk_level: str = "normal"
    charges: int | None = None  # another amount than was asked
    currency: str | None = None
    refund_status: str = "succeeded"
    create_breaks: bool = False  # makes the session, and answers 500

    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)

    def app(self) -> Litestar:
        """The provider over HTTP."""
        return Litestar(
            [*self._sessions(), *self._refunds(), *self._pages()], openapi_config=None, logging_config=None
        )

    @property
    def only(self) -> dict[str, Any]:
        """The one session that there is."""
        (session,) = self.sessions.values()
        return session

    def pay(self, session: dict[str, Any] | None = None) -> dict[str, Any]:
        """Pay a session as its customer would."""
        session = session or self.only
        session |= {"payment_status": "paid", "status": "complete"}
        if self.charges is not None:
            session["amount_total"] = self.charges
        session["currency"] = self.currency or session["currency"]
        session["payment_intent"] = session["payment_intent"] or "pi_" + secrets.token_hex(8)
        return session

    def event(
        self, session: dict[str, Any], at: int | None = None, secret: str | None = None
    ) -> tuple[bytes, str]:
        """The body of an event about a session, and its signature."""
        said = {
            "id": "evt_" + secrets.token_hex(8),
            "object": "event",
            "type": "checkout.session.completed",
            "data": {"object": session},
        }
        body, at = json.dumps(said).encode(), at if at is not None else int(time.time())
        key = (secret or self.credentials["webhook_secret"]).encode()
        digest = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        return body, f"t={at},v1={digest}"

    def _sessions(self) -> list[Any]:
        @get("/v1/balance")
        async def balance(request: Request[Any, Any, Any]) -> Response[Any]:
            return self._refusal(request) or Response({"object": "balance", "available": [], "pending": []})

        @post("/v1/checkout/sessions", status_code=200)
        async def create(request: Request[Any, Any, Any]) -> Response[Any]:
            if refusal := self._refusal(request):
                return refusal
            key = request.headers.get("idempotency-key", secrets.token_hex(8))
            form = dict(parse_qsl((await request.body()).decode()))
            if key not in self.by_key:
                self.by_key[key] = self._session(form)
            if self.create_breaks:
                return Response({"error": {"type": "api_error", "message": "broken"}}, status_code=500)
            return Response(self.by_key[key])

        @get("/v1/checkout/sessions/{session_id:str}")
        async def retrieve(request: Request[Any, Any, Any], session_id: FromPath[str]) -> Response[Any]:
            if refusal := self._refusal(request):
                return refusal
            session = self.sessions[session_id]
            intent = session["payment_intent"] and self._intent(session["payment_intent"])
            return Response(session | {"payment_intent": intent})

        return [balance, create, retrieve]

    def _intent(self, intent_id: str) -> dict[str, Any]:
        charge = {"id": "ch_1", "object": "charge", "outcome": {"risk_level": self.risk_level}}
        return {"id": intent_id, "object": "payment_intent", "latest_charge": charge}

    def _refunds(self) -> list[Any]:
        @post("/v1/refunds", status_code=200)
        async def refund(request: Request[Any, Any, Any]) -> Response[Any]:
            if refusal := self._refusal(request):
                return refusal
            key = request.headers.get("idempotency-key", "")
            form = dict(parse_qsl((await request.body()).decode()))
            made = self.refunds.setdefault(
                key,
                {
                    "id": "re_" + secrets.token_hex(6), "object": "refund", "status": self.refund_status,
                    "amount": int(form["amount"]), "payment_intent": form["payment_intent"],
                },
            )  # fmt: skip
            return Response(made)

        return [refund]

    def _refusal(self, request: Request[Any, Any, Any]) -> Response[Any] | None:
        if self.is_down:
            return Response("<html>down</html>", status_code=503, media_type=MediaType.HTML)
        if request.headers.get("authorization") != f"Bearer {self.credentials['secret_key']}":
            error = {"type": "invalid_request_error", "message": "Invalid API Key provided"}
            return Response({"error": error}, status_code=401)
        return None

    def _session(self, form: dict[str, str]) -> dict[str, Any]:
        session_id = "cs_sim_" + secrets.token_hex(8)
        session: dict[str, Any] = {
            "id": session_id,
            "object": "checkout.session",
            "url": f"{self.url}/page/{session_id}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "client_reference_id": form["client_reference_id"],
            "amount_total": int(form["line_items[0][price_data][unit_amount]"]),
            "currency": form["line_items[0][price_data][currency]"],
            "success_url": form["success_url"],
            "cancel_url": form["cancel_url"],
            "metadata": {"reference": form.get("metadata[reference]")},
        }
        self.sessions[session_id] = session
        return session

    def _pages(self) -> list[Any]:
        @get("/page/{session_id:str}", media_type=MediaType.HTML)
        async def show(session_id: FromPath[str]) -> str:
            session = self.sessions[session_id]
            amount = f"{session['amount_total']} {session['currency']}"
            return (
                f"<h1>Stripe (simulated)</h1><p>{amount}</p><form method='post'><button>Pay</button></form>"
                f"<a href='{session['cancel_url']}'>Cancel</a>"
            )

        @post("/page/{session_id:str}", status_code=303)
        async def pay(session_id: FromPath[str]) -> Redirect:
            session = self.pay(self.sessions[session_id])
            return Redirect(session["success_url"], status_code=303)

        return [show, pay]
