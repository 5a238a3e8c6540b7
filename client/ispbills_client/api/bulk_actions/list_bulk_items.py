from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.bulk_item_list import BulkItemList
from ...models.list_bulk_items_state import ListBulkItemsState
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    action_id: UUID,
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListBulkItemsState | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_state: str | Unset = UNSET
    if not isinstance(state, Unset):
        json_state = state

    params["state"] = json_state

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bulk-actions/{action_id}/items".format(
            action_id=quote(str(action_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> BulkItemList | Problem:
    if response.status_code == 200:
        response_200 = BulkItemList.from_dict(response.json())

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
) -> Response[BulkItemList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListBulkItemsState | Unset = UNSET,
) -> Response[BulkItemList | Problem]:
    """List the items of a bulk action

    Return the items, each with its outcome or its problem; with `Accept: text/csv` all of them.
    """

    kwargs = _get_kwargs(
        action_id=action_id,
        limit=limit,
        cursor=cursor,
        state=state,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListBulkItemsState | Unset = UNSET,
) -> BulkItemList | Problem | None:
    """List the items of a bulk action

    Return the items, each with its outcome or its problem; with `Accept: text/csv` all of them.
    """

    return sync_detailed(
        action_id=action_id,
        client=client,
        limit=limit,
        cursor=cursor,
        state=state,
    ).parsed


async def asyncio_detailed(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListBulkItemsState | Unset = UNSET,
) -> Response[BulkItemList | Problem]:
    """List the items of a bulk action

    Return the items, each with its outcome or its problem; with `Accept: text/csv` all of them.
    """

    kwargs = _get_kwargs(
        action_id=action_id,
        limit=limit,
        cursor=cursor,
        state=state,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    state: ListBulkItemsState | Unset = UNSET,
) -> BulkItemList | Problem | None:
    """List the items of a bulk action

    Return the items, each with its outcome or its problem; with `Accept: text/csv` all of them.
    """

    return (
        await asyncio_detailed(
            action_id=action_id,
            client=client,
            limit=limit,
            cursor=cursor,
            state=state,
        )
    ).parsed
