"""Who may come in, for how long, and what they can never do to each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
import pytest
import pytest_asyncio

from gateway.access import Principal
from gateway.app import create_app
from gateway.commands import passwords
from gateway.context import Gateway
from gateway.operations.submit import signature
from gateway.store import users as user_store
from shared import clock
from shared.contracts.catalog import OperatorChanged
from shared.db import in_transaction
from shared.ids import new_id
from tests.integration.gateway.harness import GatewayHarness

PASSWORD = "correct-horse-battery"
ANOTHER = "seven blue kettles sing"
BEGAN = datetime(2030, 1, 1, 9, tzinfo=UTC)

Person = dict[str, Any]


@pytest_asyncio.fixture
async def at(gateway: Gateway) -> AsyncIterator[Callable[[str], httpx.AsyncClient]]:
    """`at("192.0.2.8")`: a browser at that address."""
    opened: list[httpx.AsyncClient] = []
    app = cache(lambda: create_app(gateway))  # made when it is asked for: a test may set limits before

    def browser(address: str = "192.0.2.8") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app(), client=(address, 4711))
        client = httpx.AsyncClient(transport=transport, base_url="http://desk.test/api/v1")
        opened.append(client)
        return client

    yield browser
    for client in opened:
        await client.aclose()


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every password is wrong, and found so in no time."""

    async def is_wrong(*_: object) -> bool:
        return False

    monkeypatch.setattr("gateway.commands.sessions.is_right", is_wrong)


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`after(hours=2)`: so long after this test began."""

    def pass_on(**passed: int) -> None:
        monkeypatch.setattr("shared.clock.now", lambda: BEGAN + timedelta(**passed))

    pass_on()
    return pass_on


async def add(gateway: Gateway, operator: OperatorChanged, role: str, email: str) -> Person:
    """A user with the tests' password."""
    user = {
        "id": new_id(),
        "email": email,
        "name": "Nasrin",
        "role": role,
        "operator_id": operator.operator_id,
        "password_hash": await passwords.hash_password(PASSWORD),
    }
    async with in_transaction(gateway.pool) as tx:
        await user_store.add_user(tx, user, clock.now())
    return user


async def sign_in(browser: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.AsyncClient:
    """The browser, signed in, with its CSRF token."""
    answer = await browser.post("/session", json={"email": email, "password": password})
    assert answer.status_code == 201, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return browser


async def make_token(browser: httpx.AsyncClient) -> dict[str, str]:
    made = (await browser.post("/tokens", json={"name": "script"})).json()
    return {"Authorization": f"Bearer {made['token']}"}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rsplit("/", 1)[1]


@pytest.mark.parametrize("change", [{"active": False}, {"password": ANOTHER}])
async def test_a_reset_or_a_deactivation_revokes_sessions_and_tokens_for_good(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient], change: dict[str, Any]
) -> None:
    await add(gateway, harness.root, "admin", "admin@desk.test")
    leaving = await add(gateway, harness.north, "operator", "leaving@desk.test")
    theirs = await sign_in(at(), "leaving@desk.test")
    token = await make_token(theirs)
    assert (await at().get("/me", headers=token)).status_code == 200
    admin = await sign_in(at(), "admin@desk.test")
    assert (await admin.patch(f"/users/{leaving['id']}", json=change)).status_code == 200
    assert (await admin.patch(f"/users/{leaving['id']}", json={"active": True})).status_code == 200
    assert (await theirs.get("/me")).status_code == 401
    assert (await at().get("/me", headers=token)).status_code == 401


