"""SSLCommerz v4: session, hosted page, validation, query, refund; notifications signed as it signs."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any, ClassVar

from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.params import FromPath

_SIGNED = (
    "amount", "bank_tran_id", "card_type", "currency", "currency_amount", "currency_rate", "currency_type",
    "risk_level", "risk_title", "status", "store_amount", "store_id", "tran_date", "tran_id", "val_id",
    "value_d",
)  # fmt: skip


@dataclass
class Session:
    """One session, and the charges that were tried in it."""

    form: dict[str, str]
    session_key: str
    charges: list[dict[str, str]] = field(default_factory=list)
    validated: set[str] = field(default_factory=set)


@dataclass
class SslcommerzSimulator:
    """The traps are attributes; set them while it serves."""

    credentials: ClassVar[dict[str, str]] = {"store_id": "simstore001", "store_password": "sim-store-pass"}

    is_down: bool = False
    validation_is_down: bool = False
    query_is_down: bool = False
    risk_level: str = "0"
    charges: str | None = None  # another amount than was asked
    currency: str | None = None
    refund_status: str = "success"

    url: str = ""
    sessions: dict[str, Session] = field(default_factory=dict)  # by tran_id
    refunds: dict[str, dict[str, str]] = field(default_factory=dict)  # by refund_trans_id
    validations: int = 0

    def app(self) -> Litestar:
        """The provider over HTTP."""
        return Litestar(
            [self._sessions(), self._validation(), self._query(), *self._pages()],
            openapi_config=None,
            logging_config=None,
        )

    @property
    def only(self) -> Session:
        """The one session that there is."""
        (session,) = self.sessions.values()
        return session

    def charge(self, session: Session | None = None, status: str = "VALID") -> dict[str, str]:
        """Charge a session as its customer would; the fields of the notification."""
        session = session or self.only
        form, number = session.form, secrets.token_hex(4)
        fields = {
            "amount": self.charges or form["total_amount"],
            "bank_tran_id": f"BANK{number}",
            "card_type": "VISA-Simulated",
            "currency": self.currency or form["currency"],
            "currency_amount": self.charges or form["total_amount"],
            "currency_rate": "1.0000",
            "currency_type": self.currency or form["currency"],
            "risk_level": self.risk_level,
            "risk_title": "Safe" if self.risk_level == "0" else "Risky",
            "status": status,
            "store_amount": "1.00",
            "store_id": self.credentials["store_id"],
            "tran_date": "2026-12-14 14:09:00",
            "tran_id": form["tran_id"],
            "val_id": f"VAL{number}" if status == "VALID" else "",
            "value_d": form.get("value_d", ""),
        }
        session.charges.append(fields)
        return self.signed(fields)

    def signed(self, fields: dict[str, str]) -> dict[str, str]:
        """The fields with a signature over all of them."""
        names = [name for name in _SIGNED if name in fields]
        password = hashlib.md5(self.credentials["store_password"].encode()).hexdigest()
        text = "&".join(
            f"{name}={value}"
            for name, value in sorted({n: fields[n] for n in names}.items() | {("store_passwd", password)})
        )
        sign = hashlib.md5(text.encode()).hexdigest()
        return fields | {"verify_key": ",".join(names), "verify_sign": sign, "verify_sign_sha2": ""}

    def _sessions(self) -> Any:
        @post("/gwprocess/v4/api.php", status_code=200)
        async def begin(request: Request[Any, Any, Any]) -> Response[Any]:
            form = {name: str(value) for name, value in (await request.form()).items()}
            if self.is_down:
                return Response("<html>down</html>", status_code=502, media_type=MediaType.HTML)
            if not self._knows(form.get("store_id"), form.get("store_passwd")):
                return Response({"status": "FAILED", "failedreason": "Store Credential Error"})
            if problem := _problem(form):
                return Response({"status": "FAILED", "failedreason": problem})
            key = secrets.token_hex(16)
            self.sessions[form["tran_id"]] = Session(form, key)
            page = f"{self.url}/page/{form['tran_id']}"
            return Response(
                {"status": "SUCCESS", "failedreason": "", "sessionkey": key, "GatewayPageURL": page, "gw": {}}
            )

        return begin

    def _validation(self) -> Any:
        @get("/validator/api/validationserverAPI.php")
        async def validate(request: Request[Any, Any, Any]) -> Response[Any]:
            query = request.query_params
            self.validations += 1
            if self.is_down or self.validation_is_down:
                return Response("<html>down</html>", status_code=503, media_type=MediaType.HTML)
            if not self._knows(query.get("store_id"), query.get("store_passwd")):
                return Response({"status": "INVALID_TRANSACTION", "APIConnect": "INVALID_REQUEST"})
            for session in self.sessions.values():
                for fields in session.charges:
                    if fields["val_id"] and fields["val_id"] == query.get("val_id"):
                        return Response(self._validated(session, fields) | {"APIConnect": "DONE"})
            return Response({"status": "INVALID_TRANSACTION", "APIConnect": "DONE"})

        return validate

    def _query(self) -> Any:
        @get("/validator/api/merchantTransIDvalidationAPI.php")
        async def query_or_refund(request: Request[Any, Any, Any]) -> Response[Any]:
            query = dict(request.query_params)
            if self.is_down or self.query_is_down:
                return Response("<html>down</html>", status_code=503, media_type=MediaType.HTML)
            if not self._knows(query.get("store_id"), query.get("store_passwd")):
                return Response({"APIConnect": "INVALID_REQUEST"})
            if "bank_tran_id" in query:
                return self._refund(query)
            if "refund_ref_id" in query:
                return Response({"APIConnect": "DONE", "status": "refunded"})
            session = self.sessions.get(query.get("tran_id", ""))
            elements = [self._validated(session, each) for each in session.charges] if session else []
            return Response({"APIConnect": "DONE", "no_of_trans_found": len(elements), "element": elements})

        return query_or_refund

    def _knows(self, store_id: str | None, password: str | None) -> bool:
        return {"store_id": store_id, "store_password": password} == self.credentials

    @staticmethod
    def _validated(session: Session, fields: dict[str, str]) -> dict[str, str]:
        """VALID the first time, VALIDATED ever after."""
        if fields["status"] != "VALID":
            return fields
        is_again = fields["val_id"] in session.validated
        session.validated.add(fields["val_id"])
        return fields | {"status": "VALIDATED" if is_again else "VALID"}

    def _refund(self, query: dict[str, str]) -> Response[Any]:
        reference = f"REF{query['refund_trans_id']}"
        self.refunds[query["refund_trans_id"]] = query
        return Response({"APIConnect": "DONE", "status": self.refund_status, "refund_ref_id": reference})

    def _pages(self) -> list[Any]:
        @get("/page/{tran_id:str}", media_type=MediaType.HTML)
        async def show(tran_id: FromPath[str]) -> str:
            """Each button posts to our return address, as the provider's page does."""
            session = self.sessions[tran_id]
            paid, failed = self.charge(session), self.signed({**session.form, "status": "FAILED"})
            return "<h1>SSLCommerz (simulated)</h1>" + "".join(
                f"<form method='post' action='{session.form[address]}'>"
                + "".join(f'<input type="hidden" name="{n}" value="{v}">' for n, v in fields.items())
                + f"<button>{label}</button></form>"
                for label, address, fields in (
                    ("Pay", "success_url", paid),
                    ("Fail", "fail_url", {"tran_id": tran_id, "status": failed["status"]}),
                )
            )

        return [show]


def _problem(form: dict[str, str]) -> str | None:
    """Return what the provider would not take."""
    longest = {"tran_id": 30, "cus_name": 50, "cus_email": 50, "cus_phone": 20, "success_url": 255}
    for name, most in longest.items():
        if not 0 < len(form.get(name, "")) <= most:
            return f"{name} is missing or too long"
    amount = float(form["total_amount"])  # a simulator keeps no books
    return None if 10 <= amount <= 500_000 else "total_amount out of range"
