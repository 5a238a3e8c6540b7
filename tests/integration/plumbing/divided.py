"""`python -m tests.integration.plumbing.divided`: a service that adds up a clerks' topic and a bulk one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from shared import inbox
from shared.consumer import Subscription
from shared.contracts.envelope import Received
from shared.db import Tx
from shared.service import Service, serve
from shared.settings import ServiceSettings
from tests.integration.plumbing.road import Counted


async def add(messages: Sequence[Received[Any]], tx: Tx) -> None:
    for message in await inbox.recognise(tx, messages, "divided"):
        await tx.execute("UPDATE tally SET total = total + $1, times = times + 1", message.data.amount)


if __name__ == "__main__":
    clerks, bulk = os.environ["CLERKS_TOPIC"], os.environ["BULK_TOPIC"]
    serve(
        Service(
            "notifications",
            ServiceSettings(),  # type: ignore[call-arg]
            subscriptions=[
                Subscription(clerks, {Counted: add}, topics=(clerks,)),
                Subscription(bulk, {Counted: add}, topics=(bulk,), is_bulk=True),
            ],
            relay=False,
        )
    )
