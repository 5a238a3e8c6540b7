import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.bill_list import BillList
from ...models.list_bills_sort import ListBillsSort
from ...models.list_bills_status_item import ListBillsStatusItem
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListBillsStatusItem] | Unset = UNSET,
    period: str | Unset = UNSET,
    overdue: bool | Unset = UNSET,
    due_from: datetime.date | Unset = UNSET,
    due_to: datetime.date | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListBillsSort | Unset = "-issued_on",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_: str | Unset = UNSET
    if not isinstance(from_, Unset):
        json_from_ = from_.isoformat()
    params["from"] = json_from_

    json_to: str | Unset = UNSET
    if not isinstance(to, Unset):
        json_to = to.isoformat()
    params["to"] = json_to

    params["limit"] = limit

    params["cursor"] = cursor

    json_operator_id: list[str] | Unset = UNSET
    if not isinstance(operator_id, Unset):
        json_operator_id = []
        for operator_id_item_data in operator_id:
            operator_id_item = str(operator_id_item_data)
            json_operator_id.append(operator_id_item)

    params["operator_id"] = json_operator_id

    json_package_id: list[str] | Unset = UNSET
    if not isinstance(package_id, Unset):
        json_package_id = []
        for package_id_item_data in package_id:
            package_id_item = str(package_id_item_data)
            json_package_id.append(package_id_item)

    params["package_id"] = json_package_id

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item: str = status_item_data
            json_status.append(status_item)

    params["status"] = json_status

    params["period"] = period

    params["overdue"] = overdue

    json_due_from: str | Unset = UNSET
    if not isinstance(due_from, Unset):
        json_due_from = due_from.isoformat()
    params["due_from"] = json_due_from

    json_due_to: str | Unset = UNSET
    if not isinstance(due_to, Unset):
        json_due_to = due_to.isoformat()
    params["due_to"] = json_due_to

    params["q"] = q

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bills",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> BillList | Problem:
    if response.status_code == 200:
        response_200 = BillList.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    response_default = Problem.from_dict(response.json())

    return response_default


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[BillList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListBillsStatusItem] | Unset = UNSET,
    period: str | Unset = UNSET,
    overdue: bool | Unset = UNSET,
    due_from: datetime.date | Unset = UNSET,
    due_to: datetime.date | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListBillsSort | Unset = "-issued_on",
) -> Response[BillList | Problem]:
    """List bills with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every bill of it.
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        period=period,
        overdue=overdue,
        due_from=due_from,
        due_to=due_to,
        q=q,
        sort=sort,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListBillsStatusItem] | Unset = UNSET,
    period: str | Unset = UNSET,
    overdue: bool | Unset = UNSET,
    due_from: datetime.date | Unset = UNSET,
    due_to: datetime.date | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListBillsSort | Unset = "-issued_on",
) -> BillList | Problem | None:
    """List bills with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every bill of it.
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        period=period,
        overdue=overdue,
        due_from=due_from,
        due_to=due_to,
        q=q,
        sort=sort,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListBillsStatusItem] | Unset = UNSET,
    period: str | Unset = UNSET,
    overdue: bool | Unset = UNSET,
    due_from: datetime.date | Unset = UNSET,
    due_to: datetime.date | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListBillsSort | Unset = "-issued_on",
) -> Response[BillList | Problem]:
    """List bills with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every bill of it.
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        period=period,
        overdue=overdue,
        due_from=due_from,
        due_to=due_to,
        q=q,
        sort=sort,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListBillsStatusItem] | Unset = UNSET,
    period: str | Unset = UNSET,
    overdue: bool | Unset = UNSET,
    due_from: datetime.date | Unset = UNSET,
    due_to: datetime.date | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListBillsSort | Unset = "-issued_on",
) -> BillList | Problem | None:
    """List bills with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every bill of it.
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
            limit=limit,
            cursor=cursor,
            operator_id=operator_id,
            package_id=package_id,
            status=status,
            period=period,
            overdue=overdue,
            due_from=due_from,
            due_to=due_to,
            q=q,
            sort=sort,
        )
    ).parsed
