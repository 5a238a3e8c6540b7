"""SSL Wireless SMS Plus v3: JSON, with a reference of ours that it takes once a day.

A message that nobody heard the end of is asked about by sending it again under the same reference on the same
day: it is refused as repeated where it had arrived.
Source: lupael/Ispsolutions `app/Services/SmsService.php`; codes from one guide.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from services.notifications.domain import Doubtful, NotTaken, Outcome, Taken, ssl_reference, words
from services.notifications.providers.job import Job, by_status, call, read_json, unreadable
from shared import clock

HOST = "https://smsplus.sslwireless.com"
LONGEST_TEXT = 1_000
REPEATED = 4023
_DHAKA = ZoneInfo("Asia/Dhaka")
_WORDS = {
    4001: "The API token is wrong.",
    4002: "The sender (SID) is wrong.",
    4003: "This server's IP address is not allowed.",
    4005: "The number or the format is wrong.",
    4022: "A field is missing.",
    4023: "The provider has this message already.",
    4027: "The text is too long.",
    4029: "Too many messages at a time.",
    4031: "Too many messages at a time.",
}
_BLAME_MESSAGE = (4005, 4027)
_BLAME_MOMENT = (4029, 4031)


async def send(client: httpx.AsyncClient, job: Job) -> Outcome:
    """Send under the reference of the message's row."""
    outcome = await _submit(client, job)
    if outcome == _AGAIN:
        # The first time it can only be ours. Later, one that was refused may have used the reference up.
        return _HAD_IT if job.tries <= 1 else Doubtful(str(REPEATED), _WORDS[REPEATED])
    return outcome


async def ask(client: httpx.AsyncClient, job: Job, asks: int) -> Outcome | None:
    """Send again under the same reference, while it is known to be refused as repeated."""
    if _day(job.began_at) != _day(clock.now()):
        return None
    outcome = await _submit(client, job)
    if outcome == _AGAIN:
        return _HAD_IT
    if isinstance(outcome, NotTaken) and outcome.blame == "moment":
        return None
    return None if isinstance(outcome, Doubtful) else outcome


def _day(moment: datetime) -> object:
    return moment.astimezone(_DHAKA).date()


async def _submit(client: httpx.AsyncClient, job: Job) -> Outcome:
    if len(job.text) > LONGEST_TEXT:
        return NotTaken("message", "4027", _WORDS[4027])
    body = {
        "api_token": job.secrets.get("api_token", ""),
        "sid": job.settings.get("sid", ""),
        "msisdn": job.number(),
        "sms": job.text,
        "csms_id": ssl_reference(job.message_id.bytes),
    }
    request = client.build_request("POST", job.address(HOST, "/api/v3/send-sms"), json=body)
    answer = await call(client, request, job.seconds)
    if isinstance(answer, NotTaken | Doubtful):
        return answer
    said = read_json(answer)
    if not isinstance(said, dict) or _code(said) is None:
        return by_status(answer) or unreadable(answer)
    return _meaning(said)


def _code(said: dict[str, Any]) -> int | None:
    value = said.get("status_code")
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return int(value) if str(value).isascii() and str(value).isdigit() else None


def _meaning(said: dict[str, Any]) -> Outcome:
    code = _code(said)
    detail = words(str(said.get("error_message") or ""))
    if code == 200 and said.get("status") == "SUCCESS":
        return _of_one(said.get("smsinfo"), detail)
    if code == REPEATED:
        return _AGAIN
    detail = detail or _WORDS.get(code or 0) or "The provider refused the message."
    if code in _BLAME_MESSAGE:
        return NotTaken("message", str(code), detail)
    if code in _BLAME_MOMENT:
        return NotTaken("moment", str(code), detail)
    if said.get("status") == "FAILED" or code in _WORDS:
        return NotTaken("gateway", str(code), detail)
    return Doubtful(str(code), detail)


def _of_one(smsinfo: Any, detail: str | None) -> Outcome:
    """Return what was said of our one message within an answer that is a success as a whole."""
    one = smsinfo[0] if isinstance(smsinfo, list) and smsinfo and isinstance(smsinfo[0], dict) else {}
    status = one.get("sms_status", "SUCCESS")
    if status != "SUCCESS":
        return NotTaken("message", words(str(status), 60), detail or "The provider refused the message.")
    reference = one.get("reference_id")
    return Taken("200", detail or "Accepted", str(reference)[:100] if reference is not None else None)


_AGAIN = NotTaken("message", str(REPEATED), _WORDS[REPEATED])
_HAD_IT = Taken(str(REPEATED), _WORDS[REPEATED])
