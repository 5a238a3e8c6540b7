from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.operator_shown import OperatorShown
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    operator_id: UUID,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/operators/{operator_id}".format(
            operator_id=quote(str(operator_id), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OperatorShown | Problem:
    if response.status_code == 200:
        response_200 = OperatorShown.from_dict(response.json())

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
) -> Response[OperatorShown | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    operator_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[OperatorShown | Problem]:
    """Get an operator

    Return an operator of the subtree.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    operator_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> OperatorShown | Problem | None:
    """Get an operator

    Return an operator of the subtree.
    """

    return sync_detailed(
        operator_id=operator_id,
        client=client,
    ).parsed


async def asyncio_detailed(
    operator_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> Response[OperatorShown | Problem]:
    """Get an operator

    Return an operator of the subtree.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    operator_id: UUID,
    *,
    client: AuthenticatedClient | Client,
) -> OperatorShown | Problem | None:
    """Get an operator

    Return an operator of the subtree.
    """

    return (
        await asyncio_detailed(
            operator_id=operator_id,
            client=client,
        )
    ).parsed
