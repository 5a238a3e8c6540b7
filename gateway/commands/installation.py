"""What whoever runs the installation decides: a letter's end, a step over what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from gateway.access import Principal
from gateway.context import Gateway
from gateway.operations.submit import Key, Outcome, opened
from gateway.problems import Problem
from gateway.queries import installation as installation_queries
from shared.contracts.envelope import SettleDeadLetter, StepOverPartition


async def redrive(gateway: Gateway, principal: Principal, letter_id: UUID, key: Key | None) -> Outcome:
    """Have its service handle a letter once more."""
    return await _settle(gateway, principal, letter_id, "redrive", key)


async def discard(gateway: Gateway, principal: Principal, letter_id: UUID, key: Key | None) -> Outcome:
    """Let a letter go for good."""
    return await _settle(gateway, principal, letter_id, "discard", key)


async def _settle(
    gateway: Gateway,
    principal: Principal,
    letter_id: UUID,
    action: Literal["redrive", "discard"],
    key: Key | None,
) -> Outcome:
    async with opened(gateway, principal, "operate", key) as operation:
        letter = await installation_queries.letter(operation.tx, letter_id)
        await operation.claim()
        if letter["state"] != "open":
            raise Problem(409, "letter-closed", "Someone else has already dealt with this letter.")
        command = SettleDeadLetter.model_validate(
            {"service": letter["service"], "letter_id": letter_id, "action": action, **operation.signature}
        )
        await operation.submit(f"letter-{action}", letter_id, command, about=_place(letter))
    return operation.outcome


def _place(noun: Mapping[str, Any]) -> str:
    """Return where a record lies, as the log of activity names it."""
    return f"{noun['topic']}[{noun['partition']}]@{noun['offset']}"


async def step_over(gateway: Gateway, principal: Principal, standing_id: UUID, key: Key | None) -> Outcome:
    """Have every replica go on behind what cannot be read of a partition."""
    async with opened(gateway, principal, "operate", key) as operation:
        held = await installation_queries.partition(operation.tx, standing_id)
        await operation.claim()
        command = StepOverPartition.model_validate(
            {
                "service": held["service"],
                "subject": held["topic"],
                "partition": held["partition"],
                "offset": held["offset"],
                **operation.signature,
            }
        )
        await operation.submit("partition-stepped-over", standing_id, command, about=_place(held))
    return operation.outcome
