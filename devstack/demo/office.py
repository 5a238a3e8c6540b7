"""Where the demo plays: the ISP's clerk, a collector's, and the days that go by at both."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from devstack.demo import cast
from devstack.demo.clerk import Clerk
from devstack.demo.days import Calendar
from ispbills_client.models import BillItem, OperatorShown
from shared.kafka import Kafka

# Processes look at the clock's file ten times a second.
CLOCKS_AGREE_SECONDS = 0.3


@dataclass(frozen=True)
class Installation:
    """The place of the demo, and the way in."""

    gateway_url: str
    kafka: Kafka
    login: Mapping[str, str]
    calendar: Calendar

    def password_of(self, email: str) -> str:
        """A demo user's password: the same each time, and not the admin's."""
        return hashlib.sha256(f"{email} {self.login['password']}".encode()).hexdigest()[:16]


@dataclass
class Office:
    """The ISP's clerk, a collector's, and the days that go by at both."""

    where: Installation
    clerk: Clerk
    collector: Clerk | None = None
    operators: dict[str, OperatorShown] = field(default_factory=dict)

    def is_hers(self, bill: BillItem) -> bool:
        """Whether the collector walks to this bill's customer."""
        return bill.operator.id == self.operators[cast.COLLECTS_FOR].id

    async def turn_to(self, moment: datetime) -> bool:
        """Let it be a later moment, unless it has passed; sessions of before have ended by then."""
        is_turned = self.where.calendar.turn_to(moment)
        if is_turned:
            await self.settle_in()
        return is_turned

    async def settle_in(self) -> None:
        """Wait until every process reads the same time, and come in again."""
        await asyncio.sleep(CLOCKS_AGREE_SECONDS)
        await self.clerk.sign_in()
        if self.collector is not None:
            await self.collector.sign_in()