async def test_ones_own_change_of_password_revokes_tokens_when_asked(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    browser = await sign_in(at(), "own@desk.test")
    token = await make_token(browser)
    changed = {"current_password": PASSWORD, "new_password": ANOTHER}
    assert (await browser.put("/me/password", json=changed)).status_code == 204
    assert (await at().get("/me", headers=token)).status_code == 200
    again = {"current_password": ANOTHER, "new_password": PASSWORD, "revoke_tokens": True}
    assert (await browser.put("/me/password", json=again)).status_code == 204
    assert (await at().get("/me", headers=token)).status_code == 401
    assert (await browser.get("/me")).status_code == 200


async def test_a_token_makes_no_tokens_and_nobody_makes_one_for_another(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.root, "admin", "admin@desk.test")
    other = await add(gateway, harness.north, "operator", "other@desk.test")
    admin = await sign_in(at(), "admin@desk.test")
    token = await make_token(admin)
    assert code(await at().post("/tokens", json={"name": "more"}, headers=token)) == (403, "forbidden")
    for_another = {"name": "theirs", "user_id": str(other["id"])}
    assert code(await admin.post("/tokens", json=for_another)) == (403, "forbidden")


async def test_a_token_shows_when_and_from_where_it_was_used_last(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    browser = await sign_in(at(), "own@desk.test")
    token = await make_token(browser)
    assert (await browser.get("/tokens")).json()["items"][0]["last_used_at"] is None
    await at("198.51.100.9").get("/me", headers=token)
    shown = (await browser.get("/tokens")).json()["items"][0]
    assert shown["last_used_from"] == "198.51.100.9"
    assert datetime.fromisoformat(shown["last_used_at"]) <= datetime.now(UTC)


async def test_a_token_ends_when_it_was_made_to(
    harness: GatewayHarness,
    gateway: Gateway,
    at: Callable[..., httpx.AsyncClient],
    after: Callable[..., None],
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    own = await sign_in(at(), "own@desk.test")
    body = {"name": "script", "expires_at": (BEGAN + timedelta(days=1)).isoformat()}
    token = {"Authorization": f"Bearer {(await own.post('/tokens', json=body)).json()['token']}"}
    after(hours=23)
    assert (await at().get("/me", headers=token)).status_code == 200
    after(hours=25)
    assert (await at().get("/me", headers=token)).status_code == 401


@pytest.mark.parametrize(
    "password",
    ["password1234", "123456789012", "qwertyuiop12", "            ", "nasrin@desk.test", "q8$Zu_p!4kL", ""],
)
async def test_a_common_or_short_password_is_refused(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient], password: str
) -> None:
    await add(gateway, harness.root, "admin", "admin@desk.test")
    admin = await sign_in(at(), "admin@desk.test")
    user = {"email": "nasrin@desk.test", "name": "Nasrin", "role": "viewer"}
    body = {**user, "password": password, "operator_id": str(harness.root.operator_id)}
    answer = await admin.post("/users", json=body)
    assert (*code(answer), answer.json()["errors"][0]["field"]) == (422, "weak-password", "password")


async def test_a_password_of_eleven_characters_is_too_short(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    browser = await sign_in(at(), "own@desk.test")
    body = {"current_password": PASSWORD, "new_password": "q8$Zu_p!4kL"}
    assert code(await browser.put("/me/password", json=body)) == (422, "weak-password")
    own = f"/users/{(await browser.get('/me')).json()['id']}"
    for password in ("q8$Zu_p!4kL", ""):
        assert code(await browser.patch(own, json={"password": password})) == (422, "weak-password")


async def test_a_password_is_the_same_with_its_blanks_in_every_way_in(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    browser = await sign_in(at(), "own@desk.test")
    spaced = f" {ANOTHER} "
    body = {"current_password": PASSWORD, "new_password": spaced}
    assert (await browser.put("/me/password", json=body)).status_code == 204
    await sign_in(at(), "own@desk.test", spaced)
    form = {"email": "own@desk.test", "password": spaced}
    page = await at().post("http://desk.test/sign-in", data=form)
    assert page.status_code == 303
    assert (await at().post("/session", json={**form, "password": ANOTHER})).status_code == 401


async def test_the_last_admin_of_the_root_stays_one(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    one = await add(gateway, harness.root, "admin", "one@desk.test")
    await add(gateway, harness.north, "admin", "not-of-the-root@desk.test")
    admin = await sign_in(at(), "one@desk.test")
    for change in ({"active": False}, {"role": "viewer"}, {"operator_id": str(harness.north.operator_id)}):
        assert code(await admin.patch(f"/users/{one['id']}", json=change)) == (409, "last-admin")
    as_the_form_says_it = {"name": "One", "role": "admin", "operator_id": str(harness.root.operator_id)}
    assert (await admin.patch(f"/users/{one['id']}", json=as_the_form_says_it)).status_code == 200
    two = await add(gateway, harness.root, "admin", "two@desk.test")
    other = await sign_in(at(), "two@desk.test")
    both = await asyncio.gather(
        admin.patch(f"/users/{two['id']}", json={"active": False}),
        other.patch(f"/users/{one['id']}", json={"active": False}),
    )
    # Whoever is first wins; the other is refused, or has no session left to ask with.
    assert sorted(answer.status_code == 200 for answer in both) == [False, True]


async def test_wrong_tries_for_one_account_shut_out_neither_the_office_nor_the_account(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "attacked@desk.test")
    await add(gateway, harness.north, "operator", "colleague@desk.test")
    office = at("203.0.113.5")
    attack = {"email": "attacked@desk.test", "password": "x"}
    tries = [await office.post("/session", json=attack) for _ in range(11)]
    assert [answer.status_code for answer in tries] == [401] * 10 + [429]
    await sign_in(at("203.0.113.5"), "colleague@desk.test")
    await sign_in(at("198.51.100.1"), "attacked@desk.test")


async def test_right_passwords_are_not_counted(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    for _ in range(12):
        await sign_in(at(), "own@desk.test")


@pytest.mark.usefixtures("wrong")
async def test_a_hundred_wrong_tries_an_hour_are_all_that_one_address_has(
    at: Callable[..., httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.http.limits.STRANGERS_A_SECOND", 1_000)
    browser = at()
    answers = [
        (await browser.post("/session", json={"email": f"{n}@x", "password": "x"})).status_code
        for n in range(101)
    ]
    assert answers == [401] * 100 + [429]


@pytest.mark.usefixtures("wrong")
async def test_a_hundred_wrong_tries_an_hour_are_all_that_one_account_has_from_everywhere(
    at: Callable[..., httpx.AsyncClient],
) -> None:
    attack = {"email": "attacked@desk.test", "password": "x"}
    answers = [
        (await at(f"198.51.100.{number}").post("/session", json=attack)).status_code for number in range(101)
    ]
    assert answers == [401] * 100 + [429]


async def test_the_current_password_cannot_be_guessed_at_will(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    browser = await sign_in(at(), "own@desk.test")
    body = {"current_password": "guess", "new_password": ANOTHER}
    tries = [(await browser.put("/me/password", json=body)).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


async def test_an_idle_session_ends_and_a_busy_one_goes_on(
    harness: GatewayHarness,
    gateway: Gateway,
    at: Callable[..., httpx.AsyncClient],
    after: Callable[..., None],
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    busy, idle = await sign_in(at(), "own@desk.test"), await sign_in(at(), "own@desk.test")
    after(minutes=90)
    assert (await busy.get("/me")).status_code == 200
    after(minutes=150)
    assert ((await busy.get("/me")).status_code, (await idle.get("/me")).status_code) == (200, 401)


async def test_a_session_that_is_never_idle_ends_after_twelve_hours(
    harness: GatewayHarness,
    gateway: Gateway,
    at: Callable[..., httpx.AsyncClient],
    after: Callable[..., None],
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    busy, answers = await sign_in(at(), "own@desk.test"), []
    for hour in range(1, 13):
        after(hours=hour)
        answers.append((await busy.get("/me")).status_code)
    assert answers == [200] * 11 + [401]


async def test_behind_tls_no_other_host_can_set_the_session(
    harness: GatewayHarness, gateway: Gateway
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    secure = replace(
        gateway, settings=gateway.settings.model_copy(update={"public_url": "https://desk.test"})
    )
    transport = httpx.ASGITransport(app=create_app(secure))
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.test/api/v1") as browser:
        body = {"email": "own@desk.test", "password": PASSWORD}
        cookie = (await browser.post("/session", json=body)).headers["set-cookie"]
    assert cookie.startswith("__Host-ispbills_session=")
    assert {"path=/", "secure", "httponly"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain=" not in cookie.lower()


@pytest.mark.parametrize(
    "elsewhere",
    [
        "/\t\\evil.test",
        "/\\evil.test",
        "//evil.test",
        "\t//evil.test",
        "https://evil.test",
        "/a\nb",
        "javascript:x",
        "",
    ],
)
async def test_signing_in_leads_to_a_path_of_ours(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient], elsewhere: str
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    form = {"email": "own@desk.test", "password": PASSWORD, "next": elsewhere}
    answer = await at().post("http://desk.test/sign-in", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/bills")


async def test_a_path_in_bengali_is_a_path_of_ours(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient]
) -> None:
    await add(gateway, harness.north, "operator", "own@desk.test")
    form = {"email": "own@desk.test", "password": PASSWORD, "next": "/bills?q=বাংলা"}
    answer = await at().post("http://desk.test/sign-in", data=form)
    assert answer.headers["location"] == "/bills?q=%E0%A6%AC%E0%A6%BE%E0%A6%82%E0%A6%B2%E0%A6%BE"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Nas\u200brin", "Nasrin"), ("\u202eNasrin", "Nasrin"), ("  Nasrin\u00a0 Akter ", "Nasrin Akter")],
)
async def test_a_name_is_kept_as_it_reads(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient], name: str, kept: str
) -> None:
    await add(gateway, harness.root, "admin", "admin@desk.test")
    admin = await sign_in(at(), "admin@desk.test")
    body = {"email": "n@desk.test", "password": ANOTHER, "role": "viewer"}
    answer = await admin.post(
        "/users", json={**body, "name": name, "operator_id": str(harness.root.operator_id)}
    )
    assert answer.json()["name"] == kept


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Аdministrator"), ("email", "аdmin@desk.test"), ("email", "a\u200bb@desk.test")],
)
async def test_what_looks_like_another_is_refused(
    harness: GatewayHarness, gateway: Gateway, at: Callable[..., httpx.AsyncClient], field: str, value: str
) -> None:
    await add(gateway, harness.root, "admin", "admin@desk.test")
    admin = await sign_in(at(), "admin@desk.test")
    body = {"email": "n@desk.test", "name": "N", "password": ANOTHER, "role": "viewer"}
    answer = await admin.post(
        "/users", json={**body, "operator_id": str(harness.root.operator_id), field: value}
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_payment_is_signed_by_who_they_are_and_not_by_what_they_call_themselves(
    harness: GatewayHarness, gateway: Gateway
) -> None:
    user = await add(gateway, harness.north, "collector", "nasrin@desk.test")
    principal = Principal(
        user["id"], user["email"], "Administrator", "collector", harness.north.operator_id, sees_all=False
    )
    actor = signature(principal)["actor"]
    assert (actor.signed_as, actor.name, actor.user_id) == ("nasrin@desk.test", "Administrator", user["id"])
    by_token = signature(replace(principal, token_id=new_id()))["actor"]
    assert (by_token.signed_as, by_token.user_id) == ("nasrin@desk.test", user["id"])
