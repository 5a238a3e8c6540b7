import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.list_payments_sort import ListPaymentsSort
from ...models.payment_list import PaymentList
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    from_: datetime.date | Unset = UNSET,
    to: datetime.date | Unset = UNSET,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    method: list[str] | Unset = UNSET,
    source: list[str] | Unset = UNSET,
    recorded_by: str | Unset = UNSET,
    recorded_from: datetime.date | Unset = UNSET,
    recorded_to: datetime.date | Unset = UNSET,
    reversed_: bool | Unset = UNSET,
    with_credit: bool | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListPaymentsSort | Unset = "-recorded_at",
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

    json_method: list[str] | Unset = UNSET
    if not isinstance(method, Unset):
        json_method = method

    params["method"] = json_method

    json_source: list[str] | Unset = UNSET
    if not isinstance(source, Unset):
        json_source = source

    params["source"] = json_source

    params["recorded_by"] = recorded_by

    json_recorded_from: str | Unset = UNSET
    if not isinstance(recorded_from, Unset):
        json_recorded_from = recorded_from.isoformat()
    params["recorded_from"] = json_recorded_from

    json_recorded_to: str | Unset = UNSET
    if not isinstance(recorded_to, Unset):
        json_recorded_to = recorded_to.isoformat()
    params["recorded_to"] = json_recorded_to

    params["reversed"] = reversed_

    params["with_credit"] = with_credit

    params["q"] = q

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/payments",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PaymentList | Problem:
    if response.status_code == 200:
        response_200 = PaymentList.from_dict(response.json())

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
) -> Response[PaymentList | Problem]:
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
    method: list[str] | Unset = UNSET,
    source: list[str] | Unset = UNSET,
    recorded_by: str | Unset = UNSET,
    recorded_from: datetime.date | Unset = UNSET,
    recorded_to: datetime.date | Unset = UNSET,
    reversed_: bool | Unset = UNSET,
    with_credit: bool | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListPaymentsSort | Unset = "-recorded_at",
) -> Response[PaymentList | Problem]:
    """List payments with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every payment.
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        method=method,
        source=source,
        recorded_by=recorded_by,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        reversed_=reversed_,
        with_credit=with_credit,
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
    method: list[str] | Unset = UNSET,
    source: list[str] | Unset = UNSET,
    recorded_by: str | Unset = UNSET,
    recorded_from: datetime.date | Unset = UNSET,
    recorded_to: datetime.date | Unset = UNSET,
    reversed_: bool | Unset = UNSET,
    with_credit: bool | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListPaymentsSort | Unset = "-recorded_at",
) -> PaymentList | Problem | None:
    """List payments with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every payment.
    """

    return sync_detailed(
        client=client,
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        method=method,
        source=source,
        recorded_by=recorded_by,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        reversed_=reversed_,
        with_credit=with_credit,
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
    method: list[str] | Unset = UNSET,
    source: list[str] | Unset = UNSET,
    recorded_by: str | Unset = UNSET,
    recorded_from: datetime.date | Unset = UNSET,
    recorded_to: datetime.date | Unset = UNSET,
    reversed_: bool | Unset = UNSET,
    with_credit: bool | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListPaymentsSort | Unset = "-recorded_at",
) -> Response[PaymentList | Problem]:
    """List payments with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every payment.
    """

    kwargs = _get_kwargs(
        from_=from_,
        to=to,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        method=method,
        source=source,
        recorded_by=recorded_by,
        recorded_from=recorded_from,
        recorded_to=recorded_to,
        reversed_=reversed_,
        with_credit=with_credit,
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
    method: list[str] | Unset = UNSET,
    source: list[str] | Unset = UNSET,
    recorded_by: str | Unset = UNSET,
    recorded_from: datetime.date | Unset = UNSET,
    recorded_to: datetime.date | Unset = UNSET,
    reversed_: bool | Unset = UNSET,
    with_credit: bool | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListPaymentsSort | Unset = "-recorded_at",
) -> PaymentList | Problem | None:
    """List payments with their totals

    Return a page of the filter with the totals of all of it; with `Accept: text/csv` every payment.
    """

    return (
        await asyncio_detailed(
            client=client,
            from_=from_,
            to=to,
            limit=limit,
            cursor=cursor,
            operator_id=operator_id,
            method=method,
            source=source,
            recorded_by=recorded_by,
            recorded_from=recorded_from,
            recorded_to=recorded_to,
            reversed_=reversed_,
            with_credit=with_credit,
            q=q,
            sort=sort,
        )
    ).parsed
