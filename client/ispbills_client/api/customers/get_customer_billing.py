from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.billing import Billing
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    customer_id: UUID,
    period: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/customers/{customer_id}/billing/{period}".format(
            customer_id=quote(str(customer_id), safe=""),
            period=quote(str(period), safe=""),
        ),
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Billing | Problem:
    if response.status_code == 200:
        response_200 = Billing.from_dict(response.json())

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
) -> Response[Billing | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    customer_id: UUID,
    period: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Billing | Problem]:
    """Explain why a customer was or was not billed

    Return the outcome of the period for this customer, with its reason.
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        period=period,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    customer_id: UUID,
    period: str,
    *,
    client: AuthenticatedClient | Client,
) -> Billing | Problem | None:
    """Explain why a customer was or was not billed

    Return the outcome of the period for this customer, with its reason.
    """

    return sync_detailed(
        customer_id=customer_id,
        period=period,
        client=client,
    ).parsed


async def asyncio_detailed(
    customer_id: UUID,
    period: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Billing | Problem]:
    """Explain why a customer was or was not billed

    Return the outcome of the period for this customer, with its reason.
    """

    kwargs = _get_kwargs(
        customer_id=customer_id,
        period=period,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    customer_id: UUID,
    period: str,
    *,
    client: AuthenticatedClient | Client,
) -> Billing | Problem | None:
    """Explain why a customer was or was not billed

    Return the outcome of the period for this customer, with its reason.
    """

    return (
        await asyncio_detailed(
            customer_id=customer_id,
            period=period,
            client=client,
        )
    ).parsed
