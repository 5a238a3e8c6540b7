"""What programs do with answers: pages are followed, refusals raised, and what takes longer is waited for."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ispbills_client import Client
from ispbills_client.answers import Refused, completed, every, granted
from ispbills_client.api.customers import get_customer
from ispbills_client.api.missed_months import list_missed_months
from ispbills_client.api.operators import change_operator, list_operators
from ispbills_client.models import OperatorChange, OperatorShown

ONE, TWO, OPERATION = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def operator(id_: uuid.UUID) -> dict[str, Any]:
    return {"id": str(id_), "code": "MIR", "name": "Mirpur", "parent_id": None, "version": 1, "later": 1}


def refusal(slug: str, status: int) -> dict[str, Any]:
    return {"type": f"https://ispbills.test/problems/{slug}", "title": slug, "status": status, "detail": "no"}


def operation(state: str, **end: Any) -> dict[str, Any]:
    return {"id": str(OPERATION), "state": state, "resource": None, "problem": None, **end}


class Api:
    """The API, as far as these tests ask it: two operators a page apart, and an operation on its way."""

    def __init__(self) -> None:
        self.asked: list[httpx.URL] = []
        self.operation = [operation("pending"), operation("completed", resource=operator(ONE))]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        if request.method == "PATCH":
            return httpx.Response(202, json=self.operation[0])
        if request.url.path.endswith(f"/operations/{OPERATION}"):
            return httpx.Response(200, json=self.operation.pop(0))
        if request.url.path.endswith("/operators"):
            is_last = "cursor" in request.url.params
            page = {
                "items": [operator(TWO if is_last else ONE)],
                "next_cursor": None if is_last else "there",
            }
            return httpx.Response(200, json=page)
        if request.url.path.endswith("/missed-months"):
            return httpx.Response(200, json={"items": [], "next_cursor": None})
        return httpx.Response(404, json=refusal("not-found", 404))


@pytest.fixture
def api() -> Api:
    return Api()


@pytest_asyncio.fixture
async def client(api: Api) -> AsyncIterator[Client]:
    transport = {"transport": httpx.MockTransport(api)}
    async with Client(base_url="http://desk.test", httpx_args=transport) as client:
        yield client


async def test_a_list_that_knows_no_pages_comes_whole(client: Client, api: Api) -> None:
    assert [each async for each in every(list_missed_months.asyncio, client=client)] == []
    assert api.asked[0].query == b""


async def test_every_page_of_a_list_is_followed_to_the_last(client: Client, api: Api) -> None:
    assert [each.id async for each in every(list_operators.asyncio, client=client)] == [ONE, TWO]
    assert [dict(url.params) for url in api.asked] == [{"limit": "200"}, {"limit": "200", "cursor": "there"}]


async def test_a_problem_is_raised_with_its_slug(client: Client) -> None:
    answer = await get_customer.asyncio(ONE, client=client)
    with pytest.raises(Refused) as refused:
        granted(answer)
    assert (refused.value.slug, refused.value.problem.status) == ("not-found", 404)


async def test_what_takes_longer_is_waited_for(client: Client, api: Api) -> None:
    answer = await change_operator.asyncio(ONE, client=client, body=OperatorChange(name="Mirpur"))
    changed = await completed(OperatorShown, answer, client=client)
    assert (changed.id, changed["later"]) == (ONE, 1), "fields of a later release are kept"
    assert api.operation == []


async def test_what_is_refused_in_the_end_is_raised_as_well(client: Client, api: Api) -> None:
    api.operation = [operation("pending"), operation("refused", problem=refusal("already-paid", 409))]
    answer = await change_operator.asyncio(ONE, client=client, body=OperatorChange(name="Mirpur"))
    with pytest.raises(Refused, match="409 already-paid: no"):
        await completed(OperatorShown, answer, client=client)
