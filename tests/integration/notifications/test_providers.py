"""What each provider's answers mean, over the wire: a status of success is no success of its own."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from devstack.simulators.sms import PAGE
from shared.contracts.notifications import MessageFailed, MessageSent, MessageUnknown
from tests.integration.notifications.harness import LINK, ROOT, VALUES, NotificationsHarness, sealed

DEEP = "[" * 100_000
NONSENSE = [
    "",
    "   ",
    PAGE,
    "null",
    "true",
    '{"hello": "world"}',
    "[]",
    '"ok"',
    "999999",
    "\x00\x01",
    DEEP,
    "💥",
]


async def end_of(harness: NotificationsHarness, **more: Any) -> Any:
    message = harness.message(**more)
    await harness.send(message)
    return await harness.last(message.message_id)


@pytest.mark.parametrize("integer_body", [False, True])
async def test_bulksmsbd_says_1007_with_http_200_and_it_is_a_failure(
    harness: NotificationsHarness, integer_body: bool
) -> None:
    await harness.configure("bulksmsbd")
    harness.simulator.bulksmsbd.traps.code = 1007
    harness.simulator.bulksmsbd.traps.integer_body = integer_body
    said = await end_of(harness)
    assert (said.state, said.code) == ("failed", "1007")
    assert said.detail == ("The balance is too low." if integer_body else "Balance Insufficient")


@pytest.mark.parametrize("integer_body", [False, True])
async def test_bulksmsbd_takes_a_message_with_202_as_object_or_number(
    harness: NotificationsHarness, integer_body: bool
) -> None:
    await harness.configure("bulksmsbd")
    harness.simulator.bulksmsbd.traps.integer_body = integer_body
    said = await end_of(harness)
    assert (said.state, said.code) == ("sent", "202")
    (asked,) = harness.simulator.bulksmsbd.requests
    assert (asked["number"], asked["senderid"]) == ("8801711000412", "SHAPLANET")


@pytest.mark.parametrize(
    ("provider", "simulated"),
    [("bulksmsbd", "bulksmsbd"), ("sslwireless", "sslwireless"), ("twilio", "twilio")],
)
@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda text: text[:12].encode("unicode_escape").decode())
async def test_an_answer_that_says_nothing_leaves_it_unknown(
    harness: NotificationsHarness, provider: Any, simulated: str, nonsense: str
) -> None:
    await harness.configure(provider)
    getattr(harness.simulator, simulated).traps.body = nonsense
    said = await end_of(harness)
    assert isinstance(said, MessageUnknown)
    assert "<" not in (said.detail or "")


async def test_a_number_that_nobody_can_reach_is_not_tried_elsewhere(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd", priority=1)
    await harness.configure("sandbox", priority=2)
    harness.simulator.bulksmsbd.traps.code = 1001
    assert (await end_of(harness)).code == "1001"


@pytest.mark.parametrize(
    ("code", "state"),
    [(4001, "failed"), (4005, "failed"), (4029, "queued"), (4099, "failed"), (4023, "sent")],
)
async def test_ssl_wireless_says_what_is_wrong_in_its_body(
    harness: NotificationsHarness, code: int, state: str
) -> None:
    await harness.configure("sslwireless")
    harness.simulator.sslwireless.traps.code = code
    said = await end_of(harness)
    assert (said.state, said.code) == (state, str(code))


async def test_ssl_wireless_gets_a_reference_that_it_can_keep(harness: NotificationsHarness) -> None:
    await harness.configure("sslwireless")
    message = harness.message()
    await harness.send(message)
    (asked,) = harness.simulator.sslwireless.requests
    assert len(asked["csms_id"]) == 19
    assert (await harness.row(message.message_id))["reference"] == "ref-1"


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [(21211, 400, "failed"), (21610, 400, "failed"), (20003, 401, "failed"), (20429, 429, "queued")],
)
async def test_twilio_says_what_is_wrong(
    harness: NotificationsHarness, code: int, status: int, state: str
) -> None:
    await harness.configure("twilio")
    harness.simulator.twilio.traps.code, harness.simulator.twilio.traps.status = code, status
    said = await end_of(harness)
    assert (said.state, said.code, said.detail) == (state, str(code), "Refused by a trap")


async def test_twilio_is_told_where_its_reports_may_come_to(harness: NotificationsHarness) -> None:
    await harness.configure("twilio")
    message = harness.message()
    await harness.send(message)
    (asked,) = harness.simulator.twilio.requests
    assert asked["StatusCallback"] == f"https://notifications.example/reports/twilio/{message.message_id}"
    assert asked["From"] == "+15005550006"


async def test_a_wrong_key_fails_a_test_with_the_providers_own_words(harness: NotificationsHarness) -> None:
    wrong = sealed({"api_key": "another-key"}, "bulksmsbd", ROOT)
    await harness.configure("bulksmsbd", sealed=wrong)
    said = await harness.ask(harness.testing())
    assert isinstance(said, MessageFailed)
    assert (said.code, said.detail) == ("1011", "User Id Not Found")
    assert said.customer_id is None


async def test_a_test_says_the_providers_answer_also_when_it_worked(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    said = await harness.ask(harness.testing())
    assert isinstance(said, MessageSent)
    assert (said.code, said.detail) == ("202", "SMS Submitted Successfully")
    assert (
        harness.simulator.bulksmsbd.sent[0].text == "A test message from Shapla Net: your SMS gateway works."
    )


async def test_a_test_ends_at_once_and_with_exactly_the_gateway_that_is_tested(
    harness: NotificationsHarness,
) -> None:
    tested = await harness.configure("bulksmsbd", priority=1, enabled=False)
    await harness.configure("sandbox", priority=0)
    harness.simulator.bulksmsbd.traps.fail_every = 1  # for the moment; a person does not wait for it
    said = await harness.ask(harness.testing(gateway_id=tested.gateway_id))
    assert (said.state, said.code, said.gateway_id) == ("failed", "1005", tested.gateway_id)
    assert isinstance(await harness.ask(harness.testing()), MessageSent)
    assert (await harness.refusal(harness.testing(to="01711-000100, 01811-000555"))).code == "no-mobile"


async def test_a_key_that_a_provider_repeats_is_masked(harness: NotificationsHarness) -> None:
    await harness.configure("bulksmsbd")
    traps = harness.simulator.bulksmsbd.traps
    traps.code, traps.repeats_the_key = 1032, True
    assert (await harness.ask(harness.testing())).detail == "Internal Error (api_key •••)"


async def test_a_link_or_number_that_a_provider_repeats_is_masked(harness: NotificationsHarness) -> None:
    await harness.configure("http")
    token = LINK.rpartition("/")[2]
    harness.simulator.generic.traps.body = (
        f'{{"status": "FAILED", "echo": "{LINK} {token}", "to": "+8801711000412", "n": "01711000412"}}'
    )
    said = await end_of(harness)
    assert said.state == "failed"
    assert said.detail == '{"status": "FAILED", "echo": "••• •••", "to": "•••", "n": "•••"}'


# A gateway that is described by templates


async def own(harness: NotificationsHarness, **settings: Any) -> None:
    secret = {"secret": "s&cret \"<'>"} if "{secret}" in json.dumps(settings) else None
    await harness.configure(
        "http",
        settings={"url": f"{harness.address}/generic"} | settings,
        sealed=sealed(secret, "http", ROOT) if secret else None,
    )


async def test_without_templates_it_is_json_of_to_text_and_reference(harness: NotificationsHarness) -> None:
    await own(harness)
    message = harness.message()
    await harness.send(message)
    (asked,) = harness.simulator.generic.requests
    body = json.loads(asked["raw"])
    assert body.keys() == {"to", "text", "reference"}
    assert (body["to"], body["reference"]) == ("+8801711000412", str(message.message_id))
    assert LINK in body["text"]


AWKWARD = "A&B=1#?/%41+\"\\ '<c>&to=999"


async def test_a_name_adds_no_parameter_to_an_address(harness: NotificationsHarness) -> None:
    address = f"{harness.address}/generic?api_key={{secret}}&type={{unicode}}&to={{to}}&text={{text}}"
    await own(harness, url=address, method="GET", number_format="digits", unicode_values=["text", "unicode"])
    await harness.send(harness.message(values=VALUES | {"customer": AWKWARD}))
    (asked,) = harness.simulator.generic.requests
    assert asked["to"] == "8801711000412"
    assert asked["text"].startswith(f"Dear {AWKWARD}, your")
    assert asked["api_key"] == "s&cret \"<'>"
    assert asked["type"] == "text"


async def test_a_template_of_another_program_is_taken_over_as_it_is(harness: NotificationsHarness) -> None:
    await own(harness, url=f"{harness.address}/generic?to=[number]&text=[text]", method="GET")
    await harness.send(harness.message())
    (asked,) = harness.simulator.generic.requests
    assert asked["to"] == "+8801711000412"
    assert LINK in asked["text"]


async def test_a_name_adds_no_field_to_a_query_a_form_or_json(harness: NotificationsHarness) -> None:
    await own(
        harness,
        method="GET",
        query={"contacts": "{to}", "msg": "{text}", "k": "{secret}"},
        number_format="national",
    )
    await harness.send(harness.message(values=VALUES | {"customer": AWKWARD}))
    await harness.pool.execute("UPDATE sms_gateway SET removed = TRUE, enabled = FALSE")
    await own(harness, body="number={to}&message={text}&u={unicode}")
    await harness.send(harness.message(values=VALUES | {"customer": AWKWARD}))
    await harness.pool.execute("UPDATE sms_gateway SET removed = TRUE, enabled = FALSE")
    await own(harness, body='{"n": "{to}", "m": "{text}", "k": "{secret}"}', headers={"X-Key": "{secret}"})
    await harness.send(harness.message(values=VALUES | {"customer": AWKWARD}))
    query, form, body = harness.simulator.generic.requests
    assert query["contacts"] == "01711000412"
    assert query["msg"].startswith(f"Dear {AWKWARD}, your")
    fields = parse_qs(form["raw"], keep_blank_values=True)
    assert fields.keys() == {"number", "message", "u"}
    assert fields["message"][0].startswith(f"Dear {AWKWARD}, your")
    read = json.loads(body["raw"])
    assert read.keys() == {"n", "m", "k"}
    assert read["m"].startswith(f"Dear {AWKWARD}, your")
    assert body["headers"]["x-key"] == "s&cret \"<'>"


@pytest.mark.parametrize(
    ("settings", "answer", "state"),
    [
        ({}, "OK", "sent"),
        ({}, '{"response_code": 1007}', "failed"),
        ({}, "1007", "failed"),
        ({}, '{"success": false}', "failed"),
        ({}, '{"status": "FAILED"}', "failed"),
        ({}, '{"error": "no balance"}', "failed"),
        ({}, '{"status": "ok", "error": ""}', "sent"),
        ({"success_pattern": '"response_code": ?202'}, '{"response_code": 202}', "sent"),
        ({"success_pattern": '"response_code": ?202'}, '{"response_code": 1007}', "failed"),
        ({"success_pattern": "^ok$"}, "", "unknown"),
        ({"success_pattern": "^ok$"}, PAGE, "unknown"),
        ({"success_pattern": "ok", "failure_pattern": "not ok"}, "not ok", "failed"),
        ({"success_pattern": "(a+)+$"}, "a" * 3_000 + "!", "failed"),
    ],
)
async def test_the_body_has_the_say_behind_a_status_of_success(
    harness: NotificationsHarness, settings: dict[str, Any], answer: str, state: str
) -> None:
    await own(harness, **settings)
    harness.simulator.generic.traps.body = answer
    said = await end_of(harness)
    assert said.state == state
    if answer == '{"response_code": 1007}':
        assert said.code == "1007"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (301, "failed"),
        (400, "failed"),
        (401, "failed"),
        (404, "failed"),
        (429, "queued"),
        (503, "queued"),
        (500, "unknown"),
    ],
)
async def test_a_status_alone_means_what_it_means(
    harness: NotificationsHarness, status: int, state: str
) -> None:
    await own(harness)
    harness.simulator.generic.traps.body, harness.simulator.generic.traps.status = "busy", status
    said = await end_of(harness)
    assert (said.state, said.code) == (state, f"http-{status}")


async def test_what_a_provider_says_not_to_have_sent_was_not_sent_whatever_its_status(
    harness: NotificationsHarness,
) -> None:
    await own(harness, failure_pattern="queue full")
    harness.simulator.generic.traps.body, harness.simulator.generic.traps.status = "queue full", 500
    assert (await end_of(harness)).state == "failed"


async def test_the_providers_reference_is_found_in_its_answer(harness: NotificationsHarness) -> None:
    await own(harness, reference_pattern='"id": "([^"]+)"')
    message = harness.message()
    await harness.send(message)
    assert (await harness.row(message.message_id))["reference"] == "g-1"
