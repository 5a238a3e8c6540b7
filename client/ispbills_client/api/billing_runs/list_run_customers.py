from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.list_run_customers_outcome import ListRunCustomersOutcome
from ...models.problem import Problem
from ...models.run_customer_list import RunCustomerList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    run_id: UUID,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    outcome: ListRunCustomersOutcome | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_outcome: str | Unset = UNSET
    if not isinstance(outcome, Unset):
        json_outcome = outcome

    params["outcome"] = json_outcome

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/billing-runs/{run_id}/customers".format(
            run_id=quote(str(run_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RunCustomerList:
    if response.status_code == 200:
        response_200 = RunCustomerList.from_dict(response.json())

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
) -> Response[Problem | RunCustomerList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    run_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    outcome: ListRunCustomersOutcome | Unset = UNSET,
) -> Response[Problem | RunCustomerList]:
    """List the customers of a billing run

    Return what the run did about each customer, with the reason where there is no bill.
    """

    kwargs = _get_kwargs(
        run_id=run_id,
        limit=limit,
        cursor=cursor,
        outcome=outcome,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    run_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    outcome: ListRunCustomersOutcome | Unset = UNSET,
) -> Problem | RunCustomerList | None:
    """List the customers of a billing run

    Return what the run did about each customer, with the reason where there is no bill.
    """

    return sync_detailed(
        run_id=run_id,
        client=client,
        limit=limit,
        cursor=cursor,
        outcome=outcome,
    ).parsed


async def asyncio_detailed(
    run_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    outcome: ListRunCustomersOutcome | Unset = UNSET,
) -> Response[Problem | RunCustomerList]:
    """List the customers of a billing run

    Return what the run did about each customer, with the reason where there is no bill.
    """

    kwargs = _get_kwargs(
        run_id=run_id,
        limit=limit,
        cursor=cursor,
        outcome=outcome,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    run_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    outcome: ListRunCustomersOutcome | Unset = UNSET,
) -> Problem | RunCustomerList | None:
    """List the customers of a billing run

    Return what the run did about each customer, with the reason where there is no bill.
    """

    return (
        await asyncio_detailed(
            run_id=run_id,
            client=client,
            limit=limit,
            cursor=cursor,
            outcome=outcome,
        )
    ).parsed
