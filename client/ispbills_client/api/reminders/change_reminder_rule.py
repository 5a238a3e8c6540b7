from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx

from ...client import AuthenticatedClient, Client
from ...models.operation import Operation
from ...models.problem import Problem
from ...models.reminder_rule_change import ReminderRuleChange
from ...models.reminder_rule_shown import ReminderRuleShown
from ...types import UNSET, Response, Unset


def _get_kwargs(
    rule_id: UUID,
    *,
    body: ReminderRuleChange,
    idempotency_key: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/v1/settings/reminders/{rule_id}".format(
            rule_id=quote(str(rule_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Operation | Problem | ReminderRuleShown:
    if response.status_code == 200:
        response_200 = ReminderRuleShown.from_dict(response.json())

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
) -> Response[Operation | Problem | ReminderRuleShown]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    rule_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ReminderRuleChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Operation | Problem | ReminderRuleShown]:
    """Change a reminder rule

     Change what is named; a bill that was reminded of by a rule is not again.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs(
        rule_id=rule_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    rule_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ReminderRuleChange,
    idempotency_key: str | Unset = UNSET,
) -> Operation | Problem | ReminderRuleShown | None:
    """Change a reminder rule

     Change what is named; a bill that was reminded of by a rule is not again.

    For roles that may `change-settings`.
    """

    return sync_detailed(
        rule_id=rule_id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    rule_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ReminderRuleChange,
    idempotency_key: str | Unset = UNSET,
) -> Response[Operation | Problem | ReminderRuleShown]:
    """Change a reminder rule

     Change what is named; a bill that was reminded of by a rule is not again.

    For roles that may `change-settings`.
    """

    kwargs = _get_kwargs(
        rule_id=rule_id,
        body=body,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    rule_id: UUID,
    *,
    client: AuthenticatedClient | Client,
    body: ReminderRuleChange,
    idempotency_key: str | Unset = UNSET,
) -> Operation | Problem | ReminderRuleShown | None:
    """Change a reminder rule

     Change what is named; a bill that was reminded of by a rule is not again.

    For roles that may `change-settings`.
    """

    return (
        await asyncio_detailed(
            rule_id=rule_id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
        )
    ).parsed
