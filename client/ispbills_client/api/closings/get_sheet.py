import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.day_sheet import DaySheet
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    operator_id: UUID | Unset = UNSET,
    collector: str | Unset = UNSET,
    day: datetime.date | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_operator_id: str | Unset = UNSET
    if not isinstance(operator_id, Unset):
        json_operator_id = str(operator_id)
    params["operator_id"] = json_operator_id

    params["collector"] = collector

    json_day: str | Unset = UNSET
    if not isinstance(day, Unset):
        json_day = day.isoformat()
    params["day"] = json_day

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/closings/sheet",
        "params": params,
    }

    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> DaySheet | Problem:
    if response.status_code == 200:
        response_200 = DaySheet.from_dict(response.json())

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
) -> Response[DaySheet | Problem]:
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
    collector: str | Unset = UNSET,
    day: datetime.date | Unset = UNSET,
) -> Response[DaySheet | Problem]:
    """Get the sheet of a day

    Return a day as it is now: open with the figures of now, or as signed, with what changed since.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
        collector=collector,
        day=day,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    collector: str | Unset = UNSET,
    day: datetime.date | Unset = UNSET,
) -> DaySheet | Problem | None:
    """Get the sheet of a day

    Return a day as it is now: open with the figures of now, or as signed, with what changed since.
    """

    return sync_detailed(
        client=client,
        operator_id=operator_id,
        collector=collector,
        day=day,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    collector: str | Unset = UNSET,
    day: datetime.date | Unset = UNSET,
) -> Response[DaySheet | Problem]:
    """Get the sheet of a day

    Return a day as it is now: open with the figures of now, or as signed, with what changed since.
    """

    kwargs = _get_kwargs(
        operator_id=operator_id,
        collector=collector,
        day=day,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    operator_id: UUID | Unset = UNSET,
    collector: str | Unset = UNSET,
    day: datetime.date | Unset = UNSET,
) -> DaySheet | Problem | None:
    """Get the sheet of a day

    Return a day as it is now: open with the figures of now, or as signed, with what changed since.
    """

    return (
        await asyncio_detailed(
            client=client,
            operator_id=operator_id,
            collector=collector,
            day=day,
        )
    ).parsed
