"""Quotas on the broker: how many bytes a second a user writes and reads, how much of its time it takes.

Neither client library speaks AlterClientQuotas (key 49). Source: https://kafka.apache.org/protocol
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError, for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from shared.kafka import Kafka

_ENTITY = ("entity", Array(("type", String("utf-8")), ("name", String("utf-8"))))


class _Altered(Response):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", String("utf-8")), _ENTITY)),
    )


class _AlterV0(RequestStruct):  # type: ignore[misc]
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _Altered
    SCHEMA = Schema(
        (
            "entries",
            Array(_ENTITY, ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean)))),
        ),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterV0]):  # type: ignore[misc]
    API_KEY = 49

    def __init__(self, user: str, quotas: Mapping[str, float | None]) -> None:
        self._user, self._quotas = user, quotas

    def build(self, request_struct_class: type[_AlterV0]) -> Any:
        changes = [(name, value or 0.0, value is None) for name, value in self._quotas.items()]
        return request_struct_class([([("user", self._user)], changes)], False)


async def set_quotas(kafka: Kafka, user: str, quotas: Mapping[str, float | None]) -> None:
    """Set each quota of a user, or (None) lift it; raises KafkaError."""
    client = AIOKafkaClient(**kafka.aiokafka())
    await client.bootstrap()
    try:
        node = client.get_random_node()
        await client.ready(node)
        answer = await client.send(node, _Alter(user, quotas))
        for code, message, _ in answer.entries:
            if code:
                kind: type[KafkaError] = for_code(code)
                raise kind(message)
    finally:
        await client.close()
