from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.download_bulk_action_as import DownloadBulkActionAs
from ...models.operation import Operation
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    action_id: UUID,
    *,
    as_: DownloadBulkActionAs | Unset = "zip",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_as_: str | Unset = UNSET
    if not isinstance(as_, Unset):
        json_as_ = as_

    params["as"] = json_as_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bulk-actions/{action_id}/download".format(
            action_id=quote(str(action_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> File | Operation | Problem:
    if response.status_code == 200:
        response_200 = File(payload=BytesIO(response.content))

        return response_200

    if response.status_code == 202:
        response_202 = Operation.from_dict(response.json())

        return response_202

    if response.status_code == 206:
        response_206 = File(payload=BytesIO(response.content))

        return response_206

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 416:
        response_416 = Problem.from_dict(response.json())

        return response_416

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
) -> Response[File | Operation | Problem]:
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
    as_: DownloadBulkActionAs | Unset = "zip",
) -> Response[File | Operation | Problem]:
    """Download the files of a bulk action

     Send one ZIP while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """

    kwargs = _get_kwargs(
        action_id=action_id,
        as_=as_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    as_: DownloadBulkActionAs | Unset = "zip",
) -> File | Operation | Problem | None:
    """Download the files of a bulk action

     Send one ZIP while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """

    return sync_detailed(
        action_id=action_id,
        client=client,
        as_=as_,
    ).parsed


async def asyncio_detailed(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    as_: DownloadBulkActionAs | Unset = "zip",
) -> Response[File | Operation | Problem]:
    """Download the files of a bulk action

     Send one ZIP while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """

    kwargs = _get_kwargs(
        action_id=action_id,
        as_=as_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    action_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    as_: DownloadBulkActionAs | Unset = "zip",
) -> File | Operation | Problem | None:
    """Download the files of a bulk action

     Send one ZIP while its files are made; once all are, also the rest of it (`Range`, `If-Range`).

    `as=print` is one PDF with every page, in the same order; 202 with the operation while it is joined.
    """

    return (
        await asyncio_detailed(
            action_id=action_id,
            client=client,
            as_=as_,
        )
    ).parsed
