from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.get_invoice_file_language import GetInvoiceFileLanguage
from ...models.get_invoice_file_paper import GetInvoiceFilePaper
from ...models.operation import Operation
from ...models.problem import Problem
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    bill_id: UUID,
    *,
    language: GetInvoiceFileLanguage | Unset = UNSET,
    paper: GetInvoiceFilePaper | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_language: str | Unset = UNSET
    if not isinstance(language, Unset):
        json_language = language

    params["language"] = json_language

    json_paper: str | Unset = UNSET
    if not isinstance(paper, Unset):
        json_paper = paper

    params["paper"] = json_paper

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/bills/{bill_id}/invoice.pdf".format(
            bill_id=quote(str(bill_id), safe=""),
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

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

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
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    language: GetInvoiceFileLanguage | Unset = UNSET,
    paper: GetInvoiceFilePaper | Unset = UNSET,
) -> Response[File | Operation | Problem]:
    """Get a bill as a PDF

    Return the bill as it stands now, paid or void; 202 with the operation when it takes longer to make.
    """

    kwargs = _get_kwargs(
        bill_id=bill_id,
        language=language,
        paper=paper,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    language: GetInvoiceFileLanguage | Unset = UNSET,
    paper: GetInvoiceFilePaper | Unset = UNSET,
) -> File | Operation | Problem | None:
    """Get a bill as a PDF

    Return the bill as it stands now, paid or void; 202 with the operation when it takes longer to make.
    """

    return sync_detailed(
        bill_id=bill_id,
        client=client,
        language=language,
        paper=paper,
    ).parsed


async def asyncio_detailed(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    language: GetInvoiceFileLanguage | Unset = UNSET,
    paper: GetInvoiceFilePaper | Unset = UNSET,
) -> Response[File | Operation | Problem]:
    """Get a bill as a PDF

    Return the bill as it stands now, paid or void; 202 with the operation when it takes longer to make.
    """

    kwargs = _get_kwargs(
        bill_id=bill_id,
        language=language,
        paper=paper,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    bill_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    language: GetInvoiceFileLanguage | Unset = UNSET,
    paper: GetInvoiceFilePaper | Unset = UNSET,
) -> File | Operation | Problem | None:
    """Get a bill as a PDF

    Return the bill as it stands now, paid or void; 202 with the operation when it takes longer to make.
    """

    return (
        await asyncio_detailed(
            bill_id=bill_id,
            client=client,
            language=language,
            paper=paper,
        )
    ).parsed
