from http import HTTPStatus
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    operator_id: UUID | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_operator_id: str | Unset = UNSET
    if not isinstance(operator_id, Unset):
        json_operator_id = str(operator_id)
    params["operator_id"] = json_operator_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/settings/isp-profile/logo",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> File | Problem:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[File | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
) -> Response[File | Problem]:
    """Get an operator's logo

     Return the picture as its documents bear it.

    For roles that may `see`.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
) -> File | Problem | None:
    """Get an operator's logo

     Return the picture as its documents bear it.

    For roles that may `see`.
    """

    return sync_detailed(
        client=client,
        operator_id=operator_id,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
) -> Response[File | Problem]:
    """Get an operator's logo

     Return the picture as its documents bear it.

    For roles that may `see`.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
) -> File | Problem | None:
    """Get an operator's logo

     Return the picture as its documents bear it.

    For roles that may `see`.
    """

    return (
        await asyncio_detailed(
            client=client,
            operator_id=operator_id,
        )
    ).parsed
