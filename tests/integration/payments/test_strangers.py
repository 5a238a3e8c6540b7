"""What strangers send to the public routes: refused in words, never an error of ours, nothing written."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from tests.integration.payments.online import Online

ODD = ("\x00", "%00", "../../etc/passwd", "' OR 1=1 --", "ক" * 22, "a" * 3_000, "\ud7ff", "<script>", " ")
BODIES = (b"", b"\xff\xfe\x00", b"{", b"[]", b"null", b'{"reference": 5}', b"a=%00&b=%ff", b"x" * 70_000)
TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "")


async def written(online: Online) -> list[object]:
    tables = ("payment_link", "checkout", "callback", "outbox", "held_payment", "payment")
    return [await online.harness.pool.fetch(f"SELECT * FROM {table}") for table in tables]


async def test_odd_addresses_are_unknown_pages(online: Online) -> None:
    for odd in ODD:
        for path in ("/pay/{}", "/paid/{}", "/sandbox/pay?reference={}", "/webhooks/{}", "/{}"):
            answer = await online.browser.get(path.format(quote(odd, safe="")))
            assert 400 <= answer.status_code < 500, (path, odd, answer.status_code)


@pytest.mark.usefixtures("unasked")
async def test_odd_bodies_are_refused(online: Online) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    await online.checkout(token, "sandbox")
    reference = (await online.row())["reference"]
    before = await written(online)
    paths = [f"/webhooks/{name}" for name in ("sandbox", "bkash", "sslcommerz", "stripe", "nobody")]
    paths += [f"/pay/{token}/checkout", "/sandbox/pay"]
    for path in paths:
        for body in BODIES:
            for kind in TYPES:
                answer = await online.browser.post(path, content=body, headers={"Content-Type": kind})
                assert 400 <= answer.status_code < 500, (path, body[:20], kind, answer.status_code)
    assert await written(online) == before
    for body in BODIES:
        for kind in TYPES:
            answer = await online.browser.post(
                f"/paid/{reference}", content=body, headers={"Content-Type": kind}
            )
            assert answer.status_code < 500, (body[:20], kind)


async def test_while_the_database_is_away_customers_and_providers_are_asked_to_try_again(
    online: Online, monkeypatch: pytest.MonkeyPatch
) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    reference = (await online.checkout(token, "sandbox")).partition("reference=")[2]
    monkeypatch.setattr(online.harness.pool, "_closed", True)
    for path in (f"/pay/{token}", f"/paid/{reference}"):
        shown = await online.browser.get(path, headers={"Accept-Language": "bn"})
        assert (shown.status_code, "এক মিনিট পরে" in shown.text) == (503, True)
        assert shown.headers["Retry-After"]
    for provider in ("sandbox", "bkash", "sslcommerz", "stripe"):
        heard = await online.browser.post(f"/webhooks/{provider}", json={"reference": reference})
        assert heard.status_code in (401, 503), provider
    heard = await online.browser.post("/webhooks/sandbox", json={"reference": reference})
    assert (heard.status_code, heard.json(), bool(heard.headers["Retry-After"])) == (
        503, {"outcome": "try-again"}, True,
    )  # fmt: skip
    monkeypatch.undo()


@pytest.mark.parametrize("path", ["/pay/{}", "/paid/{}"])
async def test_what_is_shown_is_escaped_and_bare_of_scripts(online: Online, path: str) -> None:
    await online.sandbox()
    harness = online.harness
    changed = harness.customer_changed("C-1").model_copy(update={"name": "<b onclick=x>&\"'"})
    await harness.tell(changed)
    invoice = await harness.billed(changed.customer_id)
    token = await online.link(changed.customer_id, invoice)
    reference = (await online.checkout(token, "sandbox")).partition("reference=")[2]
    await online.call_back(reference)
    page = await online.browser.get(path.format(token if path == "/pay/{}" else reference))
    assert page.status_code == 200
    assert "<b onclick" not in page.text
    assert "&lt;b onclick" in page.text
    assert "script" not in page.headers["content-security-policy"]


async def test_many_at_once_are_served(online: Online) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    answers = await asyncio.gather(*(online.browser.get(f"/pay/{token}") for _ in range(50)))
    assert {each.status_code for each in answers} == {200}
