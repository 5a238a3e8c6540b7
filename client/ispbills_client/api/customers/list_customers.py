from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.customer_list import CustomerList
from ...models.list_customers_billing_cycle_item import (
    ListCustomersBillingCycleItem,
)
from ...models.list_customers_sort import ListCustomersSort
from ...models.list_customers_status_item import ListCustomersStatusItem
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListCustomersStatusItem] | Unset = UNSET,
    billing_cycle: list[ListCustomersBillingCycleItem] | Unset = UNSET,
    owing: bool | Unset = UNSET,
    code: str | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListCustomersSort | Unset = "joined",
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["cursor"] = cursor

    json_operator_id: list[str] | Unset = UNSET
    if not isinstance(operator_id, Unset):
        json_operator_id = []
        for operator_id_item_data in operator_id:
            operator_id_item = str(operator_id_item_data)
            json_operator_id.append(operator_id_item)

    params["operator_id"] = json_operator_id

    json_package_id: list[str] | Unset = UNSET
    if not isinstance(package_id, Unset):
        json_package_id = []
        for package_id_item_data in package_id:
            package_id_item = str(package_id_item_data)
            json_package_id.append(package_id_item)

    params["package_id"] = json_package_id

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item: str = status_item_data
            json_status.append(status_item)

    params["status"] = json_status

    json_billing_cycle: list[str] | Unset = UNSET
    if not isinstance(billing_cycle, Unset):
        json_billing_cycle = []
        for billing_cycle_item_data in billing_cycle:
            billing_cycle_item: str = billing_cycle_item_data
            json_billing_cycle.append(billing_cycle_item)

    params["billing_cycle"] = json_billing_cycle

    params["owing"] = owing

    params["code"] = code

    params["q"] = q

    json_sort: str | Unset = UNSET
    if not isinstance(sort, Unset):
        json_sort = sort

    params["sort"] = json_sort

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/customers",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CustomerList | Problem:
    if response.status_code == 200:
        response_200 = CustomerList.from_dict(response.json())

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
) -> Response[CustomerList | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListCustomersStatusItem] | Unset = UNSET,
    billing_cycle: list[ListCustomersBillingCycleItem] | Unset = UNSET,
    owing: bool | Unset = UNSET,
    code: str | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListCustomersSort | Unset = "joined",
) -> Response[CustomerList | Problem]:
    """List customers

     Return customers by operator, package, status, code, or words of name, code and mobile.

    With `Accept: text/csv` all of them, in the columns of an import.
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        billing_cycle=billing_cycle,
        owing=owing,
        code=code,
        q=q,
        sort=sort,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListCustomersStatusItem] | Unset = UNSET,
    billing_cycle: list[ListCustomersBillingCycleItem] | Unset = UNSET,
    owing: bool | Unset = UNSET,
    code: str | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListCustomersSort | Unset = "joined",
) -> CustomerList | Problem | None:
    """List customers

     Return customers by operator, package, status, code, or words of name, code and mobile.

    With `Accept: text/csv` all of them, in the columns of an import.
    """

    return sync_detailed(
        client=client,
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        billing_cycle=billing_cycle,
        owing=owing,
        code=code,
        q=q,
        sort=sort,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListCustomersStatusItem] | Unset = UNSET,
    billing_cycle: list[ListCustomersBillingCycleItem] | Unset = UNSET,
    owing: bool | Unset = UNSET,
    code: str | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListCustomersSort | Unset = "joined",
) -> Response[CustomerList | Problem]:
    """List customers

     Return customers by operator, package, status, code, or words of name, code and mobile.

    With `Accept: text/csv` all of them, in the columns of an import.
    """

    kwargs = _get_kwargs(
        limit=limit,
        cursor=cursor,
        operator_id=operator_id,
        package_id=package_id,
        status=status,
        billing_cycle=billing_cycle,
        owing=owing,
        code=code,
        q=q,
        sort=sort,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    limit: int | Unset = 50,
    cursor: str | Unset = UNSET,
    operator_id: list[UUID] | Unset = UNSET,
    package_id: list[UUID] | Unset = UNSET,
    status: list[ListCustomersStatusItem] | Unset = UNSET,
    billing_cycle: list[ListCustomersBillingCycleItem] | Unset = UNSET,
    owing: bool | Unset = UNSET,
    code: str | Unset = UNSET,
    q: str | Unset = UNSET,
    sort: ListCustomersSort | Unset = "joined",
) -> CustomerList | Problem | None:
    """List customers

     Return customers by operator, package, status, code, or words of name, code and mobile.

    With `Accept: text/csv` all of them, in the columns of an import.
    """

    return (
        await asyncio_detailed(
            client=client,
            limit=limit,
            cursor=cursor,
            operator_id=operator_id,
            package_id=package_id,
            status=status,
            billing_cycle=billing_cycle,
            owing=owing,
            code=code,
            q=q,
            sort=sort,
        )
    ).parsed
