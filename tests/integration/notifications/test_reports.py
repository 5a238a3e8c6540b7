"""Delivery reports: believed from whoever can prove to be the provider, and from nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from services.notifications.http import create_app
from services.notifications.reports import report_url
from shared.ids import new_id
from tests.integration.notifications.harness import LINK, NotificationsHarness

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest_asyncio.fixture
async def outside(harness: NotificationsHarness) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls our address from outside."""
    app = create_app(harness.vault, harness.public_url, lambda: harness.pool)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url=harness.public_url
    ) as client:
        yield client


def signature(
    harness: NotificationsHarness, message_id: UUID, form: dict[str, str], token: str | None = None
) -> str:
    url = f"{harness.public_url}/reports/twilio/{message_id}"
    signed = url + "".join(name + form[name] for name in sorted(form))
    key = (token or harness.simulator.auth_token).encode()
    return base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()


async def report(
    client: httpx.AsyncClient,
    harness: NotificationsHarness,
    message_id: UUID,
    status: str,
    signed: str | None = None,
    **more: str,
) -> int:
    form = {"MessageSid": "SM1", "MessageStatus": status, **more}
    headers = {"X-Twilio-Signature": signature(harness, message_id, form) if signed is None else signed}
    path = f"/reports/twilio/{message_id}"
    return (await client.post(path, data=form, headers=headers)).status_code


async def sent_by_twilio(harness: NotificationsHarness) -> UUID:
    await harness.configure("twilio")
    message = harness.message()
    await harness.send(message)
    return message.message_id


async def test_a_signed_report_says_that_the_telephone_has_it(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    message_id = await sent_by_twilio(harness)
    for status in ("sent", "delivered", "delivered", "sent", "undelivered"):
        assert await report(outside, harness, message_id, status) == 204
    states = [each.state for each in await harness.states(message_id)]
    assert states == ["queued", "sending", "sent", "delivered"]


async def test_a_report_of_failure_carries_the_code_of_the_provider(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    message_id = await sent_by_twilio(harness)
    assert await report(outside, harness, message_id, "undelivered", ErrorCode="30003") == 204
    said = await harness.last(message_id)
    assert (said.state, said.code) == ("failed", "30003")
    assert await harness.attempts(message_id) == [
        "taken"
    ]  # it was sent, and paid for; nothing goes out again


async def test_a_report_tells_what_nobody_knew(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    with harness.unanswered(harness.simulator.twilio):
        message_id = await sent_by_twilio(harness)
    assert (await harness.last(message_id)).state == "unknown"
    assert await report(outside, harness, message_id, "sent") == 204
    assert (await harness.last(message_id)).state == "sent"
    assert await harness.attempts(message_id) == ["taken"]


@pytest.mark.parametrize("forgery", ["", "AAAA", "another-token", "other-message", "altered"])
async def test_a_forged_report_changes_nothing(
    outside: httpx.AsyncClient, harness: NotificationsHarness, forgery: str
) -> None:
    message_id = await sent_by_twilio(harness)
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    signed = {
        "another-token": signature(harness, message_id, form, "stolen"),
        "other-message": signature(harness, new_id(), form),
        "altered": signature(harness, message_id, form | {"MessageStatus": "failed"}),
    }.get(forgery, forgery)
    assert await report(outside, harness, message_id, "delivered", signed=signed) == 401
    assert (await harness.last(message_id)).state == "sent"


async def test_a_report_on_nothing_of_theirs_is_not_found(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    await harness.configure("sandbox")
    message = harness.message()
    await harness.send(message)
    assert await report(outside, harness, message.message_id, "delivered") == 404
    assert await report(outside, harness, new_id(), "delivered") == 404
    assert (await outside.post("/reports/twilio/x")).status_code == 404
    assert (await outside.get("/")).status_code == 404


async def told_where(harness: NotificationsHarness) -> tuple[UUID, str]:
    settings = {
        "url": f"{harness.address}/generic",
        "body": '{"to":"{to}","text":"{text}","dlr":"{report_url}"}',
    }
    await harness.configure("http", settings=settings)
    message = harness.message()
    await harness.send(message)
    where: str = harness.simulator.generic.requests[-1]["dlr"]
    return message.message_id, where


@pytest.mark.parametrize("how", ["query", "form", "json"])
async def test_a_gateway_of_ones_own_reports_at_the_address_that_went_out_with_the_message(
    outside: httpx.AsyncClient, harness: NotificationsHarness, how: str
) -> None:
    message_id, where = await told_where(harness)
    fields = {"Status": "DELIVRD", "id": "g-1"}
    sending = {
        "query": lambda: outside.get(where, params=fields),
        "form": lambda: outside.post(where, data=fields),
        "json": lambda: outside.post(where, json=fields),
    }
    assert (await sending[how]()).status_code == 204
    assert (await harness.last(message_id)).state == "delivered"


async def test_at_any_other_address_a_report_is_a_strangers(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    message_id, where = await told_where(harness)
    other = report_url(harness.vault, harness.public_url, "http", new_id())
    assert other is not None
    forged = f"{where.rpartition('/')[0]}/{other.rpartition('/')[2]}"
    for wrong in (forged, where[:-1] + ("0" if where[-1] != "0" else "1"), where[:-1], where + "é"):
        answer = await outside.get(wrong, params={"status": "delivered"})
        assert answer.status_code in (401, 404)
    assert (await harness.last(message_id)).state == "sent"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[1,2]", "application/json"),
        ("{", "application/json"),
        ("\xff\xfe", "text/plain"),
        ("status=%00%FF", FORM["content-type"]),
    ],
)
async def test_a_report_of_nonsense_is_no_fault_of_ours(
    outside: httpx.AsyncClient, harness: NotificationsHarness, body: str, kind: str
) -> None:
    message_id, where = await told_where(harness)
    answer = await outside.post(where, content=body.encode("latin-1"), headers={"content-type": kind})
    assert answer.status_code in (204, 400)
    assert (await harness.last(message_id)).state == "sent"


async def test_a_body_without_end_is_refused(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    message_id, where = await told_where(harness)
    answer = await outside.post(where, content=b"status=" + b"x" * 100_000, headers=FORM)
    assert answer.status_code == 413
    assert (await harness.last(message_id)).state == "sent"


async def test_the_sandbox_has_a_page_in_development_and_nowhere_else(
    outside: httpx.AsyncClient, harness: NotificationsHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await harness.configure("sandbox")
    await harness.send(harness.message(values={"customer": "<script>alert(1)</script>"}))
    page = (await outside.get("/sandbox/inbox")).text
    assert f'<a href="{LINK}">' in page
    assert "<script>alert" not in page
    (sms,) = (await outside.get("/sandbox/inbox.json")).json()
    assert LINK in sms["text"]
    monkeypatch.setenv("ISPBILLS_ENVIRONMENT", "production")
    for path in ("/sandbox/inbox", "/sandbox/inbox.json"):
        assert (await outside.get(path)).status_code == 404


async def test_while_the_database_is_away_a_provider_is_asked_to_say_it_again(
    outside: httpx.AsyncClient, harness: NotificationsHarness
) -> None:
    message_id = await sent_by_twilio(harness)
    await harness.pool.close()
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    heard = await outside.post(
        f"/reports/twilio/{message_id}",
        data=form,
        headers={"X-Twilio-Signature": signature(harness, message_id, form)},
    )
    assert (heard.status_code, heard.json()["title"]) == (503, "unavailable")
    assert heard.headers["Retry-After"]
