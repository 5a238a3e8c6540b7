"""Two-factor sign-in: a stolen password alone opens nothing, and a code opens once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pyotp
import pytest
from click.testing import CliRunner

from cli.main import main
from gateway.access import Principal
from gateway.commands import second_factor
from gateway.context import Gateway
from shared import clock
from tests.integration.gateway.harness import GatewayHarness
from tests.security.test_people import PASSWORD, add, at, code, sign_in

__all__ = ["at"]

Browser = Callable[..., httpx.AsyncClient]
EMAIL = "admin@desk.test"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """`later(30)`: half a minute has gone by since nine o'clock."""
    began = datetime(2030, 1, 1, 9, tzinfo=UTC)
    monkeypatch.setattr("shared.clock.now", lambda: began)
    return lambda seconds: monkeypatch.setattr("shared.clock.now", lambda: began + timedelta(seconds=seconds))


async def with_second_factor(harness: GatewayHarness, gateway: Gateway) -> tuple[str, list[str]]:
    """The secret and the recovery codes of an admin who has just turned it on."""
    user = await add(gateway, harness.root, "admin", EMAIL)
    principal = Principal(user["id"], EMAIL, "Nasrin", "admin", harness.root.operator_id, sees_all=True)
    setup = second_factor.begin(gateway, principal)
    return setup.secret, await second_factor.turn_on(gateway, principal, setup.sealed, shown(setup.secret))


def shown(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(clock.now())


async def try_code(browser: httpx.AsyncClient, typed: str | None) -> httpx.Response:
    body = {"email": EMAIL, "password": PASSWORD}
    return await browser.post("/session", json=body if typed is None else body | {"code": typed})


async def test_the_password_alone_is_answered_by_asking_for_the_code(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    secret, _ = await with_second_factor(harness, gateway)
    later(60)
    assert code(await try_code(at(), None)) == (401, "code-required")
    assert code(await try_code(at(), "000000")) == (401, "code-required")
    assert (await try_code(at(), shown(secret))).status_code == 201


async def test_a_code_opens_once_even_for_two_at_once(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    secret, _ = await with_second_factor(harness, gateway)
    assert code(await try_code(at(), shown(secret))) == (401, "code-required"), "it confirmed the set-up"
    later(60)
    both = await asyncio.gather(*(try_code(at(), shown(secret)) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [201, 401]


async def test_a_recovery_code_opens_once(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    _, codes = await with_second_factor(harness, gateway)
    assert len(set(codes)) == 10
    answers = [(await try_code(at(), each)).status_code for each in (codes[3], codes[3], codes[4])]
    assert answers == [201, 401, 201]


async def test_codes_cannot_be_guessed_at_will(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    await with_second_factor(harness, gateway)
    answers = [(await try_code(at(), f"{number:06d}")).status_code for number in range(11)]
    assert answers == [401] * 10 + [429]


async def test_who_lost_phone_and_recovery_codes_is_let_in_again_by_the_command_line(
    harness: GatewayHarness, gateway: Gateway, at: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    await with_second_factor(harness, gateway)
    assert code(await try_code(at(), None)) == (401, "code-required")
    monkeypatch.setenv("GATEWAY_DATABASE_URL", gateway.settings.database_url)
    # A stack of this machine's own would lend the command line its addresses.
    monkeypatch.setenv("ISPBILLS_STATE_DIR", str(tmp_path))
    reset = ["users", "reset-second-factor", "--email"]
    nobody, known = [
        await asyncio.to_thread(CliRunner().invoke, main, [*reset, email])
        for email in ("nobody@desk.test", EMAIL.upper())
    ]
    assert (nobody.exit_code, "no such user" in nobody.output) == (1, True)
    assert (known.exit_code, "by the password alone" in known.output) == (0, True)
    assert (await try_code(at(), None)).status_code == 201
    row = await gateway.pool.fetchrow("SELECT second_factor, recovery_codes FROM user_account")
    assert not any(row.values()), "an old recovery code is of no use any more"


async def test_the_page_asks_for_the_code_in_a_second_step(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    secret, _ = await with_second_factor(harness, gateway)
    later(60)
    page = await at().post("http://desk.test/sign-in", data={"email": EMAIL, "password": PASSWORD})
    assert page.status_code == 200
    assert PASSWORD not in page.text
    ticket = page.text.split('name="ticket" value="')[1].split('"')[0]
    wrong = await at().post("http://desk.test/sign-in", data={"ticket": ticket, "code": "000000"})
    assert wrong.status_code == 401
    late = ticket[:-8] + "AAAAAAA="
    assert (
        await at().post("http://desk.test/sign-in", data={"ticket": late, "code": shown(secret)})
    ).status_code == 401
    right = await at().post("http://desk.test/sign-in", data={"ticket": ticket, "code": shown(secret)})
    assert (right.status_code, right.headers["location"]) == (303, "/bills")


async def test_it_is_set_up_on_the_account_page_and_turned_off_with_the_password(
    harness: GatewayHarness, gateway: Gateway, at: Browser, later: Callable[[int], None]
) -> None:
    await add(gateway, harness.root, "admin", EMAIL)
    browser = await sign_in(at(), EMAIL)
    csrf = {"csrf_token": browser.headers["X-CSRF-Token"]}
    page = await browser.get("http://desk.test/account/second-factor")
    sealed = page.text.split('name="sealed" value="')[1].split('"')[0]
    secret = page.text.split('<p class="number">')[1].split("<")[0]
    wrong = csrf | {"sealed": sealed, "code": "000000"}
    assert (await browser.post("http://desk.test/account/second-factor", data=wrong)).status_code == 422
    right = csrf | {"sealed": sealed, "code": shown(secret)}
    on = await browser.post("http://desk.test/account/second-factor", data=right)
    assert on.status_code == 200
    assert on.text.count("<li>") >= 10
    assert code(await try_code(at(), None)) == (401, "code-required")
    off = "http://desk.test/account/second-factor/off"
    assert (await browser.post(off, data=csrf | {"current_password": "guess"})).status_code == 422
    assert (await browser.post(off, data=csrf | {"current_password": PASSWORD})).status_code == 303
    assert (await try_code(at(), None)).status_code == 201


async def test_the_secret_rests_sealed(
    harness: GatewayHarness, gateway: Gateway, later: Callable[[int], None]
) -> None:
    secret, codes = await with_second_factor(harness, gateway)
    row = await gateway.pool.fetchrow("SELECT second_factor, recovery_codes FROM user_account")
    assert secret.encode() not in row["second_factor"]
    assert not {each.encode() for each in codes} & set(row["recovery_codes"])
