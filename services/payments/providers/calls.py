"""Calls to providers: bounded in time and size, and nothing believed that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from services.payments.providers.protocol import NoAnswer
from shared.outgoing import Answer, send

SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Calls:
    """The way to one provider's host."""

    client: httpx.AsyncClient
    base_url: str

    async def json(
        self,
        method: str,
        path: str,
        *,
        seconds: float = SECONDS,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> tuple[int, Mapping[str, Any]]:
        """Return the status and the JSON object that was answered; raises NoAnswer."""
        try:
            # A wrong address is no answer either.
            request = self.client.build_request(
                method, self.base_url.rstrip("/") + path, headers=headers, json=body, data=form, params=query
            )
            answer = await send(self.client, request, seconds=seconds)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
            raise NoAnswer(repr(error)) from error
        return answer.status, _object(answer)


def _object(answer: Answer) -> Mapping[str, Any]:
    try:
        # Money is never read as a float.
        reply = json.loads(answer.content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise NoAnswer(f"HTTP {answer.status}, no JSON") from error
    if not isinstance(reply, dict):
        raise NoAnswer(f"HTTP {answer.status}, no JSON object")
    return reply


def text_of(reply: Mapping[str, Any], *names: str) -> str:
    """Return the first of the fields that says anything, as text; empty when none does."""
    for name in names:
        value = reply.get(name)
        if value not in (None, "") and isinstance(value, str | int | Decimal):
            return str(value).replace("\x00", "")[:500]
    return ""


def decimal_of(minor: int) -> str:
    """Return an amount as providers write it: 800.00."""
    return f"{minor // 100}.{minor % 100:02}"


def minor_of(value: Any) -> int:
    """Return minor units of an amount that a provider says, with or without decimals; raises NoAnswer."""
    try:
        minor = Decimal(str(value).strip().replace(",", "")).scaleb(2)
    except InvalidOperation as error:
        raise NoAnswer(f"no amount: {value!r:.40}") from error
    if not minor.is_finite() or minor != minor.to_integral_value() or not 0 < minor < 2**53:
        raise NoAnswer(f"no amount: {value!r:.40}")
    return int(minor)
