from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.operation import Operation
from ...models.problem import Problem
from ...models.sms_settings import SmsSettings
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    operator_id: UUID | Unset = UNSET,
    gateway_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    json_operator_id: str | Unset = UNSET
    if not isinstance(operator_id, Unset):
        json_operator_id = str(operator_id)
    params["operator_id"] = json_operator_id

    json_gateway_id: str | Unset = UNSET
    if not isinstance(gateway_id, Unset):
        json_gateway_id = str(gateway_id)
    params["gateway_id"] = json_gateway_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/v1/settings/sms-gateway",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Operation | Problem | SmsSettings:
    if response.status_code == 200:
        response_200 = SmsSettings.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = Operation.from_dict(response.json())

        return response_202

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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
) -> Response[Operation | Problem | SmsSettings]:
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
    gateway_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Operation | Problem | SmsSettings]:
    """Take an SMS gateway away

     Take one of an operator's away, or all of them; its secret goes with it.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
        gateway_id=gateway_id,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    gateway_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Operation | Problem | SmsSettings | None:
    """Take an SMS gateway away

     Take one of an operator's away, or all of them; its secret goes with it.

    For roles that may `change-settings`.
    """

    return sync_detailed(
        client=client,
        operator_id=operator_id,
        gateway_id=gateway_id,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    gateway_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Response[Operation | Problem | SmsSettings]:
    """Take an SMS gateway away

     Take one of an operator's away, or all of them; its secret goes with it.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
        gateway_id=gateway_id,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    gateway_id: UUID | Unset = UNSET,
    idempotency_key: str | Unset = UNSET,
) -> Operation | Problem | SmsSettings | None:
    """Take an SMS gateway away

     Take one of an operator's away, or all of them; its secret goes with it.

    For roles that may `change-settings`.
    """

    return (
        await asyncio_detailed(
            client=client,
            operator_id=operator_id,
            gateway_id=gateway_id,
            idempotency_key=idempotency_key,
        )
    ).parsed
