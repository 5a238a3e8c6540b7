from http import HTTPStatus
from typing import Any

import httpx

from ...client import AuthenticatedClient, Client
from ...models.online_settings_shown import OnlineSettingsShown
from ...models.problem import Problem
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/v1/settings/online-payments",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> OnlineSettingsShown | Problem:
    if response.status_code == 200:
        response_200 = OnlineSettingsShown.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

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
) -> Response[OnlineSettingsShown | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[OnlineSettingsShown | Problem]:
    """Get what is done about online payments

     Return whether payments are confirmed by a message.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs()

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
) -> OnlineSettingsShown | Problem | None:
    """Get what is done about online payments

     Return whether payments are confirmed by a message.

    For roles that may `change-settings`.
    """

    return sync_detailed(
        client=client,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
) -> Response[OnlineSettingsShown | Problem]:
    """Get what is done about online payments

     Return whether payments are confirmed by a message.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs()

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
) -> OnlineSettingsShown | Problem | None:
    """Get what is done about online payments

     Return whether payments are confirmed by a message.

    For roles that may `change-settings`.
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).parsed
