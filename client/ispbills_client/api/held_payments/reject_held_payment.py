from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.held_payment import HeldPayment
from ...models.operation import Operation
from ...models.problem import Problem
from ...models.reason import Reason
from ...types import UNSET, Response, Unset


def _get_kwargs(
    held_id: UUID,
    *,
    body: Reason,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/held-payments/{held_id}/reject".format(
            held_id=quote(str(held_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> HeldPayment | Operation | Problem:
    if response.status_code == 200:
        response_200 = HeldPayment.from_dict(response.json())

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
) -> Response[HeldPayment | Operation | Problem]:
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
    body: Reason,
    idempotency_key: str | Unset = UNSET,
) -> Response[HeldPayment | Operation | Problem]:
    """Reject held money

     Refuse held money, with a reason that its sender is told.

    For roles that may `place-held`.
    """

    kwargs = _get_kwargs(
        held_id=held_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Reason,
    idempotency_key: str | Unset = UNSET,
) -> HeldPayment | Operation | Problem | None:
    """Reject held money

     Refuse held money, with a reason that its sender is told.

    For roles that may `place-held`.
    """

    return sync_detailed(
        held_id=held_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Reason,
    idempotency_key: str | Unset = UNSET,
) -> Response[HeldPayment | Operation | Problem]:
    """Reject held money

     Refuse held money, with a reason that its sender is told.

    For roles that may `place-held`.
    """

    kwargs = _get_kwargs(
        held_id=held_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    held_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Reason,
    idempotency_key: str | Unset = UNSET,
) -> HeldPayment | Operation | Problem | None:
    """Reject held money

     Refuse held money, with a reason that its sender is told.

    For roles that may `place-held`.
    """

    return (
        await asyncio_detailed(
            held_id=held_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
