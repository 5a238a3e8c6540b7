"""BulkSMSBD: always HTTP 200, with what it means as a code in the body, sometimes as a bare number.

It has no reference of ours and no way to ask: without an answer nobody can tell.
Source: munshiprodip/bulksmsbd-laravel `src/BulkSmsBd.php`, `ResponseCodeMapper.php`.
"""

from __future__ import annotations

from typing import Any

import httpx

from services.notifications.domain import Doubtful, NotTaken, Outcome, Taken, words
from services.notifications.providers.job import Job, by_status, call, read_json, unreadable

HOST = "https://bulksmsbd.net"
_WORDS = {
    1001: "The number is not valid.",
    1002: "The sender id is wrong or disabled.",
    1003: "A field is missing.",
    1005: "Internal error of the provider.",
    1006: "The validity of the balance is over.",
    1007: "The balance is too low.",
    1011: "The user was not found.",
    1012: "A masked SMS must be in Bengali.",
    1013: "The sender id has no gateway.",
    1014: "The sender type was not found.",
    1015: "The sender id has no valid gateway.",
    1016: "No active price for this sender.",
    1017: "No price for this sender.",
    1018: "The account is disabled.",
    1019: "The price of the account is disabled.",
    1020: "The parent account was not found.",
    1021: "The parent account is disabled.",
    1031: "The account is not verified.",
    1032: "This server's IP address is not allowed.",
}


async def send(client: httpx.AsyncClient, job: Job) -> Outcome:
    """Send by a form POST, so that the key is in no address."""
    form = {
        "api_key": job.secrets.get("api_key", ""),
        "type": "unicode" if job.is_unicode else "text",
        "number": job.number(),
        "senderid": job.settings.get("sender_id", ""),
        "message": job.text,
    }
    request = client.build_request("POST", job.address(HOST, "/api/smsapi"), data=form)
    answer = await call(client, request, job.seconds)
    if isinstance(answer, NotTaken | Doubtful):
        return answer
    body = read_json(answer)
    code = _code(body)
    if code is None:
        return by_status(answer) or unreadable(answer)
    return _meaning(code, body if isinstance(body, dict) else {})


def _code(body: Any) -> int | None:
    """The code of an object's `response_code` or of a bare number, as number or text."""
    value = body.get("response_code") if isinstance(body, dict) else body
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if str(value).isascii() and str(value).isdigit() else None


def _meaning(code: int, body: dict[str, Any]) -> Outcome:
    said = words(str(body.get("error_message") or "")) or _WORDS.get(code)
    if code == 202:
        reference = body.get("message_id")
        taken = words(str(body.get("success_message") or "")) or "SMS Submitted Successfully"
        return Taken("202", taken, str(reference)[:100] if reference is not None else None)
    if code == 1001:
        return NotTaken("message", str(code), said)
    if code == 1005:
        return NotTaken("moment", str(code), said)
    if 1000 <= code < 1100:
        return NotTaken("gateway", str(code), said or "The provider refused the message.")
    return Doubtful(str(code), said or "The provider answered with a code that nobody knows.")
