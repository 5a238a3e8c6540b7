from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.saved_view import SavedView
from ...models.view_change import ViewChange
from ...types import UNSET, Response, Unset


def _get_kwargs(
    view_id: UUID,
    *,
    body: ViewChange,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/saved-views/{view_id}".format(
            view_id=quote(str(view_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Problem | SavedView:
    if response.status_code == 200:
        response_200 = SavedView.from_dict(response.json())

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
) -> Response[Problem | SavedView]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    view_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ViewChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SavedView]:
    """Change a saved view

    Give a view another name, or let the desk open on it.
    """

    kwargs = _get_kwargs(
        view_id=view_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    view_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ViewChange,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SavedView | None:
    """Change a saved view

    Give a view another name, or let the desk open on it.
    """

    return sync_detailed(
        view_id=view_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    view_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ViewChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Problem | SavedView]:
    """Change a saved view

    Give a view another name, or let the desk open on it.
    """

    kwargs = _get_kwargs(
        view_id=view_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    view_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ViewChange,
    idempotency_key: str | Unset = UNSET,
) -> Problem | SavedView | None:
    """Change a saved view

    Give a view another name, or let the desk open on it.
    """

    return (
        await asyncio_detailed(
            view_id=view_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
