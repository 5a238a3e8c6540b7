"""BulkSMSBD, SSL Wireless, Twilio and a gateway of one's own, behind one address; traps are switches.

Written from what is known of the protocols, apart from the adapters: neither takes anything from the other.
`python -m devstack.simulators.sms` serves them all until Ctrl-C.
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
from litestar import Litestar, Request, Response, get, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from devstack.simulators.serving import serving

PAGE = (
    "<html><head><title>Site maintenance</title></head><body><h1>We&rsquo;ll be back soon!</h1></body></html>"
)


@dataclass
class Traps:
    """Faults of a provider, and how often each comes; 0: never."""

    fail_every: int = 0  # refused for the moment, and not sent
    break_every: int = 0  # HTTP 500, and sent all the same
    timeout_every: int = 0  # no answer
    sends_before_timeout: bool = True
    stall_seconds: float = 60.0
    code: int | None = None  # said in place of success; nothing is sent
    status: int | None = None  # the HTTP status in place of success; nothing is sent
    body: str | None = None  # said word for word in place of every answer, after sending
    integer_body: bool = False
    repeats_the_key: bool = False  # in its words of refusal


@dataclass(frozen=True)
class Sms:
    """A message that a telephone has got."""

    to: str
    text: str
    reference: str
    is_unicode: bool | None = None


@dataclass
class Provider:
    """A provider's requests, and what it sent."""

    traps: Traps = field(default_factory=Traps)
    requests: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sms] = field(default_factory=list)
    _calls: Any = field(default_factory=lambda: itertools.count(1))
    _lock: Any = field(default_factory=threading.Lock)

    async def take(self, sms: Sms, asked: dict[str, Any], on_sent: Callable[[], None] = lambda: None) -> str:
        """Note a call; returns what comes of it: `sent`, `failed`, or `broken` once it has stalled."""
        with self._lock:
            call = next(self._calls)
            self.requests.append(asked)
        traps = self.traps
        if _is_turn(call, traps.timeout_every):
            if traps.sends_before_timeout:
                self._send(sms, on_sent)
            await asyncio.sleep(traps.stall_seconds)
            return "broken"
        if _is_turn(call, traps.fail_every):
            return "failed"
        if _is_turn(call, traps.break_every):
            self._send(sms, on_sent)
            return "broken"
        if traps.code is None and traps.status is None:
            self._send(sms, on_sent)
        return "sent"

    def _send(self, sms: Sms, on_sent: Callable[[], None]) -> None:
        self.sent.append(sms)
        on_sent()


def _is_turn(call: int, every: int) -> bool:
    return every > 0 and call % every == 0


