"""A request on a connection that has just closed fails as one whose connection broke: it is sent again.

aiokafka takes that from an OSError. uvloop raises a RuntimeError there, with which the task that fetches, the
one that keeps the place in the group, or the one that produces ends for good, and the client with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError

_SENDING = ("send", "_send_sasl_token")


def expect_closed_transports() -> None:
    """Teach aiokafka's connections what uvloop raises; again, it changes nothing."""
    for name in _SENDING:
        send = getattr(AIOKafkaConnection, name)
        if not hasattr(send, "__wrapped__"):
            setattr(AIOKafkaConnection, name, _as_broken(send))


def _as_broken(send: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(send)
    def wrapped(connection: AIOKafkaConnection, *arguments: Any, **named: Any) -> Any:
        try:
            return send(connection, *arguments, **named)
        except RuntimeError as error:
            connection.close(reason=CloseReason.CONNECTION_BROKEN)
            raise KafkaConnectionError(f"Connection broken: {error}") from error

    return wrapped
