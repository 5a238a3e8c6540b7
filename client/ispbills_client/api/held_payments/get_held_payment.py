from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.held_payment import HeldPayment
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    held_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/held-payments/{held_id}".format(
            held_id=quote(str(held_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HeldPayment | Problem:
    if response.status_code == 200:
        response_200 = HeldPayment.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

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
) -> Response[HeldPayment | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[HeldPayment | Problem]:
    """Get a held payment

    Return money that waits, or that was placed or rejected.
    """

    kwargs = _get_kwargs(
        held_id=held_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> HeldPayment | Problem | None:
    """Get a held payment

    Return money that waits, or that was placed or rejected.
    """

    return sync_detailed(
        held_id=held_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[HeldPayment | Problem]:
    """Get a held payment

    Return money that waits, or that was placed or rejected.
    """

    kwargs = _get_kwargs(
        held_id=held_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> HeldPayment | Problem | None:
    """Get a held payment

    Return money that waits, or that was placed or rejected.
    """

    return (
        await asyncio_detailed(
            held_id=held_id,
            client=client,
        )
    ).parsed