@dataclass
class SmsSimulator:
    """All four; give each adapter the address of this one as its `base_url`."""

    bulksmsbd: Provider = field(default_factory=Provider)
    sslwireless: Provider = field(default_factory=Provider)
    twilio: Provider = field(default_factory=Provider)
    generic: Provider = field(default_factory=Provider)
    api_key: str = "bulk-key-of-the-simulator"
    api_token: str = "ssl-token-of-the-simulator"
    account_sid: str = "AC00000000000000000000000000000000"
    auth_token: str = "twilio-token-of-the-simulator"
    csms_ids: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    callbacks: dict[str, str] = field(default_factory=dict)

    def app(self) -> Litestar:
        """Return the routes of all four, and what they were given."""

        @get("/given.json")
        async def given() -> dict[str, int]:
            return self.given()

        others = [self._of_sslwireless(), self._of_twilio(), self._of_generic(), given]
        handlers = [*self._of_bulksmsbd(), *others]
        return Litestar(route_handlers=handlers, openapi_config=None, logging_config=None)

    def _of_bulksmsbd(self) -> list[HTTPRouteHandler]:
        @route("/api/smsapi", http_method=["GET", "POST"], status_code=200)
        async def bulksmsbd(request: Request[Any, Any, Any]) -> Response[Any]:
            return await self._bulksmsbd(await _fields(request))

        @get("/api/getBalanceApi")
        async def balance() -> dict[str, Any]:
            return {"response_code": 202, "balance": "250.75"}

        return [bulksmsbd, balance]

    def _of_sslwireless(self) -> HTTPRouteHandler:
        @route("/api/v3/send-sms", http_method=["POST"], status_code=200)
        async def sslwireless(request: Request[Any, Any, Any]) -> Response[Any]:
            return await self._sslwireless(json.loads(await request.body()))

        return sslwireless

    def _of_twilio(self) -> HTTPRouteHandler:
        @route(
            "/2010-04-01/Accounts/{account:str}/Messages.json", http_method=["GET", "POST"], status_code=201
        )
        async def twilio(account: FromPath[str], request: Request[Any, Any, Any]) -> Response[Any]:
            if request.headers.get("authorization") != self._basic() or account != self.account_sid:
                return _said({"code": 20003, "message": "Authenticate", "status": 401}, 401)
            if request.method == "GET":
                to = request.query_params.get("To", "")
                return _said({"messages": [each for each in self.messages if each["to"] == to]})
            return await self._twilio(await _fields(request))

        return twilio

    def _of_generic(self) -> HTTPRouteHandler:
        @route("/generic", http_method=["GET", "POST", "PUT"], status_code=200)
        async def generic(request: Request[Any, Any, Any]) -> Response[Any]:
            return await self._generic(request)

        return generic

    async def _bulksmsbd(self, asked: dict[str, Any]) -> Response[Any]:
        provider, traps = self.bulksmsbd, self.bulksmsbd.traps
        if asked.get("api_key") != self.api_key:
            return _said({"response_code": 1011, "error_message": "User Id Not Found"})
        unicode = asked.get("type") == "unicode"
        number, text = asked.get("number", ""), asked.get("message", "")
        came = await provider.take(Sms(number, _shown(text, unicode), "", unicode), asked)
        if traps.body is not None:
            return _raw(traps.body, traps.status or 200)
        if came == "broken":
            return _raw(PAGE, 500)
        code = 1005 if came == "failed" else traps.code or 202
        if traps.integer_body:
            return _raw(str(code))
        if code != 202:
            said = "Balance Insufficient" if code == 1007 else "Internal Error"
            key = f" (api_key {self.api_key})" if traps.repeats_the_key else ""
            return _said({"response_code": code, "success_message": "", "error_message": said + key})
        done = {"success_message": "SMS Submitted Successfully", "error_message": ""}
        return _said({"response_code": 202, "message_id": len(provider.sent), **done})

    async def _sslwireless(self, asked: dict[str, Any]) -> Response[Any]:
        traps = self.sslwireless.traps
        if asked.get("api_token") != self.api_token:
            return _said(_ssl_failed(4001, "Unauthorized"))
        missing = [name for name in ("sid", "msisdn", "sms", "csms_id") if not asked.get(name)]
        if missing or len(asked["csms_id"]) > 20:
            return _said(_ssl_failed(4022, f"{missing} missing"))
        if asked["csms_id"] in self.csms_ids:
            self.sslwireless.requests.append(asked)
            return _said(_ssl_failed(4023, "csms_id already exists"))
        csms_id, number = asked["csms_id"], asked["msisdn"]
        came = await self.sslwireless.take(
            Sms(number, asked["sms"], csms_id), asked, lambda: self.csms_ids.update({csms_id: number})
        )
        if traps.body is not None:
            return _raw(traps.body, traps.status or 200)
        if came == "broken":
            return _raw(PAGE, 502)
        if came == "failed" or traps.code is not None:
            return _said(_ssl_failed(traps.code or 4029, "Too many requests"))
        info = {
            "sms_status": "SUCCESS",
            "msisdn": asked["msisdn"],
            "sms_type": "EN" if asked["sms"].isascii() else "BN",
            "csms_id": asked["csms_id"],
            "reference_id": f"ref-{len(self.sslwireless.sent)}",
        }
        return _said({"status": "SUCCESS", "status_code": 200, "error_message": "", "smsinfo": [info]})

    async def _twilio(self, asked: dict[str, Any]) -> Response[Any]:
        provider, traps = self.twilio, self.twilio.traps
        sid = f"SM{uuid.uuid4().hex}"
        resource = {
            "sid": sid,
            "to": asked["To"],
            "body": asked["Body"],
            "status": "queued",
            "date_created": format_datetime(datetime.now(UTC)),
        }
        if callback := asked.get("StatusCallback"):
            self.callbacks[sid] = callback
        came = await provider.take(
            Sms(asked["To"], asked["Body"], sid), asked, lambda: self.messages.append(resource)
        )
        if traps.body is not None:
            return _raw(traps.body, traps.status or 200)
        if came == "broken":
            return _said({"code": 20500, "message": "Internal server error", "status": 500}, 500)
        if came == "failed":
            return _said({"code": 20429, "message": "Too many requests", "status": 429}, 429)
        if traps.code is not None:
            said = {"code": traps.code, "message": "Refused by a trap", "status": 400}
            return _said(said, traps.status or 400)
        return _said(resource, 201)

    async def _generic(self, request: Request[Any, Any, Any]) -> Response[Any]:
        traps = self.generic.traps
        fields = await _fields(request)
        asked = fields | {"headers": dict(request.headers), "raw": (await request.body()).decode()}
        to, text = fields.get("to", ""), fields.get("text", "")
        came = await self.generic.take(Sms(to, text, fields.get("reference", "")), asked)
        if traps.body is not None:
            return _raw(traps.body, traps.status or 200)
        if came == "broken":
            return _raw(PAGE, 500)
        if came == "failed":
            return _said({"status": "busy"}, 503)
        if traps.code is not None or traps.status is not None:
            return _said({"response_code": traps.code, "error_message": "refused"}, traps.status or 200)
        return _said({"status": "ok", "id": f"g-{len(self.generic.sent)}"})

    def given(self) -> dict[str, int]:
        """How many messages telephones have got, and how many of them twice."""
        providers = (self.bulksmsbd, self.sslwireless, self.twilio, self.generic)
        times = Counter((sms.to, sms.text) for each in providers for sms in each.sent)
        return {"sent": times.total(), "twice": sum(1 for each in times.values() if each > 1)}

    def report(self, sid: str, status: str, **more: str) -> httpx.Response:
        """Tell the address that came with a message what became of it, signed as Twilio signs."""
        url, form = self.callbacks[sid], {"MessageSid": sid, "MessageStatus": status, **more}
        signed = url + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(self.auth_token.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
        return httpx.post(url, data=form, headers=headers, timeout=10)

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()


def _shown(text: str, unicode: bool) -> str:
    """Return what the telephone shows of a text that was sent as GSM-7 and is none: question marks."""
    return text if unicode else "".join(each if each.isascii() else "?" for each in text)


def _ssl_failed(code: int, detail: str) -> dict[str, Any]:
    return {"status": "FAILED", "status_code": code, "error_message": detail, "smsinfo": []}


async def _fields(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """The fields of the address and of a body, form or JSON."""
    fields: dict[str, Any] = dict(request.query_params)
    body = (await request.body()).decode()
    kind = request.headers.get("content-type", "")
    if "json" in kind:
        fields |= json.loads(body)
    elif "urlencoded" in kind:
        fields |= {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
    return fields


def _said(body: dict[str, Any], status: int = 200) -> Response[Any]:
    return Response(json.dumps(body), status_code=status, media_type="application/json")


def _raw(body: str, status: int = 200) -> Response[Any]:
    return Response(body, status_code=status, media_type="text/html")


def main() -> None:
    """Serve all four until Ctrl-C; prints the address that is the `base_url` of each."""
    options = argparse.ArgumentParser(prog="devstack.simulators.sms")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--fail-every", type=int, default=0)
    options.add_argument("--timeout-every", type=int, default=0)
    chosen = options.parse_args()
    traps = Traps(fail_every=chosen.fail_every, timeout_every=chosen.timeout_every)
    one, two, three, four = (Provider(traps) for _ in range(4))
    simulator = SmsSimulator(one, two, three, four)
    with serving(simulator.app(), chosen.port) as address:
        print(address, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
