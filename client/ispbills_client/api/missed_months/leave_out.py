from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...models.month_left_out import MonthLeftOut
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    period: str,
    *,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/v1/missed-months/{period}/left-out".format(
            period=quote(str(period), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> MonthLeftOut | Problem:
    if response.status_code == 200:
        response_200 = MonthLeftOut.from_dict(response.json())

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
) -> Response[MonthLeftOut | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    period: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[MonthLeftOut | Problem]:
    """Leave a missed month out

     Remind nobody of it any more, here and below; nothing is billed, and it can be brought back.

    For roles that may `bill`.
    """

    kwargs = _get_kwargs(
        period=period,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    period: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> MonthLeftOut | Problem | None:
    """Leave a missed month out

     Remind nobody of it any more, here and below; nothing is billed, and it can be brought back.

    For roles that may `bill`.
    """

    return sync_detailed(
        period=period,
        client=client,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    period: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> Response[MonthLeftOut | Problem]:
    """Leave a missed month out

     Remind nobody of it any more, here and below; nothing is billed, and it can be brought back.

    For roles that may `bill`.
    """

    kwargs = _get_kwargs(
        period=period,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    period: str,
    *,
    client: AuthenticatedClient | Client,
    idempotency_key: str | Unset = UNSET,
) -> MonthLeftOut | Problem | None:
    """Leave a missed month out

     Remind nobody of it any more, here and below; nothing is billed, and it can be brought back.

    For roles that may `bill`.
    """

    return (
        await asyncio_detailed(
            period=period,
            client=client,
            idempotency_key=idempotency_key,
        )
    ).parsed
