"""Twilio: its REST API, with delivery reports that it signs.

It knows no reference of ours; a message that nobody heard the end of is looked for among those to its number
by its very text, and counts as never sent when it is not there after half an hour.
Source: https://www.twilio.com/docs/messaging/api/message-resource, https://www.twilio.com/docs/usage/security
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from services.notifications.domain import ASKED_AFTER, Doubtful, NotTaken, Outcome, Taken, words
from services.notifications.providers.job import Job, by_status, call, read_json, unreadable

HOST = "https://api.twilio.com"
_BLAME_MESSAGE = (21211, 21214, 21217, 21219, 21265, 21408, 21421, 21610, 21612, 21614, 21617)
_BLAME_MOMENT = (14107, 20429, 21611, 30001)
_GONE_WRONG = ("failed", "canceled")
_CLOCKS_DIFFER = timedelta(minutes=2)


async def send(client: httpx.AsyncClient, job: Job) -> Outcome:
    """Send, and say where reports may come to."""
    form = {"To": job.mobile, "Body": job.text} | _from(str(job.settings.get("from", "")))
    if job.report_url:
        form["StatusCallback"] = job.report_url
    request = client.build_request("POST", _messages(job), data=form, headers=_authorization(job))
    answer = await call(client, request, job.seconds)
    if isinstance(answer, NotTaken | Doubtful):
        return answer
    said = read_json(answer)
    if isinstance(said, dict) and isinstance(said.get("sid"), str) and answer.status < 300:
        return _taken(said)
    if isinstance(said, dict) and isinstance(said.get("code"), int) and 400 <= answer.status < 500:
        return _refused(said)
    return by_status(answer) or unreadable(answer)


async def ask(client: httpx.AsyncClient, job: Job, asks: int) -> Outcome | None:
    """Look for the message among those to its number."""
    address = f"{_messages(job)}?To={quote(job.mobile, safe='')}&PageSize=100"
    request = client.build_request("GET", address, headers=_authorization(job))
    answer = await call(client, request, job.seconds)
    if isinstance(answer, NotTaken | Doubtful) or answer.status != 200:
        return None
    said = read_json(answer)
    if not isinstance(said, dict) or not isinstance(said.get("messages"), list):
        return None
    for each in said["messages"]:
        if isinstance(each, dict) and each.get("body") == job.text and _since(each, job.began_at):
            return _taken(each)
    if asks < len(ASKED_AFTER) - 1:
        return None
    return NotTaken("moment", "never-arrived", "The provider has no such message.")


def is_signed(auth_token: str, url: str, form: Mapping[str, str], signature: str) -> bool:
    """Whether a report bears the signature of whoever holds the account's token."""
    signed = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(base64.b64encode(digest), signature.encode())


def _messages(job: Job) -> str:
    account = quote(str(job.settings.get("account_sid", "")), safe="")
    return job.address(HOST, f"/2010-04-01/Accounts/{account}/Messages.json")


def _authorization(job: Job) -> dict[str, str]:
    pair = f"{job.settings.get('account_sid', '')}:{job.secrets.get('auth_token', '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _from(sender: str) -> dict[str, str]:
    return {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}


def _taken(said: dict[str, Any]) -> Outcome:
    status = str(said.get("status", "queued"))
    if status in _GONE_WRONG:
        return NotTaken(
            "message", str(said.get("error_code") or status), words(str(said.get("error_message") or ""))
        )
    return Taken(status[:60], f"Twilio has it: {status}."[:100], str(said.get("sid"))[:100])


def _refused(said: dict[str, Any]) -> NotTaken:
    code, detail = said["code"], words(str(said.get("message") or "")) or "Twilio refused the message."
    if code in _BLAME_MESSAGE:
        return NotTaken("message", str(code), detail)
    return NotTaken("moment" if code in _BLAME_MOMENT else "gateway", str(code), detail)


def _since(said: dict[str, Any], began_at: datetime) -> bool:
    """Whether it is not an older message of the same words."""
    try:
        return parsedate_to_datetime(str(said.get("date_created"))) >= began_at - _CLOCKS_DIFFER
    except (ValueError, TypeError):
        return False
