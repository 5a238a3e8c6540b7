"""Bills that change while they are looked at: a stream names them, and the browser fetches each anew."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.response import Stream

from gateway.http.requests import PathId, Presence, path_id
from gateway.pages.bill_address import BillAddress
from gateway.pages.bill_fragments import changed_bill
from gateway.pages.bill_standing import standing
from gateway.pages.web.stamps import stamp_of
from gateway.pages.web.visit import ThisVisit, Visit
from gateway.problems import wrong
from gateway.queries import bills as bill_queries
from gateway.queries import payment_links as payment_link_queries
from gateway.schemas.bills import totals
from gateway.store import bills as bill_store
from gateway.store import payment_links as payment_link_store
from gateway.store.bills import Selection

MOST_BILLS = 250
PAUSE_SECONDS = 0.5
LOOKS_A_STANDING = 4
ID_BYTES = 16


@get("/bills/changes")
async def send_changes(visit: ThisVisit) -> Response[Any]:
    """Say how each bill stands, at first of all and then of those that change: `{id: stamp}`.

    With `view`, the query of a list, a `standing` follows now and whenever the bills of that list change.
    """
    asked = visit.request.query_params
    bill_ids = _ids(asked.get("ids", ""))
    view = await _View.of(visit, asked["view"]) if "view" in asked else None
    first, presence = await _stamps(visit, bill_ids), Presence(visit.request, visit.gateway)

    async def events() -> AsyncIterator[bytes]:
        known, looks = first, 0
        yield _event(known)
        while True:
            if view and looks % LOOKS_A_STANDING == 0 and (stands := await view.news(visit)):
                yield b"event: standing\n" + _event(stands)
            await asyncio.sleep(PAUSE_SECONDS)
            if not await presence.lasts():
                return
            stamps = await _stamps(visit, bill_ids) if bill_ids else {}
            changed = {bill_id: stamp for bill_id, stamp in stamps.items() if known.get(bill_id) != stamp}
            known, looks = stamps, looks + 1
            # A comment is how a browser that has gone away is noticed.
            yield _event(changed) if changed else b":\n\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Stream(events(), media_type="text/event-stream", headers=headers)


@dataclass
class _View:
    """A list that somebody looks at: added up again only when the read model has heard something."""

    address: BillAddress
    selection: Selection
    currency: str
    heard: datetime | None = None
    known: dict[str, object] = field(default_factory=dict)

    @classmethod
    async def of(cls, visit: Visit, query: str) -> _View:
        """Read the query of a list once; raises 404 for an operator or package out of reach."""
        address = BillAddress.of(query)
        async with visit.reading() as tx:
            selection = await bill_queries.select(tx, visit.principal, address.filter(), visit.desk.today)
        return cls(address, selection, visit.formats.currency)

    async def news(self, visit: Visit) -> dict[str, object]:
        """Return how the list stands; nothing where it stands as it did."""
        async with visit.reading() as tx:
            heard = await bill_store.as_of(tx)
            if heard is not None and heard == self.heard:
                return {}
            sums = await bill_store.totals(tx, self.selection)
        wanted = self.selection
        stands = standing(totals(sums, wanted.statuses, wanted.overdue, self.currency, True), self.address)
        self.heard, before, self.known = heard, self.known, stands
        return stands if stands != before else {}


def _event(stamps: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(stamps)}\n\n".encode()


async def _stamps(visit: Visit, bill_ids: Sequence[UUID]) -> dict[str, str]:
    async with visit.reading() as tx:
        versions = await payment_link_store.versions_of_bills(tx, bill_ids)
        sent = await payment_link_queries.of_bills(tx, list(versions), visit.gateway.portals)
    return {
        str(each): stamp_of({"version": versions[each], "link": sent[each][0], "message": sent[each][1]})
        for each in versions
    }


def _ids(text: str) -> list[UUID]:
    """The ids of an address, 22 letters each: a page of bills fits where their usual spelling would not."""
    try:
        parts = [base64.urlsafe_b64decode(f"{part}==") for part in text.split(".") if part]
    except (binascii.Error, ValueError) as error:
        raise wrong("ids", "These are no ids.") from error
    if len(parts) > MOST_BILLS or any(len(part) != ID_BYTES for part in parts):
        raise wrong("ids", f"At most {MOST_BILLS} ids.")
    return [UUID(bytes=part) for part in parts]


@get("/bills/{bill_id:str}/content")
async def show_content(visit: ThisVisit, bill_id: PathId) -> Response[Any]:
    """The content of a bill's page as it is now."""
    return await changed_bill(visit, path_id(bill_id))


ROUTES = [send_changes, show_content]
