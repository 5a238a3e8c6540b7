"""What links to a selection will say and cost, before anything is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gateway.pages.web.formats import Formats
from gateway.pages.web.visit import Visit
from gateway.queries import isp_profiles as isp_profile_queries
from gateway.queries.link_plans import Planned
from gateway.schemas import sms_templates as sms_template_schemas
from gateway.store import gateways as gateway_store
from gateway.store import sms_templates as sms_template_store
from shared import sms
from shared.db import Tx
from shared.links import TOKEN_LENGTH

# Reading and counting one takes a tenth of a millisecond; of more, a sample spread over all is counted.
MOST_COUNTED = 2_000
LANGUAGES = ("en", "bn")


@dataclass
class Estimate:
    """How many get a link, why others do not, and what the messages take."""

    bills: int = 0
    recipients: int = 0
    segments: int = 0
    cost_minor: int | None = 0
    is_exact: bool = True
    left_out: dict[str, int] = field(default_factory=dict)
    sample: str = ""
    size: sms.Size | None = None

    def add(self, text: str, price_minor: int | None) -> None:
        """Count a message; one without a price leaves the cost unknown."""
        size = sms.size_of(text)
        self.segments += size.segments
        if price_minor is None or self.cost_minor is None:
            self.cost_minor = None
        else:
            self.cost_minor += price_minor * size.segments
        if not self.sample:
            self.sample, self.size = text, size

    def scale(self, by: float) -> None:
        """Take what was counted for a sample of so many times as much."""
        self.is_exact = False
        self.segments = round(self.segments * by)
        if self.cost_minor is not None:
            self.cost_minor = round(self.cost_minor * by)


async def texts_of(tx: Tx, operator_ids: Collection[UUID], template: str) -> dict[tuple[UUID, str], str]:
    """Return the text that counts for each of these operators, in each language."""
    texts = {}
    for operator_id in operator_ids:
        rows = await sms_template_store.above(tx, operator_id)
        for item in sms_template_schemas.templates(rows, operator_id)["items"]:
            if item["template"] == template:
                texts[operator_id, str(item["language"])] = str(item["text"])
    return texts


def values_of(bill: Mapping[str, Any], isp: str, formats: Formats) -> dict[str, str]:
    """Return what stands for the placeholders, as payments fills them in."""
    return {
        "customer": bill["customer_name"],
        "code": bill["customer_code"],
        "period": formats.month(bill["period"]),
        "number": bill["number"],
        "balance": formats.amount(bill["balance_minor"]),
        "amount": formats.amount(bill["balance_minor"]),
        "due": formats.day_full(bill["due_on"]),
        "isp": isp,
    }


def address_like(payments_url: str) -> str:
    """Return an address as long as every link's."""
    return f"{payments_url.rstrip('/')}/pay/{'x' * TOKEN_LENGTH}"


async def estimate(
    tx: Tx, visit: Visit, planned: Sequence[Planned], language: str, template: str = "payment-link"
) -> Estimate:
    """Count recipients, segments and cost; of a large selection the last two from a sample."""
    going = [each.bill for each in planned if each.outcome is None]
    left_out = Counter(each.outcome for each in planned if each.outcome is not None)
    estimated = Estimate(bills=len(planned), recipients=len(going), left_out=dict(left_out))
    operator_ids = {bill["operator_id"] for bill in going}
    texts = await texts_of(tx, operator_ids, template)
    names = await isp_profile_queries.names(tx, operator_ids)
    prices = {
        operator_id: ways[0]["cost_per_segment_minor"]
        for operator_id, ways in (await gateway_store.sms_ways(tx, operator_ids)).items()
    }
    formats = visit.formats.of_customers(language)
    link = address_like(visit.gateway.settings.payments_public_url)
    step = max(1, -(-len(going) // MOST_COUNTED))
    counted = going[::step]
    for bill in counted:
        operator_id = bill["operator_id"]
        values = values_of(bill, names[operator_id], formats)
        estimated.add(sms.render(texts[operator_id, language], values, link), prices.get(operator_id))
    if step > 1:
        estimated.scale(len(going) / len(counted))
    return estimated
