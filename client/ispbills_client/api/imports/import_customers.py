from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.import_customers_dates import ImportCustomersDates
from ...models.import_customers_twins import ImportCustomersTwins
from ...models.operation import Operation
from ...models.problem import Problem
from ...models.report import Report
from ...types import UNSET, File, Response, Unset


def _get_kwargs(
    *,
    body: File,
    columns: str | Unset = UNSET,
    defaults: str | Unset = UNSET,
    values: str | Unset = UNSET,
    dates: ImportCustomersDates | Unset = "day_first",
    twins: ImportCustomersTwins | Unset = "refuse",
    header: int | Unset = UNSET,
    sheet: str | Unset = "",
    dry_run: bool | Unset = False,
    idempotency_key: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    params["columns"] = columns

    params["defaults"] = defaults

    params["values"] = values

    json_dates: str | Unset = UNSET
    if not isinstance(dates, Unset):
        json_dates = dates

    params["dates"] = json_dates

    json_twins: str | Unset = UNSET
    if not isinstance(twins, Unset):
        json_twins = twins

    params["twins"] = json_twins

    params["header"] = header

    params["sheet"] = sheet

    params["dry_run"] = dry_run

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/v1/customers/import",
        "params": params,
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = "application/octet-stream"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Operation | Problem | Report:
    if response.status_code == 200:
        response_200 = Report.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = Problem.from_dict(response.json())

        return response_415

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
) -> Response[Operation | Problem | Report]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: File,
    columns: str | Unset = UNSET,
    defaults: str | Unset = UNSET,
    values: str | Unset = UNSET,
    dates: ImportCustomersDates | Unset = "day_first",
    twins: ImportCustomersTwins | Unset = "refuse",
    header: int | Unset = UNSET,
    sheet: str | Unset = "",
    dry_run: bool | Unset = False,
    idempotency_key: str,
) -> Response[Operation | Problem | Report]:
    """Import customers

     Take a CSV file or a workbook; the operation's resource is the report of what became of each line.

    `dry_run` answers 200 with the report, writes nothing, and needs no key.

    For roles that may `change-customers`.
    """

    kwargs = _get_kwargs(
        body=body,
        columns=columns,
        defaults=defaults,
        values=values,
        dates=dates,
        twins=twins,
        header=header,
        sheet=sheet,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: File,
    columns: str | Unset = UNSET,
    defaults: str | Unset = UNSET,
    values: str | Unset = UNSET,
    dates: ImportCustomersDates | Unset = "day_first",
    twins: ImportCustomersTwins | Unset = "refuse",
    header: int | Unset = UNSET,
    sheet: str | Unset = "",
    dry_run: bool | Unset = False,
    idempotency_key: str,
) -> Operation | Problem | Report | None:
    """Import customers

     Take a CSV file or a workbook; the operation's resource is the report of what became of each line.

    `dry_run` answers 200 with the report, writes nothing, and needs no key.

    For roles that may `change-customers`.
    """

    return sync_detailed(
        client=client,
        body=body,
        columns=columns,
        defaults=defaults,
        values=values,
        dates=dates,
        twins=twins,
        header=header,
        sheet=sheet,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: File,
    columns: str | Unset = UNSET,
    defaults: str | Unset = UNSET,
    values: str | Unset = UNSET,
    dates: ImportCustomersDates | Unset = "day_first",
    twins: ImportCustomersTwins | Unset = "refuse",
    header: int | Unset = UNSET,
    sheet: str | Unset = "",
    dry_run: bool | Unset = False,
    idempotency_key: str,
) -> Response[Operation | Problem | Report]:
    """Import customers

     Take a CSV file or a workbook; the operation's resource is the report of what became of each line.

    `dry_run` answers 200 with the report, writes nothing, and needs no key.

    For roles that may `change-customers`.
    """

    kwargs = _get_kwargs(
        body=body,
        columns=columns,
        defaults=defaults,
        values=values,
        dates=dates,
        twins=twins,
        header=header,
        sheet=sheet,
        dry_run=dry_run,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: File,
    columns: str | Unset = UNSET,
    defaults: str | Unset = UNSET,
    values: str | Unset = UNSET,
    dates: ImportCustomersDates | Unset = "day_first",
    twins: ImportCustomersTwins | Unset = "refuse",
    header: int | Unset = UNSET,
    sheet: str | Unset = "",
    dry_run: bool | Unset = False,
    idempotency_key: str,
) -> Operation | Problem | Report | None:
    """Import customers

     Take a CSV file or a workbook; the operation's resource is the report of what became of each line.

    `dry_run` answers 200 with the report, writes nothing, and needs no key.

    For roles that may `change-customers`.
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            columns=columns,
            defaults=defaults,
            values=values,
            dates=dates,
            twins=twins,
            header=header,
            sheet=sheet,
            dry_run=dry_run,
            idempotency_key=idempotency_key,
        )
    ).parsed
