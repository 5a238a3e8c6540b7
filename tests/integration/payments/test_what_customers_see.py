"""The payment page: whose bill it is, the way to its papers and the customer's own page; no script."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.contracts.documents import IspProfileChanged, Logo, ProfileFields
from shared.contracts.notifications import SendMessage
from tests.integration.payments.online import Online

MOST_BYTES = 50_000
PICTURE = Logo(key="logos/a.png", media_type="image/png", size_bytes=12, width=4, height=3, transparent=True)


def profile(of: object, version: int = 1, **more: object) -> IspProfileChanged:
    logo, no_logo = more.pop("logo", None), bool(more.pop("no_logo", False))
    return IspProfileChanged(
        operator_id=of, fields=ProfileFields(**more), logo=logo, no_logo=no_logo,
        valid_from=datetime(2026, 12, 1, tzinfo=UTC), changed_by="Clerk", version=version,
    )  # fmt: skip


async def test_the_page_bears_the_nearest_name_and_logo_as_documents_do(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    _, invoice, token = await online.bill()
    before = (await online.browser.get(f"/pay/{token}")).text
    assert '<span class="isp">ISP</span>' in before
    assert "/logos/" not in before
    await harness.tell(
        profile(harness.root, name="Shapla Net", phone="+880 9600 000100", address="House 27\nDhaka",
                logo=PICTURE)
    )  # fmt: skip
    page = (await online.browser.get(f"/pay/{token}")).text
    logo = f"http://desk.test/logos/{harness.north}"
    for text in ("Shapla Net", 'href="tel:+8809600000100"', "House 27, Dhaka", logo):
        assert text in page, text
    await harness.tell(profile(harness.north, name="North Link", no_logo=True))
    reseller = (await online.browser.get(f"/pay/{token}")).text
    assert "North Link" in reseller
    assert "/logos/" not in reseller
    await harness.tell(profile(harness.north, version=1, name="An old one"))
    assert "North Link" in (await online.browser.get(f"/pay/{token}")).text
    link_id = await harness.pool.fetchval("SELECT link_id FROM payment_link")
    papers = f"http://desk.test/links/{link_id}/{token}"
    assert f"{papers}/bills/{invoice}/invoice.pdf" in page
    assert f"{papers}/portal?language=en" in page
    bengali = (await online.browser.get(f"/pay/{token}?lang=bn")).text
    assert f"{papers}/portal?language=bn" in bengali


@pytest.mark.usefixtures("unasked")
async def test_every_page_of_a_customer_is_light_and_runs_no_script(online: Online) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    await online.checkout(token, "sandbox")
    reference = (await online.row())["reference"]
    addresses = [f"/pay/{token}", f"/paid/{reference}", "/pay/none", "/pay-page/pay.css"]
    style = len((await online.browser.get("/pay-page/pay.css")).content)
    for address in addresses:
        for language in ("en", "bn"):
            answer = await online.browser.get(f"{address}?lang={language}")
            assert len(answer.content) + style < MOST_BYTES, address
            assert "<script" not in answer.text
            assert "style=" not in answer.text
    policy = (await online.browser.get(addresses[0])).headers["content-security-policy"]
    assert "script" not in policy
    assert "default-src 'none'" in policy
    assert "http://desk.test" in policy


async def test_an_ended_link_names_nobody_and_leads_to_no_papers(online: Online) -> None:
    await online.sandbox()
    customer, invoice, token = await online.bill()
    await online.harness.tell(profile(online.harness.root, name="Shapla Net"))
    await online.link(customer, invoice)
    ended = await online.browser.get(f"/pay/{token}")
    assert ended.status_code == 410
    for text in ("Shapla", "C-1", "NORTH", "01712", "/links/", str(invoice)):
        assert text not in ended.text, text
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert (await online.browser.get(f"/pay/{altered}")).status_code == 404


async def test_looking_writes_nothing_whoever_looks(online: Online) -> None:
    await online.sandbox()
    _, _, token = await online.bill()
    before = await online.harness.last()
    links = await online.harness.pool.fetch("SELECT * FROM payment_link")
    for agent in ("curl", "WhatsApp/2.0", "facebookexternalhit/1.1"):
        for method in ("GET", "HEAD"):
            answer = await online.browser.request(method, f"/pay/{token}", headers={"User-Agent": agent})
            assert answer.status_code == 200
    assert await online.harness.pool.fetch("SELECT * FROM payment_link") == links
    assert await online.harness.pool.fetchval("SELECT count(*) FROM checkout") == 0
    assert await online.harness.said(after=before) == []


async def test_messages_sign_with_the_name_of_the_documents(online: Online) -> None:
    await online.sandbox()
    harness = online.harness
    await harness.tell(profile(harness.root, name="Shapla Net"))
    customer, invoice, _ = await online.bill()
    await online.link(customer, invoice, send_sms=True)
    (message,) = await harness.said_of(SendMessage)
    assert (message.values["isp"], message.values["balance"]) == ("Shapla Net", "1,050.00")
