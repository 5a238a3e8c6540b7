from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.operation import Operation
from ...models.payment import Payment
from ...models.payment_recorded import PaymentRecorded
from ...models.problem import Problem
from ...types import Response


def _get_kwargs(
    bill_id: UUID,
    *,
    body: Payment,
    idempotency_key: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/bills/{bill_id}/payments".format(
            bill_id=quote(str(bill_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Operation | PaymentRecorded | Problem:
    if response.status_code == 200:
        response_200 = PaymentRecorded.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = PaymentRecorded.from_dict(response.json())

        return response_201

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
) -> Response[Operation | PaymentRecorded | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Payment,
    idempotency_key: str,
) -> Response[Operation | PaymentRecorded | Problem]:
    """Record a payment

     Record money on a bill and return the payment once the bill shows it; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.

    For roles that may `record-payment`.
    """

    kwargs = _get_kwargs(
        bill_id=bill_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Payment,
    idempotency_key: str,
) -> Operation | PaymentRecorded | Problem | None:
    """Record a payment

     Record money on a bill and return the payment once the bill shows it; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.

    For roles that may `record-payment`.
    """

    return sync_detailed(
        bill_id=bill_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Payment,
    idempotency_key: str,
) -> Response[Operation | PaymentRecorded | Problem]:
    """Record a payment

     Record money on a bill and return the payment once the bill shows it; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.

    For roles that may `record-payment`.
    """

    kwargs = _get_kwargs(
        bill_id=bill_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: Payment,
    idempotency_key: str,
) -> Operation | PaymentRecorded | Problem | None:
    """Record a payment

     Record money on a bill and return the payment once the bill shows it; the rest becomes credit.

    A reference that another payment bears is recorded all the same, and named in `warnings`.

    For roles that may `record-payment`.
    """

    return (
        await asyncio_detailed(
            bill_id=bill_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
