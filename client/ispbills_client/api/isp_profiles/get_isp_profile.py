from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.isp_profile_shown import IspProfileShown
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


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
        "url": "/api/v1/settings/isp-profile",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> IspProfileShown | Problem:
    if response.status_code == 200:
        response_200 = IspProfileShown.from_dict(response.json())

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
) -> Response[IspProfileShown | Problem]:
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
) -> Response[IspProfileShown | Problem]:
    """Get an operator's profile

     Return what its documents say of it now; `inherited` names whose each field is that is not its own.

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
) -> IspProfileShown | Problem | None:
    """Get an operator's profile

     Return what its documents say of it now; `inherited` names whose each field is that is not its own.

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
) -> Response[IspProfileShown | Problem]:
    """Get an operator's profile

     Return what its documents say of it now; `inherited` names whose each field is that is not its own.

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
) -> IspProfileShown | Problem | None:
    """Get an operator's profile

     Return what its documents say of it now; `inherited` names whose each field is that is not its own.

    For roles that may `see`.
    """

    return (
        await asyncio_detailed(
            client=client,
            operator_id=operator_id,
        )
    ).parsed
